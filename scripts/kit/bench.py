"""Measure the platform on the scale database, against stock screens in the same run.

Everything listens on loopback and is bounded in count and time. Figures go to standard output as tables and to
`var/bench/results.json`; what was seen is written by a person into docs/benchmarks.md.
"""
import argparse
import json
import os
import secrets
import subprocess

from . import bench_report, bench_storm, database, host, paths, process, serve, venv
from .console import say, step
from .errors import Problem
from .installation import Installation
from .nginx import Nginx
from .odoo import Odoo, tail

BENCH = paths.ROOT / "tests" / "bench"
FOLDER = paths.VAR / "bench"
LOG = FOLDER / "odoo.log"
SESSIONS = FOLDER / "sessions.json"
PROVIDERS = FOLDER / "providers.json"
PUSHERS = FOLDER / "pushers.json"
SENDER = FOLDER / "sender.json"
NAME = "ctsp_bench"
WORKERS, USERS, SOCKETS, WARM_UP = 4, 50, 200, 10
ROWS = 100_000
LOADS = {"think": "1,5", "in flight": "0"}
MIXES = ("stock", "ours")
PARTS = (
    "providers", "queries", "alone", "inspections", "audit", "integrity", "encryption", "exchange", "single", "load",
    "sockets", "sign-in", "registry", "desk")


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench", description="建立规模数据库并测量性能。")
    parser.add_argument("--factor", type=float, default=1.0, help="规模系数，默认 1（机构 2000 家、备案 10 万件）")
    parser.add_argument("--keep", action="store_true", help="沿用已有的规模数据库")
    parser.add_argument("--seconds", type=int, default=60, help="每种负载持续的秒数，默认 60")
    parser.add_argument("--only", choices=PARTS, action="append", help="只测这一部分，可重复")
    options = parser.parse_args()
    venv.ensure(tests=True)
    host.ensure_for_printing()
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)  # sessions lie here
    results = providers() if "providers" in (options.only or PARTS) else {}
    if options.only != ["providers"]:
        results |= on_database(options)
    (FOLDER / "results.json").write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")


def providers() -> dict:
    """The cryptographic providers beside raw OpenSSL and beside each other: no database."""
    with step("测量密码服务提供者"):
        say(process.run([venv.PYTHON, paths.CRYPTO / "bench", "--json", PROVIDERS], log="bench", cwd=paths.CRYPTO))
    return {"providers": json.loads(PROVIDERS.read_text(encoding="utf-8"))}


def on_database(options: argparse.Namespace) -> dict:
    server = database.development()
    server.start()
    try:
        odoo = Odoo(server, "production", data=FOLDER / "odoo")
        odoo.write_config(db_name=NAME, workers=str(WORKERS), max_cron_threads="0", logfile="")
        build(odoo, options)
        return measure(odoo, options)
    finally:
        server.stop_if_idle()


def build(odoo: Odoo, options: argparse.Namespace) -> None:
    if options.keep and odoo.server.exists(NAME):
        with step("更新规模数据库"):
            Installation(odoo, NAME).ensure(sample=False)
        return
    Installation(odoo, NAME).remove()
    with step("建立规模数据库"):
        Installation(odoo, NAME).ensure(sample=False)
        shell(odoo, f"from scale import Scale\nScale(env, {options.factor}).build()", show=True)


