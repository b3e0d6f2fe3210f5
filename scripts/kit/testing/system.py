"""Tests against a running platform: a server on a copy of the sample database, pytest outside it."""
import os
import time
from contextlib import contextmanager
from pathlib import Path

from .. import paths, serve
from ..front_door import FrontDoor
from . import logs, stages
from .lab import Lab
from .results import Outcome

# Folders of tests/ that need no server; helpers without test files are skipped by themselves.
WITHOUT_SERVER = ("architecture", "scripts")
SHOWN = 12


def folders() -> list[Path]:
    """tests/e2e and every other folder whose tests want a platform to talk to."""
    found = {path.parent for path in (paths.ROOT / "tests").glob("*/test_*.py")}
    return sorted(path for path in found if path.name not in WITHOUT_SERVER)


@contextmanager
def front_door(folder: Path, port: int):
    """Give the address to test at: the server's own; with CTSP_FRONT_DOOR=1 that of nginx before it, by TLS."""
    if not os.environ.get("CTSP_FRONT_DOOR"):
        yield f"http://{serve.HOST}:{port}"
        return
    place = paths.VAR / "front-door" / folder.name
    place.mkdir(parents=True, exist_ok=True)
    nginx = FrontDoor(place, port, port, serve.free_port(), serve.free_port())
    nginx.start()
    try:
        yield f"https://{serve.HOST}:{nginx.front}"
    finally:
        nginx.stop()


def run(lab: Lab, folder: Path, *options: str) -> Outcome:
    started = time.monotonic()
    with lab.copy(lab.sample_template()) as database:
        log = lab.log(f"system-{folder.name}-{database}")
        log.unlink(missing_ok=True)
        port = serve.free_port()
        server = serve.start(lab.odoo, database, port, "--max-cron-threads", "0", log=log)
        try:
            serve.wait_until_ready(server, port, log=log)
            with front_door(folder, port) as url:
                outcome = stages.pytest(
                    f"tests/{folder.name}", folder, *options, CTSP_URL=url, CTSP_DATABASE=database,
                    CTSP_CONFIG=str(lab.odoo.config), CTSP_SERVER_LOG=str(log),
                    CTSP_EXCHANGE_LOOPBACK="1",
                )
        finally:
            serve.stop(server)
        found = logs.complaints(log.read_text(encoding="utf-8", errors="replace").splitlines(), scope="system")
        if found:
            outcome.fail(f"tests/{folder.name}：服务器日志中有 {len(found)} 条未预期的警告或错误", *found[:SHOWN])
        if not outcome.ok:
            outcome.details.append(f"服务器日志：{log}")
    outcome.seconds = time.monotonic() - started
    return outcome
