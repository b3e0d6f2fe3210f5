"""Time stamps of final papers, from the cloud's service over real HTTP: there, away, lying."""
import base64
import json
from datetime import UTC, datetime, timedelta

from browser import Browser

from conftest import AUTHORITY

SEAL = """
import base64, io, json
from PyPDF2 import PdfWriter
from odoo.exceptions import UserError
writer, stream = PdfWriter(), io.BytesIO()
writer.add_blank_page(200, 200)
writer.write(stream)
try:
    sealed = env["ctsp.signer"].with_context(lang="zh_CN")._sign_pdf(stream.getvalue(), "检查报告（示例）")
    env.cr.commit()
    print("SEALED " + json.dumps(base64.b64encode(sealed).decode()))
except UserError as error:
    print("SEALED " + json.dumps({"refused": str(error)}))
"""
OBTAIN = """
env["ctsp.crypto.stamp"]._cron_owed()
env.cr.commit()
"""


def sealed(platform):
    line = next(line for line in platform.shell(SEAL).splitlines() if line.startswith("SEALED "))
    return json.loads(line.removeprefix("SEALED "))


def said(person, paper):
    """What the page 验签 says about a paper: its state, and the line of the seal."""
    check, message = person.call("ctsp.crypto.pdf", "create", {"file_name": "a.pdf", "data": paper})
    assert not message, message
    assert not person.call("ctsp.crypto.pdf", "action_verify", [check])[1]
    found = person.call("ctsp.crypto.pdf", "read", [check], ["state", "line_ids"])[0][0]
    lines = person.call("ctsp.crypto.pdf.line", "read", found["line_ids"], ["stamp", "good", "problem"])[0]
    return found["state"], lines[-1]


def test_attested_owed_and_lied_about(platform, cloud, server, facts, password):
    person = Browser(server)
    assert person.enter("cloud_officer", password) == ""
    state, line = said(person, sealed(platform))
    assert (state, line["stamp"][:len(AUTHORITY) + 3]) == ("good", f"由“{AUTHORITY}”"), line

    with cloud.simulator.fault(path="/v1/time-stamps", status=503):
        owed = sealed(platform)
    assert isinstance(owed, str), owed
    state, line = said(person, owed)
    assert (state, "待补" in line["stamp"]) == ("good", True), line
    platform.shell(OBTAIN)
    assert facts("SELECT state FROM ctsp_crypto_stamp") == [("held",)]
    state, line = said(person, owed)
    assert (state, "补取" in line["stamp"]) == ("good", True), line

    token = facts("SELECT token FROM ctsp_crypto_stamp")[0][0]
    for lie in (token, base64.b64encode(b"0").decode()):
        with cloud.simulator.fault(path="/v1/time-stamps", change=lambda answer, lie=lie: answer.update(token=lie)):
            assert "密码服务" in sealed(platform)["refused"], "nothing is sealed with a time stamp that does not hold"
    services = cloud.simulator.services
    true, services.time = services.time, lambda: datetime.now(UTC) - timedelta(days=1)
    assert "密码服务" in sealed(platform)["refused"], "nor with one of yesterday"
    services.time = true
    assert facts("SELECT 1 FROM ctsp_audit_log WHERE event = 'crypto.provider' AND detail::text LIKE '%%time stamp%%'")
    assert said(person, sealed(platform))[0] == "good"
