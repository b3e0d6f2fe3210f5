"""Make the tool kit importable; tests that talk to a running platform find it in `platform`."""
import os
import sys
import xmlrpc.client
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from shell import Shell

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

    @cached_property
    def _shell(self) -> Shell:
        return Shell(self.config, self.database, Path(self.log).with_suffix(".shell.log"))

    def shell(self, code: str) -> str:
        """Run code in an Odoo shell as superuser on the same database (commit yourself); return what it prints."""
        return self._shell.run(code)

    def close(self) -> None:
        if "_shell" in self.__dict__:
            self._shell.close()


@pytest.fixture(scope="session")
def platform():
    if "CTSP_DATABASE" not in os.environ:
        pytest.skip("run by scripts/test --system FOLDER")
    get = os.environ.__getitem__
    running = Platform(get("CTSP_URL"), get("CTSP_DATABASE"), get("CTSP_CONFIG"), get("CTSP_SERVER_LOG"))
    yield running
    running.close()