def shell(odoo: Odoo, code: str, show: bool = False, name: str = NAME) -> str:
    """Run `code` in an Odoo shell with tests/bench importable; return the last line it prints."""
    preamble = f"import sys\nsys.path.insert(0, {str(BENCH)!r})\n"
    with LOG.open("a", encoding="utf-8") as log, subprocess.Popen(
        odoo.command("-d", name, "--no-http", "--workers", "0", "--log-level", "warn", subcommand="shell"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, cwd=paths.VAR, env=process.clean_env(),
    ) as running:
        running.stdin.write(preamble + code)
        running.stdin.close()
        line = ""
        for line in running.stdout:
            if show:
                say(f"    {line.rstrip()}")
    if running.returncode:
        raise Problem("基准步骤失败", f"详细输出见 {process.relative(LOG)}", tail(LOG))
    return line


def measure(odoo: Odoo, options: argparse.Namespace) -> dict:
    wanted = options.only or PARTS
    results = {"load before": os.getloadavg()}
    password = secrets.token_urlsafe(18)
    shell(odoo, f"from signed_in import sign_in\nsign_in(env, {SOCKETS}, {str(SESSIONS)!r}, {password!r})")
    for name in ("queries", "alone", "inspections", "audit", "integrity", "encryption", "exchange"):
        if name in wanted:
            results[name] = json.loads(shell(odoo, f"from {name} import measure\nmeasure(env)"))
            getattr(bench_report, name)(results[name])
    if {"single", "load", "sockets"}.intersection(wanted):
        with Serving(odoo) as base:
            results |= through_nginx(base, password, options.seconds, wanted)
    if "registry" in wanted:
        results["registry"] = registry(odoo, int(ROWS * min(options.factor, 1)))
        bench_report.registry(results["registry"])
    if "desk" in wanted:
        results["desk"] = desk(odoo, int(ROWS * min(options.factor, 1)))
        bench_report.desk(results["desk"])
    if "sign-in" in wanted:
        results["storm"] = bench_storm.measure(odoo, NAME, FOLDER, shell=shell, serving=Serving, python=python)
        bench_report.storm(results["storm"])
    return results


def registry(odoo: Odoo, rows: int) -> dict:
    """Rows that institutions report: one large file, and fifty who push at once while fifty people work."""
    intake = json.loads(shell(odoo, f"from registry import measure\nmeasure(env, {rows})"))
    shell(odoo, f"from registry import prepare\nprepare(env, {str(PUSHERS)!r})")
    try:
        with Serving(odoo, options=("--max-cron-threads", "1")) as base:
            return {"intake": intake, "rush": python("push.py", base, str(PUSHERS), str(SESSIONS))}
    finally:
        PUSHERS.unlink(missing_ok=True)


def desk(odoo: Odoo, rows: int) -> list:
    """Files near the limit that a person of an institution sends: time, memory, what the page shows meanwhile."""
    shell(odoo, f"from desk_files import prepare\nprepare(env, {str(SENDER)!r}, {rows})")
    try:
        serving = Serving(odoo, options=("--max-cron-threads", "1"))
        with serving as base:
            return python("desk_files.py", base, str(SENDER), str(serving.odoo_process.pid))
    finally:
        SENDER.unlink(missing_ok=True)


def through_nginx(base: str, password: str, seconds: int, wanted) -> dict:
    results = {}
    if "single" in wanted:
        first = json.loads(SESSIONS.read_text(encoding="utf-8"))[0]
        results["single"] = python("single.py", base, first[1])
        results["sign in"] = python("sign_in.py", base, NAME, first[0], stdin=password)
        bench_report.single(results["single"], python("operations.py"), results["sign in"])
    if "load" in wanted:
        results["load"] = loads(base, seconds)
        bench_report.load(results["load"])
    if "sockets" in wanted:
        results["sockets"] = python("sockets.py", base, str(SESSIONS))
        bench_report.sockets(results["sockets"])
    return results


class Serving:
    """Odoo with its workers behind nginx, on free loopback ports, while the block runs."""

    def __init__(self, odoo: Odoo, name: str = NAME, options: tuple[str, ...] = ()):
        self.odoo, self.name, self.options, self.odoo_process = odoo, name, options, None
        self.port, self.gevent, self.front = (serve.free_port() for _n in range(3))
        self.nginx = Nginx(FOLDER, self.port, self.gevent, self.front)

    def __enter__(self) -> str:
        log = FOLDER / "server.log"
        self.odoo_process = serve.start(
            self.odoo, self.name, self.port, "--gevent-port", str(self.gevent), "--log-level", "warn", *self.options,
            log=log)
        try:
            serve.wait_until_ready(self.odoo_process, self.port, log=log)
            self.nginx.start()
        except BaseException:
            self.__exit__()
            raise
        return f"http://{serve.HOST}:{self.front}"

    def __exit__(self, *_unused) -> None:
        self.nginx.stop()
        serve.stop(self.odoo_process)


def python(script: str, *arguments: str, stdin: str = "") -> dict:
    """Run a file of tests/bench that prints JSON."""
    return json.loads(process.run(
        [venv.PYTHON, BENCH / script, *arguments], log="bench", input=stdin, problem=f"基准步骤 {script} 失败"))


def loads(base: str, seconds: int) -> dict:
    """Ours and stock in turns, so that a change of the machine's mood strikes both."""
    for mix in MIXES:
        locust(base, mix, "0", 1)  # every worker has seen every screen
    return {title: merged([(mix, locust(base, mix, think, seconds // 2)) for mix in (*MIXES, *reversed(MIXES))])
            for title, think in LOADS.items()}


def merged(runs: list[tuple[str, dict]]) -> dict:
    """Return by mix the times, failures and seconds of its runs together."""
    results = {mix: {"times": {}, "failures": 0, "seconds": 0} for mix in MIXES}
    for mix, run in runs:
        results[mix]["failures"] += run["failures"]
        results[mix]["seconds"] += run["seconds"]
        for name, times in run["times"].items():
            results[mix]["times"].setdefault(name, []).extend(times)
    return {mix: bench_report.summary(**run) for mix, run in results.items()}


def locust(base: str, mix: str, think: str, seconds: int) -> dict:
    """Return `{"times": {operation: [ms]}, "failures": …, "seconds": …}` of one load."""
    out, log = FOLDER / "locust.json", FOLDER / "locust.log"
    out.unlink(missing_ok=True)
    env = process.clean_env(
        CTSP_BENCH_MIX=mix, CTSP_BENCH_THINK=think, CTSP_BENCH_SESSIONS=str(SESSIONS),
        CTSP_BENCH_WARM_UP=str(WARM_UP), CTSP_BENCH_OUT=str(out))
    with log.open("a", encoding="utf-8") as stream:
        subprocess.run(
            [str(paths.VENV / "bin" / "locust"), "-f", str(BENCH / "locustfile.py"), "--headless", "-u", str(USERS),
             "-r", str(USERS), "--run-time", f"{seconds + WARM_UP}s", "--host", base, "--only-summary"],
            env=env, check=False, cwd=BENCH, stdout=stream, stderr=stream)
    if not out.exists():
        raise Problem("负载测量没有结果", f"详细输出见 {process.relative(log)}", tail(log))
    return json.loads(out.read_text(encoding="utf-8"))
