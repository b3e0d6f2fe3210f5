"""Certificates in a real browser: bind, have confirmed, sign in, revoke, be refused; UKey and security gateway."""
import json
import re
from datetime import timedelta

import world
from identities import AUDITOR, AUTHORITY, CERTIFICATES, KEEPER, OFFICER
from playwright.sync_api import expect

PAGE = "/ctsp/outside/security"
SIGN_IN = "/ctsp/auth/certificate"
REASONS = ("证书已过期", "证书签发机构不受信任", "签名无效", "非本次登录的应答",
           "网关签名无效", "身份信息已失效", "证书未绑定账号", "重复请求")


def by_file(page, identity, key):
    page.click("[data-ctsp-way=certificate]")
    page.select_option("[name=adapter]", "software")
    page.set_input_files("[name=key_file]", identity.file(key))
    page.click("[data-ctsp-go]")


def refused(page):
    expect(page.locator("[data-ctsp-panel] [role=alert]")).to_contain_text("证书登录未成功")


def comes_in(page):
    expect(page.locator(".o_main_navbar")).to_be_visible()


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


def test_bind_sign_in_revoke(visit, identity):
    name = f"张{world.label()}（示例）"
    key = identity.make(name)
    officer = identity.enter(visit, OFFICER)
    page = officer.page
    page.goto(PAGE)
    page.select_option("[name=adapter]", "software")
    page.set_input_files("[name=key_file]", identity.file(key))
    page.click("[data-ctsp-go]")
    expect(page.locator(".alert-success")).to_contain_text("安全管理员")
    officer.shot("identity-account-page")

    stranger = visit()
    stranger.page.goto("/web/login")
    by_file(stranger.page, identity, key)
    refused(stranger.page)
    stranger.shot("identity-not-confirmed")

    keeper = identity.enter(visit, KEEPER).open(CERTIFICATES)
    keeper.page.locator("tr.o_data_row", has_text=name).first.click()
    keeper.shot("identity-confirm")
    keeper.press("确认")
    expect(keeper.state()).to_contain_text("使用中")

    stranger.page.reload()
    by_file(stranger.page, identity, key)
    comes_in(stranger.page)

    keeper.press("吊销")
    keeper.dialog().press("确定")
    expect(keeper.page.locator("button[name=action_revoke]")).to_have_count(0)
    stranger.page.goto("/odoo")
    expect(stranger.page.locator("form.oe_login_form")).to_have_count(1)
    by_file(stranger.page, identity, key)
    refused(stranger.page)


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
