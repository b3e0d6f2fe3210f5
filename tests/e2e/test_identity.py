"""Certificates in a real browser: UKey, security gateway, what is refused (test_signing.py: a certificate's life)."""
import json
import re
from datetime import timedelta

from identities import AUDITOR, AUTHORITY, by_file, comes_in, refused
from playwright.sync_api import expect

SIGN_IN = "/ctsp/auth/certificate"
REASONS = ("证书已过期", "证书签发机构不受信任", "签名无效", "非本次登录的应答",
           "网关签名无效", "身份信息已失效", "证书未绑定账号", "重复请求")


def through_gateway(visit, identity, said, believed=False):
    """Come through the gateway, which says who it is; ``said``: what is wrong with that."""
    page, gateway = visit().page, identity.gateway
    known = {"key": gateway.key, "late": 0, "repeat": False, "holder": identity.bound[0]}
    vars(gateway).update(known | said)
    page.goto(f"{gateway.url}/web/login")
    vars(gateway).update(known)
    if believed:
        return comes_in(page)
    return expect(page.locator("form.oe_login_form .alert-danger")).to_contain_text(re.compile("未被接受|未成功"))


def test_ukey(visit, identity):
    certificate, pair = identity.bound
    identity.middleware.keys["1"] = (certificate, pair.key)
    officer = visit()
    officer.page.goto("/web/login")
    officer.page.click("[data-ctsp-way=certificate]")
    officer.page.click("[data-ctsp-read]")
    expect(officer.page.locator("[name=certificate] option")).to_have_count(1)
    officer.shot("identity-sign-in")
    officer.page.click("[data-ctsp-go]")
    comes_in(officer.page)


def test_attempts_are_refused_and_logged(visit, identity):
    """Expired, foreign, forged, replayed, at the sign-in page and through the gateway: the log says so, and why."""
    page = visit().page
    for bad in (
        identity.make("孙示例（示例）", not_before=identity.now - timedelta(days=20), days=10),
        identity.make("孙示例（示例）", authority=identity.another(AUTHORITY)),
        (identity.bound[0], identity.make("孙示例（示例）")[1]),
    ):
        page.goto("/web/login")
        by_file(page, identity, bad)
        refused(page)
    with page.expect_request(f"**{SIGN_IN}") as sent:
        by_file(page, identity, identity.bound)
    comes_in(page)
    again = page.request.post(SIGN_IN, data=json.loads(sent.value.post_data)).json()["result"]
    assert "未成功" in again["error"]

    stranger = identity.make("孙示例（示例）", authority=identity.another("别处的 CA（示例）"))
    for said in ({"key": stranger[1].key}, {"late": 90}, {"holder": stranger[0]}):
        through_gateway(visit, identity, said)
    through_gateway(visit, identity, {}, believed=True)
    through_gateway(visit, identity, {"repeat": True})

    log = identity.enter(visit, AUDITOR).open("ctsp_audit.ctsp_audit_log_action_sign_in")
    for reason in REASONS:
        expect(log.page.locator("tr.o_data_row.text-danger", has_text=reason).first).to_be_visible()
    log.shot("identity-refused-log")
