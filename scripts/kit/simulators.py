"""The other systems, played on this machine (tests/simulators), for watching tasks come in and results go out."""
import subprocess
from contextlib import contextmanager

from . import paths, process, serve, venv
from .console import say, step
from .odoo import Odoo

KEYS = paths.VAR / "simulators.json"
LOG = paths.LOGS / "simulators.log"
PROGRAM = paths.ROOT / "tests" / "simulators" / "admin_system.py"


@contextmanager
def beside(odoo: Odoo, database: str, port: int):
    """Connect the database to the simulated inspection system, and keep that running meanwhile."""
    own = serve.free_port()
    with step("连接模拟系统"):
        odoo.script("simulators", database, LOG, url=f"http://{serve.HOST}:{own}/api", file=str(KEYS))
    command = [venv.PYTHON, PROGRAM, "--platform", f"http://{serve.HOST}:{port}", "--keys", KEYS, "--port", str(own)]
    with LOG.open("a", encoding="utf-8") as stream:
        simulator = subprocess.Popen(
            [str(part) for part in command], stdout=stream, stderr=subprocess.STDOUT, env=process.clean_env(),
            preexec_fn=serve.die_with_parent)  # noqa: PLW1509 (only a system call is made)
    say(f"行政检查系统（模拟）：http://{serve.HOST}:{own}")
    try:
        yield
    finally:
        serve.stop(simulator)
