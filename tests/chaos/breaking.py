"""What is done to the platform while messages go to and fro."""
import os
import signal
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import psycopg2
from kit import database
from victim import children

TIME_PASSES = """UPDATE ctsp_exchange_message SET lease_until = now() AT TIME ZONE 'UTC'
                  WHERE state = 'working' RETURNING id"""
CUT = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND pid <> pg_backend_pid()"""


class Breaking:
    """Breaks one thing at a time: the server as a whole, one of its workers, the writer, PostgreSQL.

    What a dead process held is free at once afterwards: a lease is ten minutes, and nobody waits for that here.
    """

    GENTLE = ("worker", "connections", "writer", "server")
    """each once in CI, where others use the same PostgreSQL"""
    HARD = ("worker", "worker", "writer", "server", "connections", "backend", "postgresql")
    """one of them every few messages in the whole drill"""

    def __init__(self, platform, facts, server, system, writer, chance):
        self.platform, self.facts, self.server, self.system = platform, facts, server, system
        self.writer, self.chance, self.done = writer, chance, Counter()

    def safe(self) -> None:
        """Have PostgreSQL keep what it confirmed, as in production; the tests' own cluster need not.

        The checkpoint is for databases copied from templates: until one, what their sequences gave out is not in the
        write-ahead log (the copy believes it is), and a crash would have them give the same numbers again.
        """
        server = database.testing()
        server.psql(f'ALTER DATABASE "{self.platform.database}" SET synchronous_commit = on')
        server.psql("CHECKPOINT")

    def __call__(self, what: str) -> None:
        getattr(self, f"break_{what}")()
        self.done[what] += 1
        self.let_time_pass()

    def let_time_pass(self) -> None:
        """Have every lease run out."""
        while True:
            with suppress(psycopg2.errors.DeadlockDetected):
                self.facts(TIME_PASSES)
                return

    def break_worker(self) -> None:
        self.server.kill_worker(self.chance)

    def break_writer(self) -> None:
        self.writer.kill()

    def break_server(self) -> None:
        self.server.kill()
        self._start()

    def supervise(self) -> None:
        """Start a server that ended by itself, as systemd does: Odoo's ends when it has to replace a worker while
        PostgreSQL is away.
        """
        if self.server.process.poll() is not None:
            self.done["server ended by itself"] += 1
            self._start()
            self.let_time_pass()

    def _start(self):
        self.system.platform = f"http://127.0.0.1:{self.server.start().port}"

    def break_connections(self) -> None:
        """Every connection to the database breaks, in the middle of whatever it is doing."""
        self.facts(CUT)

    def break_backend(self) -> None:
        """kill -9 for one process of PostgreSQL's: it stops all others, drops what they did and recovers."""
        family = children(database.testing().cluster.process)
        os.kill(self.facts.connection.get_backend_pid(), signal.SIGKILL)
        _wait_until_gone(family)  # until it notices, it answers as if nothing had happened
        self._back()

    def break_postgresql(self) -> None:
        """kill -9 for PostgreSQL itself; started again when its processes are gone."""
        cluster = database.testing().cluster
        pid = cluster.process
        family = children(pid)
        os.kill(pid, signal.SIGKILL)
        _wait_until_gone([pid, *family])
        cluster.join()
        self._back()

    def _back(self):
        """Wait until PostgreSQL has recovered."""
        until = time.monotonic() + 120
        while time.monotonic() < until:
            with suppress(psycopg2.Error):
                self.facts.connect()
                self.facts("SELECT 1")
                return
            time.sleep(0.2)
        raise AssertionError("PostgreSQL does not come back")


def _wait_until_gone(processes) -> None:
    until = time.monotonic() + 60
    while any(map(_alive, processes)):
        assert time.monotonic() < until, "PostgreSQL's processes do not end"
        time.sleep(0.1)


def _alive(pid: int) -> bool:
    """Say whether a process is there and no mere zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
