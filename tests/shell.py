"""An Odoo shell that is ready: loading the platform takes seconds, a copy of a process that has done so takes none.

Each piece of code runs in a copy of its own, which begins with empty caches and a connection of its own and ends with
the code: what one leaves in memory no other sees.
"""
import json
import os
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]
READY = """
import json, os, sys, traceback
from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry

def run(wanted):
    for number, path in enumerate((wanted["said"], wanted["complained"]), 1):
        os.dup2(os.open(path, os.O_WRONLY), number)
    os.environ.clear()
    os.environ.update(wanted["environment"])
    registry = Registry({database!r}).check_signaling()
    registry.clear_all_caches()
    with registry.cursor() as cr:
        context = api.Environment(cr, SUPERUSER_ID, {{}})["res.users"].context_get()
        env = api.Environment(cr, SUPERUSER_ID, context)
        exec(wanted["code"], {{"env": env, "self": env.user, "__name__": "__main__"}})
        cr.rollback()

env.cr.close()
sql_db.close_all()
for line in os.fdopen({orders}):
    child = os.fork()
    if not child:
        code = 1
        try:
            run(json.loads(line))
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    os.write({answers}, b"%d\\n" % os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
os._exit(0)
"""


class Shell:
    """Runs code as the superuser; commit yourself."""

    def __init__(self, config: str, database: str, log: Path):
        (take, self.orders), (self.answers, give) = os.pipe(), os.pipe()
        code = READY.format(database=database, orders=take, answers=give)
        self.log = log
        with log.open("w", encoding="utf-8") as stream, tempfile.TemporaryFile("w+") as typed:
            typed.write(code)
            typed.seek(0)
            self.process = subprocess.Popen(
                [ROOT / ".venv/bin/python", ROOT / ".venv/bin/odoo", "shell", "-c", config, "-d", database,
                 "--no-http", "--log-level", "error"],
                stdin=typed, stdout=stream, stderr=stream, cwd=ROOT / "var", pass_fds=(take, give))
        os.close(take)
        os.close(give)

    def run(self, code: str) -> str:
        """Return what the code prints; what it raises fails the test."""
        with tempfile.NamedTemporaryFile("w+") as said, tempfile.NamedTemporaryFile("w+") as complained:
            wanted = {"code": code, "said": said.name, "complained": complained.name, "environment": dict(os.environ)}
            with suppress(BrokenPipeError):  # it ended: told below
                os.write(self.orders, json.dumps(wanted).encode() + b"\n")
            ended = os.read(self.answers, 20)
            assert ended == b"0\n", (complained.read() or self.complaint())[-3000:]
            return said.read()

    def complaint(self) -> str:
        return self.log.read_text(encoding="utf-8") or "the shell ended"

    def close(self) -> None:
        os.close(self.orders)
        self.process.wait()
        os.close(self.answers)
