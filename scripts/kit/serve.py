"""Serve a database on the loopback interface until somebody stops it."""
import ctypes
import random
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import paths, process
from .console import say
from .errors import Problem
from .odoo import Odoo, tail

HOST = "127.0.0.1"
LOG = paths.LOGS / "odoo.log"
PARENT_DEATH_SIGNAL = 1
OUTGOING = Path("/proc/sys/net/ipv4/ip_local_port_range")
LOWEST = 20_000
_given = set()


def check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError as error:
            raise Problem(f"无权使用端口 {port}", "请用 --port 指定 1024 以上的端口") from error
        except OSError as error:
            raise Problem(f"端口 {port} 已被占用", "请用 --port 指定另一个端口，或先停止占用它的程序") from error


def free_port() -> int:
    """Return a port for a server that is about to start: none twice, and none that a connection going out somewhere is
    given in the seconds until then.
    """
    below = range(LOWEST, first_outgoing())
    for port in [*random.sample(below, min(len(below), 200)), 0]:
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            found = probe.getsockname()[1]
        if found not in _given:
            break
    _given.add(found)
    return found


def first_outgoing() -> int:
    """Return the first of the ports that the system takes for connections going out; 0 where it does not say."""
    return int(OUTGOING.read_text().split()[0]) if OUTGOING.exists() else 0


def die_with_parent() -> None:
    """Even a killed `scripts/run` leaves no server behind."""
    ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)


def start(odoo: Odoo, database: str, port: int, *options: str, log=LOG) -> subprocess.Popen:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as stream:
        # -d alone exposes this database; --db-filter would make Odoo look for databases that its role owns
        return subprocess.Popen(
            odoo.command("-d", database, "--http-port", port, *options),
            cwd=paths.VAR, stdout=stream, stderr=subprocess.STDOUT,
            env=process.clean_env(CTSP_EXCHANGE_LOOPBACK="1"),  # simulators of other systems run on this machine
            preexec_fn=die_with_parent,
        )


def wait_until_ready(server: subprocess.Popen, port: int, timeout: float = 120, log=LOG) -> None:
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise Problem("服务器启动后退出", f"详细输出见 {process.relative(log)}", tail(log))
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/web/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise Problem("服务器在规定时间内没有响应", f"详细输出见 {process.relative(log)}", tail(log))


def stop(server: subprocess.Popen, patience: float = 30) -> None:
    if server.poll() is None:
        server.terminate()
        try:
            server.wait(patience)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def interrupt(*_unused) -> None:
    """Being told to end is handled like Ctrl-C: where the program stands, not inside the signal handler."""
    raise KeyboardInterrupt


def foreground(odoo: Odoo, database: str, port: int, workers: int | None) -> int:
    options = ["--gevent-port", str(port + 3)]
    if workers is not None:
        options += ["--workers", str(workers), *(["--proxy-mode"] if workers else [])]
    server = start(odoo, database, port, *options)
    signal.signal(signal.SIGTERM, interrupt)
    try:
        wait_until_ready(server, port)
        say(f"\n平台已启动：http://{HOST}:{port}\n登录：用户名 admin，密码见 var/admin-password")
        if paths.SAMPLE_ACCOUNTS.exists():
            say("示例账号（每种角色一个）：var/sample-accounts，每行为用户名、密码、角色")
        say(f"日志：{process.relative(LOG)}；按 Ctrl-C 停止")
        if workers:
            say(f"多进程模式：即时消息在端口 {port + 3}，请经 nginx 访问（config/nginx）。")
        return max(server.wait(), 0)
    except KeyboardInterrupt:
        say("正在停止 …")
        return 0
    finally:
        stop(server)
