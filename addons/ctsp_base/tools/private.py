"""Files that hold data in clear for a moment: in a folder of this process alone, which no other account may enter.

Each is removed with the work it was for; what a killed process left is removed when the next one starts.
GB/T 22239-2019 8.1.4.10 (residual information).
"""
import os
import shutil
import socket
import tempfile
from contextlib import contextmanager
from pathlib import Path

from odoo.tools import config


def _place():
    return Path(config["data_dir"]) / "private"


def _owner(pid):
    return f"{socket.gethostname()}-{pid}"


def folder():
    """Return the folder of this process, made where it is not there yet."""
    path = _place() / _owner(os.getpid())
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    return path


@contextmanager
def scratch():
    """Give the path of a new, empty file; it and all that was put beside it is gone afterwards."""
    with tempfile.TemporaryDirectory(dir=folder()) as own:
        path = os.path.join(own, "file")
        with open(path, "xb"):
            pass
        yield path


def wipe():
    """Remove what processes of this host left that are not there any more."""
    for left in _place().glob(_owner("*")):
        pid = left.name.rpartition("-")[2]
        if pid.isdigit() and not _is_alive(int(pid)):
            shutil.rmtree(left, ignore_errors=True)


def _is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
