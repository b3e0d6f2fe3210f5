"""What certificates need beside the platform: a test CA, the middleware of a UKey, a security gateway; and people."""
import base64
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "crypto" / "src"), str(ROOT / "tests")]

import world  # noqa: E402
from playwright.sync_api import expect  # noqa: E402
from simulators.gateway import Gateway  # noqa: E402
from simulators.ukey import Middleware  # noqa: E402

from ctsp_crypto.certificates.authority import Authority, Request  # noqa: E402
from ctsp_crypto.encodings import keys  # noqa: E402
from ctsp_crypto.providers.standard import StandardProvider  # noqa: E402

OFFICER, KEEPER, AUDITOR = "identity_officer", "identity_keeper", "identity_auditor"
ROLES = {OFFICER: "filing_officer", KEEPER: "security_admin", AUDITOR: "audit_admin"}
AUTHORITY = "测试根 CA（示例）"
CERTIFICATES = "ctsp_auth.ctsp_auth_certificate_action"
SET_UP = """
env["ctsp.auth.authority"].create({{"certificate": "{root}"}})
for login, role, password in {people}:
    users = env["res.users"].with_context(no_reset_password=True, tracking_disable=True)
    user = users.search([("login", "=", login)]) or users.create({{
        "login": login, "name": login, "lang": "zh_CN", "tz": "Asia/Shanghai",
        "group_ids": [(6, 0, env.ref("ctsp_base.group_" + role).ids)]}})
    user.password = password
user = env["res.users"].search([("login", "=", "{officer}")])
env["ctsp.auth.certificate"].create({{"user_id": user.id, "content": "{certificate}", "state": "active"}})
env["ctsp.auth.gateway"].search([]).active = False
env["ctsp.auth.gateway"].create({{
    "name": "测试网关（示例）", "addresses": "127.0.0.1", "certificate": "{gateway}"}})
for code, value in (("key_adapters", '["middleware", "software"]'), ("ukey_url", "{middleware}")):
    env["ctsp.parameter"].search([("code", "=", "auth." + code)]).value_ids.write({{"value": value}})
env.cr.commit()
env.registry.signal_changes()
"""


class Identity:
    """A test CA, a UKey middleware and a gateway beside the platform; `bound`: the officer's certificate and key."""

    def __init__(self, platform):
        self.provider, self.now = StandardProvider(), datetime.now(UTC)
        self.authority = self.another(AUTHORITY)
        certificate, pair = self.make("安全认证网关（示例）")
        self.gateway = Gateway(platform.url, pair.key, self.provider)
        self.middleware = Middleware(self.provider)
        self.bound = self.make(f"李{world.label()}（示例）")
        self.passwords = {login: secrets.token_urlsafe(12) for login in ROLES}
        platform.shell(SET_UP.format(
            root=encode(self.authority.certificate.der), gateway=encode(certificate.der),
            middleware=self.middleware.url, officer=OFFICER, certificate=encode(self.bound[0].der),
            people=[(login, role, self.passwords[login]) for login, role in ROLES.items()]))

    def another(self, name):
        """An authority; the platform believes the first alone."""
        return Authority.root(self.provider, self.now, name=name)

    def make(self, name, authority=None, **more):
        request = Request([("C", "CN"), ("O", "示例单位"), ("CN", name)], **more)
        return (authority or self.authority).issue_with_key(request)

    def file(self, key) -> dict:
        """The key as a file that the software key of tests reads."""
        certificate, pair = key
        content = certificate.pem() + keys.write_private(pair.key).reveal()
        return {"name": "测试密钥.pem", "mimeType": "application/x-pem-file", "buffer": content}

    def enter(self, visit, login):
        return visit().sign_in(login, self.passwords[login])

    def close(self):
        self.gateway.close()
        self.middleware.close()


def by_file(page, identity, key):
    """Try to sign in with a key file."""
    page.click("[data-ctsp-way=certificate]")
    page.select_option("[name=adapter]", "software")
    page.set_input_files("[name=key_file]", identity.file(key))
    page.click("[data-ctsp-go]")


def refused(page):
    expect(page.locator("[data-ctsp-panel] [role=alert]")).to_contain_text("证书登录未成功")


def comes_in(page):
    expect(page.locator(".o_main_navbar")).to_be_visible()


def encode(data: bytes) -> str:
    return base64.b64encode(data).decode()
