"""The other systems, played on this machine (tests/simulators), for watching tasks come in and results go out."""
import subprocess
from contextlib import ExitStack, contextmanager

from . import paths, process, serve, venv
from .console import say, step
from .odoo import Odoo

LOG = paths.LOGS / "simulators.log"
SYSTEMS = {
    "ctsp_connector_admin.backend_admin": ("admin_system", "行政检查系统"),
    "ctsp_connector_business.backend_business": ("business_platform", "综合业务平台"),
    "ctsp_connector_app.backend_app": ("mobile_app", "药品移动监管APP")}
"""backend → its program, its name"""


@contextmanager
def beside(odoo: Odoo, database: str, port: int):
    """Connect the database to the simulated systems, and keep those running meanwhile."""
    with ExitStack() as running:
        for backend, (program, name) in SYSTEMS.items():
            running.enter_context(_one(odoo, database, port, backend, program, name))
        yield


@contextmanager
def _one(odoo, database, port, backend, program, name):
    own, keys = serve.free_port(), paths.VAR / f"{program}.json"
    with step(f"连接模拟系统：{name}"):
        odoo.script("simulators", database, LOG, backend=backend, url=f"http://{serve.HOST}:{own}/api", file=str(keys))
    command = [venv.PYTHON, paths.ROOT / "tests" / "simulators" / f"{program}.py",
               "--platform", f"http://{serve.HOST}:{port}", "--keys", keys, "--port", own]
    with LOG.open("a", encoding="utf-8") as stream:
        simulator = subprocess.Popen(
            [str(part) for part in command], stdout=stream, stderr=subprocess.STDOUT, env=process.clean_env(),
            preexec_fn=serve.die_with_parent)  # noqa: PLW1509 (only a system call is made)
    say(f"{name}（模拟）：http://{serve.HOST}:{own}")
    try:
        yield
    finally:
        serve.stop(simulator)
