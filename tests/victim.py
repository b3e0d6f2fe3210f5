"""A server of one's own on the tests' database, that can be killed, started again and given another environment."""
import configparser
import ctypes
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
import xmlrpc.client
from pathlib import Path

import psycopg2
from kit import serve

ROOT = Path(__file__).parents[1]
PARENT_DEATH_SIGNAL = 1


def die_with_parent():
    """A test run that is killed leaves no server behind."""
    ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)


class Victim:
    """An Odoo server on the tests' database that can be killed and started again.

    :param workers: processes for requests, as in production; 0: one process for everything
    """

    def __init__(self, platform, cron: bool = False, workers: int = 0):
        self.platform, self.cron, self.workers, self.process = platform, cron, workers, None
        self.log = Path(platform.log).with_suffix(".victim.log")

    def start(self) -> "Victim":
        self.port = serve.free_port()
        with self.log.open("a", encoding="utf-8") as stream:
            self.process = subprocess.Popen(
                [ROOT / ".venv/bin/python", ROOT / ".venv/bin/odoo", "server", "-c", self.platform.config,
                 "-d", self.platform.database, "--http-port", str(self.port),
                 "--max-cron-threads", "1" if self.cron else "0",
                 *(("--workers", str(self.workers), "--gevent-port", str(serve.free_port())) if self.workers else ())],
                cwd=ROOT / "var", stdout=stream, stderr=subprocess.STDOUT, start_new_session=True,
                preexec_fn=die_with_parent)  # noqa: PLW1509 (only a system call is made)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/web/health", timeout=5):
                    return self
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        raise AssertionError(f"the server did not start, see {self.log}")

    def kill(self) -> None:
        """kill -9, its workers as well: no handler runs, nothing is tidied up."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def kill_worker(self, chance) -> None:
        """kill -9 for one of its processes, of requests or of scheduled work; the server starts another."""
        if found := children(self.process.pid):
            os.kill(chance.choice(found), signal.SIGKILL)

    def rpc(self, login: str, password: str):
        return remote(f"http://127.0.0.1:{self.port}", self.platform.database, login, password)


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def remote(url: str, database: str, login: str, password: str):
    """Sign in; return execute(model, method, ids, …) that speaks Chinese, as the web client does."""
    user = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common").authenticate(database, login, password, {})
    assert user, f"{login} cannot sign in"

    def execute(model, method, *arguments, **keywords):
        proxy = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/object", allow_none=True)  # one connection for each call
        return proxy.execute_kw(
            database, user, password, model, method, arguments, {"context": {"lang": "zh_CN"}, **keywords})

    return execute


class Facts:
    """What the database says, asked without Odoo."""

    def __init__(self, platform):
        self.platform = platform
        self.connect()

    def connect(self) -> None:
        parser = configparser.ConfigParser(interpolation=None)
        parser.read(self.platform.config, encoding="utf-8")
        options = parser["options"]
        self.connection = psycopg2.connect(
            host=options["db_host"], port=options.get("db_port"), user=options["db_user"],
            password=options.get("db_password"), dbname=self.platform.database)
        self.connection.autocommit = True

    def __call__(self, sql: str, *values):
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    def wait_for_quiet(self) -> None:
        """Until PostgreSQL noticed that its clients are dead."""
        for _second in range(150):
            if not self("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
                        "AND state <> 'idle'"):
                return
            time.sleep(0.2)
        raise AssertionError("a transaction outlived its server")
