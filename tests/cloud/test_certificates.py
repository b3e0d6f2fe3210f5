"""The cloud is asked about whoever signs in by certificate, over real HTTP: accepted, revoked there, away, lying."""
import base64
import time
from datetime import UTC, datetime

import pytest
from browser import Browser

from ctsp_crypto.certificates.authority import Authority, Request
from ctsp_crypto.providers.standard import StandardProvider

PROVIDER = StandardProvider()
PATH = "/v1/certificates/verifications"
BIND = """
env["ctsp.auth.authority"].create({{"certificate": "{root}"}})
user = env["res.users"].with_context(no_reset_password=True, tracking_disable=True).create({{
    "login": "cloud_certified", "name": "云审核员（示例）", "lang": "zh_CN",
    "group_ids": [(6, 0, env.ref("ctsp_base.group_filing_officer").ids)]}})
env["ctsp.auth.certificate"].create({{"user_id": user.id, "content": "{certificate}", "state": "active"}})
env.cr.commit()
env.registry.signal_changes()
"""


@pytest.fixture(scope="module")
def mine(platform, cloud, server):
    authority = Authority.root(PROVIDER, datetime.now(UTC), name="测试根 CA（示例）")
    certificate, pair = authority.issue_with_key(Request([("C", "CN"), ("CN", "云审核员（示例）")]))
    cloud.simulator.services.certificates[certificate.fingerprint()] = True
    texts = {"root": authority.certificate.der, "certificate": certificate.der}
    platform.shell(BIND.format(**{name: base64.b64encode(der).decode() for name, der in texts.items()}))
    return certificate, pair


def test_sign_in_by_certificate(cloud, server, facts, mine):
    certificate, pair = mine

    def enter():
        return Browser(server).enter_by_key(certificate.der, pair.key, PROVIDER)

    accepted = cloud.simulator.services.certificates
    assert cloud.simulator.calls.count(PATH) == 1, "it was asked as the certificate was bound"
    asked = cloud.simulator.calls.count(PATH)
    assert enter() == ""
    assert cloud.simulator.calls.count(PATH) == asked + 1, "one call for each sign-in"

    accepted[certificate.fingerprint()] = False
    assert "证书" in enter(), "good here, revoked there"
    assert facts("SELECT 1 FROM ctsp_audit_log WHERE event = 'sign_in' AND detail::text LIKE '%%\"service\"%%'")

    accepted[certificate.fingerprint()] = True
    with cloud.simulator.fault(path=PATH, change=lambda answer: answer.update(serial="ff")):
        assert "稍后再试" in enter(), "a verdict about another certificate is none"
    with cloud.simulator.fault(path=PATH, status=503):
        assert "稍后再试" in enter()
    with cloud.down():
        assert "稍后再试" in enter()
    deadline = time.monotonic() + 60
    while said := enter():
        assert time.monotonic() < deadline, said
        time.sleep(0.5)
