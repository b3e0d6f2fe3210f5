"""Find a Python that Odoo 19 runs on. Plain old syntax: this file must load on any Python 3."""
import os
import shutil
import sys

OLDEST, NEWEST = (3, 11), (3, 13)
SKIP_OWN_VENV = "CTSP_PYTHON_CHOSEN"


def supported(version):
    return OLDEST <= tuple(version[:2]) <= NEWEST


def require():
    """Return when this Python will do; otherwise start over with one that does, or say what is missing."""
    sys.dont_write_bytecode = sys.dont_write_bytecode or os.environ.get("CI") == "true"
    if supported(sys.version_info):
        return
    names = ["python%d.%d" % (3, minor) for minor in (11, 12, 13)]
    wanted = os.environ.get("CTSP_PYTHON")
    for name in ([wanted] if wanted else names):
        path = shutil.which(name)
        if path and not os.environ.get(SKIP_OWN_VENV):
            os.environ[SKIP_OWN_VENV] = path
            os.execv(path, [path, *sys.argv])
    sys.stderr.write(
        "错误：当前 Python %d.%d 不受支持，需要 3.11 – 3.13。\n" % sys.version_info[:2]
        + "处理：安装 python3.11（Debian 12 自带：apt-get install python3.11 python3.11-venv），"
        + "或设置环境变量 CTSP_PYTHON=/路径/python3.11 后重试。\n"
    )
    raise SystemExit(2)
