"""What the entry points in scripts/ do."""
from . import database, venv
from .console import say


def setup() -> None:
    venv.ensure()
    server = database.development()
    server.start()
    say("安装完成。启动平台：scripts/run")
