"""The platform with the government cloud's services in the place of software keys, and the cloud played by a simulator.

CTSP_CLOUD_TURNS says how often the cloud goes and comes back in the long test: once in CI and by default, 20 times in
the whole drill: `CTSP_CLOUD_TURNS=20 scripts/test --system cloud`.
"""
import base64
import json
import os
import secrets
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from kit import serve
from victim import Facts, Victim

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "crypto" / "src"), str(ROOT / "crypto" / "tests")]

from simulator import Simulator  # noqa: E402
from simulator.services import secret_key  # noqa: E402

TURNS = int(os.environ.get("CTSP_CLOUD_TURNS", "1"))
FILINGS = 6 + 2 * TURNS
#: What lies in the cloud from the second version on: purpose → name of the key there.
SIGNED = {"integrity.sign": "ctsp-sign", "audit.seal": "ctsp-seal", "document.sign": "ctsp-paper"}
CODED = {"auth.password": "ctsp-password", "integrity.mac": "ctsp-mac"}
CONFIGURATION = """
[providers.cloud]
kind = "cloud"
signatures = {{ url = "{url}/signature", app = "ctsp", secret = {{ file = "{secret}" }}, {patience} }}
data = {{ url = "{url}/data", app = "ctsp", secret = {{ file = "{secret}" }}, {patience} }}
stamper = "{stamper}"
authority = "{authority}"
probe = {{ signer = {{ locator = "ctsp-sign", version = 1 }}, macer = {{ locator = "ctsp-mac", version = 1 }} }}
[ports]
default = "standard"
signer = "cloud"
macer = "cloud"
time_stamper = "cloud"
certificate_verifier = "cloud"
"""
AUTHORITY = "示例时间戳服务机构"
PATIENCE = "read_timeout = 5.0, deadline = 8.0, attempts = 2, failures = 3, rest = 1.0"
MAKE = """
import json
people = env["res.users"].with_context(no_reset_password=True, tracking_disable=True)
officer = people.create({{"login": "cloud_officer", "name": "cloud_officer", "lang": "zh_CN", "tz": "Asia/Shanghai",
    "group_ids": [(6, 0, env.ref("ctsp_base.group_filing_officer").ids)]}})
officer.password = "{password}"
item = env["ctsp.dictionary.item"]._item
filings = env["ctsp.filing"]
for number in range({count}):
    institution = env["ctsp.institution"].create({{
        "name": f"示例云医院{{number}}（示例）", "record_no": f"药临床机构备字20990001{{number:02}}", "state": "filed",
        "level_id": item("institution_level", "3a").id, "kind_id": item("institution_kind", "general").id,
        "district_id": env.ref("ctsp_base.district_310106").id, "address": "上海市静安区示例路9号（示例）",
        "office_phone": "021-55550009"}})
    filing = env["ctsp.filing"].create({{
        "kind": "change", "institution_id": institution.id, "reason": "示例", "contact_name": "冯示例（示例）",
        "contact_phone": "13800000009"}})
    filing._set_state("in_review", "示例")
    filings += filing
for code, name in {signed}.items():
    env["ctsp.crypto.purpose"].search([("code", "=", code)]).locators = f"-,{{name}}@1"
queue = env.ref("ctsp_crypto.ir_cron_sign_queued")
env["ir.cron"].search([("id", "!=", queue.id)]).nextcall = "2099-01-01"
env.cr.commit()
print("FILINGS " + json.dumps(filings.ids))
"""


class Cloud:
    """The simulator and what the platform is told of it."""

    def __init__(self, folder: Path):
        self.secret = secrets.token_hex(32).encode()
        self.simulator = Simulator(self.secret, serve.free_port())  # goes away and comes back there
        services = self.simulator.services
        for name in SIGNED.values():
            services.pairs[name, 1] = services.provider.generate_key_pair()
        for name in CODED.values():
            services.symmetric[name, 1] = secret_key(secrets.token_bytes(32))
        secret = folder / "secret"
        secret.write_bytes(self.secret)
        secret.chmod(0o600)
        self.configuration = folder / "crypto.toml"
        self.configuration.write_text(CONFIGURATION.format(
            url=self.simulator.url, secret=secret, patience=PATIENCE, authority=AUTHORITY,
            stamper=services.provider.public_key(services.stamper).point.hex()), encoding="utf-8")

    @contextmanager
    def down(self):
        """Nobody listens inside the block; afterwards it has been started again at the same address."""
        old, port = self.simulator, urlsplit(self.simulator.url).port
        with old.fault(drop=True):  # connections that are open
            old.close()
            yield
        self.simulator = Simulator(self.secret, port)
        self.simulator.services, self.simulator.complaints = old.services, old.complaints

    def slow(self, seconds: float):
        return self.simulator.fault(delay=seconds)

    def failing(self, status: int):
        return self.simulator.fault(status=status)

    def lying(self, path: str, name: str):
        """Each `name` in an answer at `path` has one byte changed, as if another key had been used."""
        def spoil(answer):
            for item in answer["items"]:
                value = bytearray(base64.b64decode(item[name]))
                value[-1] ^= 1
                item[name] = base64.b64encode(value).decode()

        return self.simulator.fault(path=path, change=spoil)


@pytest.fixture(scope="session")
def cloud(tmp_path_factory):
    """The cloud; servers and shells started from now on use it."""
    made = Cloud(tmp_path_factory.mktemp("cloud"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CTSP_CRYPTO_CONFIG", str(made.configuration))
        yield made
    made.simulator.close()
    assert not made.simulator.complaints


@pytest.fixture(scope="session")
def facts(platform):
    asked = Facts(platform)
    yield asked
    asked.connection.close()


@pytest.fixture(scope="session")
def password():
    return secrets.token_urlsafe(12)


@pytest.fixture(scope="session")
def filings(platform, cloud, password):
    """Filings in review, one for each decision; from here on signatures are made in the cloud."""
    printed = platform.shell(MAKE.format(password=password, count=FILINGS, signed=SIGNED))
    line = next(line for line in printed.splitlines() if line.startswith("FILINGS "))
    return iter(json.loads(line.removeprefix("FILINGS ")))


@pytest.fixture(scope="session")
def server(platform, filings):
    running = Victim(platform, cron=True)
    try:
        yield running.start()
    finally:
        running.kill()
