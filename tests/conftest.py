"""Make the tool kit importable; tests that talk to a running platform find it in `platform`."""
import os
import subprocess
import sys
import xmlrpc.client
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "scripts"))


@dataclass(frozen=True)
class Platform:
    """The server that scripts/test started for this folder, on a throw-away copy of the sample database."""

    url: str
    database: str
    config: str
    log: str

    def rpc(self, login: str = "admin", password: str = "admin"):
        """Sign in by XML-RPC; return execute(model, method, *arguments, **keywords)."""
        user = xmlrpc.client.ServerProxy(f"{self.url}/xmlrpc/2/common").authenticate(
            self.database, login, password, {}
        )
        assert user, f"{login} cannot sign in"
        proxy = xmlrpc.client.ServerProxy(f"{self.url}/xmlrpc/2/object", allow_none=True)

        def execute(model: str, method: str, *arguments, **keywords):
            return proxy.execute_kw(self.database, user, password, model, method, arguments, keywords)

        return execute

    def shell(self, code: str) -> str:
        """Run code in an Odoo shell as superuser on the same database (commit yourself); return what it prints."""
        done = subprocess.run(
            [ROOT / ".venv/bin/python", ROOT / ".venv/bin/odoo", "shell", "-c", self.config, "-d", self.database,
             "--no-http", "--log-level", "error"],
            input=code, capture_output=True, text=True, cwd=ROOT / "var", check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout


@pytest.fixture(scope="session")
def platform() -> Platform:
    if "CTSP_DATABASE" not in os.environ:
        pytest.skip("run by scripts/test --system FOLDER")
    get = os.environ.__getitem__
    return Platform(get("CTSP_URL"), get("CTSP_DATABASE"), get("CTSP_CONFIG"), get("CTSP_SERVER_LOG"))
