"""Certificates in a real browser: bind, have confirmed, sign in, revoke, be refused; UKey and security gateway."""
import base64
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import world
from playwright.sync_api import expect

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "crypto" / "src"), str(ROOT / "tests")]

from simulators.gateway import Gateway  # noqa: E402
from simulators.ukey import Middleware  # noqa: E402

from ctsp_crypto.certificates.authority import Authority, Request  # noqa: E402
from ctsp_crypto.encodings import keys  # noqa: E402
from ctsp_crypto.providers.standard import StandardProvider  # noqa: E402

OFFICER, KEEPER = "identity_officer", "identity_keeper"
PAGE = "/ctsp/outside/security"
SET_UP = """
env["ctsp.auth.authority"].create({{"certificate": "{root}"}})
for login, role, password in {people}:
    users = env["res.users"].with_context(no_reset_password=True, tracking_disable=True)
    user = users.search([("login", "=", login)]) or users.create({{
        "login": login, "name": login, "lang": "zh_CN", "tz": "Asia/Shanghai",
        "group_ids": [(6, 0, env.ref("ctsp_base.group_" + role).ids)]}})
    user.password = password
env["ctsp.auth.gateway"].search([]).active = False
env["ctsp.auth.gateway"].create({{
    "name": "测试网关（示例）", "addresses": "127.0.0.1", "certificate": "{gateway}"}})
for code, value in (("key_adapters", '["middleware", "software"]'), ("ukey_url", "{middleware}")):
    env["ctsp.parameter"].search([("code", "=", "auth." + code)]).value_ids.write({{"value": value}})
env.cr.commit()
env.registry.signal_changes()
"""


class Identity:
    """A test CA, a UKey middleware and a gateway beside the platform."""

    def __init__(self, platform):
        self.provider, now = StandardProvider(), datetime.now(UTC)
        self.authority = Authority.root(self.provider, now, name="测试根 CA（示例）")
        certificate, pair = self.make("安全认证网关（示例）")
        self.gateway = Gateway(platform.url, pair.key, self.provider)
        self.middleware = Middleware(self.provider)
        root, gateway = encode(self.authority.certificate.der), encode(certificate.der)
        self.passwords = {OFFICER: secrets.token_urlsafe(12), KEEPER: secrets.token_urlsafe(12)}
        platform.shell(SET_UP.format(
            root=root, gateway=gateway, middleware=self.middleware.url,
            people=[(OFFICER, "filing_officer", self.passwords[OFFICER]),
                    (KEEPER, "security_admin", self.passwords[KEEPER])]))

    def make(self, name):
        return self.authority.issue_with_key(Request([("C", "CN"), ("O", "示例单位"), ("CN", name)]))

    def file(self, key) -> dict:
        """The key as a file that the software key of tests reads."""
        certificate, pair = key
        content = certificate.pem() + keys.write_private(pair.key).reveal()
        return {"name": "测试密钥.pem", "mimeType": "application/x-pem-file", "buffer": content}

    def close(self):
        self.gateway.close()
        self.middleware.close()


def encode(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.fixture(scope="module")
def identity(platform):
    made = Identity(platform)
    yield made
    made.close()


def by_file(page, identity, key):
    page.click("[data-ctsp-way=certificate]")
    page.select_option("[name=adapter]", "software")
    page.set_input_files("[name=key_file]", identity.file(key))
    page.click("[data-ctsp-go]")


def refused(page):
    expect(page.locator("[data-ctsp-panel] [role=alert]")).to_contain_text("证书登录未成功")


def test_bind_sign_in_revoke(visit, identity):
    name = f"张{world.label()}（示例）"
    key = identity.make(name)
    officer = visit().sign_in(OFFICER, identity.passwords[OFFICER])
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

    keeper = visit().sign_in(KEEPER, identity.passwords[KEEPER]).open("ctsp_auth.ctsp_auth_certificate_action")
    keeper.page.locator("tr.o_data_row", has_text=name).first.click()
    keeper.shot("identity-confirm")
    keeper.press("确认")
    expect(keeper.state()).to_contain_text("使用中")

    stranger.page.reload()
    by_file(stranger.page, identity, key)
    expect(stranger.page.locator(".o_main_navbar")).to_be_visible()

    keeper.press("吊销")
    keeper.dialog().press("确定")
    expect(keeper.page.locator("button[name=action_revoke]")).to_have_count(0)
    stranger.page.goto("/odoo")
    expect(stranger.page.locator("form.oe_login_form")).to_have_count(1)
    by_file(stranger.page, identity, key)
    refused(stranger.page)


def test_ukey_and_gateway(visit, identity, platform):
    certificate, pair = identity.make("李示例（示例）")
    platform.shell(f"""
user = env["res.users"].search([("login", "=", "{OFFICER}")])
env["ctsp.auth.certificate"].create({{"user_id": user.id, "content": "{encode(certificate.der)}", "state": "active"}})
env.cr.commit()
""")
    identity.middleware.keys["1"] = (certificate, pair.key)
    officer = visit()
    officer.page.goto("/web/login")
    officer.page.click("[data-ctsp-way=certificate]")
    officer.page.click("[data-ctsp-read]")
    expect(officer.page.locator("[name=certificate] option")).to_have_count(1)
    officer.shot("identity-sign-in")
    officer.page.click("[data-ctsp-go]")
    expect(officer.page.locator(".o_main_navbar")).to_be_visible()

    identity.gateway.holder = certificate
    through = visit()
    through.page.goto(f"{identity.gateway.url}/web/login")
    expect(through.page.locator(".o_main_navbar")).to_be_visible()

    identity.gateway.repeat = True
    again = visit()
    again.page.goto(f"{identity.gateway.url}/web/login")
    expect(again.page.locator("form.oe_login_form .alert-danger")).to_contain_text("未成功")
    again.shot("identity-gateway-replayed")
