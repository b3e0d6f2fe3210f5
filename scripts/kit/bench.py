"""Measure the platform on the scale database, against stock screens in the same run.

Everything listens on loopback and is bounded in count and time. Figures go to standard output as a table and to
`var/bench/results.json`; what was seen is written by a person into docs/benchmarks.md.
"""
import argparse
import csv
import json
import subprocess

from . import database, host, paths, process, serve, venv
from .bench_nginx import Nginx
from .console import say, step
from .installation import Installation
from .odoo import Odoo

BENCH = paths.ROOT / "tests" / "bench"
FOLDER = paths.VAR / "bench"
NAME = "ctsp_bench"
LOADS = (("50 人，思考 1–5 秒", "1,5"), ("始终 50 个请求", "0"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench", description="建立规模数据库并测量性能。")
    parser.add_argument("--factor", type=float, default=1.0, help="规模系数，默认 1（机构 2000 家、备案 10 万件）")
    parser.add_argument("--keep", action="store_true", help="沿用已有的规模数据库")
    parser.add_argument("--seconds", type=int, default=60, help="每种负载持续的秒数，默认 60")
    parser.add_argument("--only", choices=["single", "load", "sockets", "alone"], action="append")
    options = parser.parse_args()
    venv.ensure(tests=True)
    host.ensure_for_tests()
    FOLDER.mkdir(parents=True, exist_ok=True)
    server = database.development()
    server.start()
    try:
        odoo = Odoo(server, "production", data=FOLDER / "odoo")
        odoo.write_config(db_name=NAME, workers="4", log_level="warn", logfile=str(FOLDER / "odoo.log"))
        if not (options.keep and server.exists(NAME)):
            build(odoo, options.factor)
        shell(odoo, "from signed_in import sign_in\n"
                    f"sign_in(env, 200, {str(FOLDER / 'sessions.json')!r})")
        results = measure(odoo, options)
        (FOLDER / "results.json").write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")
    finally:
        server.stop_if_idle()


def build(odoo: Odoo, factor: float) -> None:
    with step("建立规模数据库"):
        odoo.server.drop(NAME)
        installation = Installation(odoo, NAME)
        installation.ensure(sample=False)
    shell(odoo, f"from scale import Scale\nScale(env, {factor}).build()")


def shell(odoo: Odoo, code: str) -> str:
    """Run `code` in an Odoo shell with tests/bench importable; show what it prints."""
    preamble = f"import sys\nsys.path.insert(0, {str(BENCH)!r})\n"
    done = subprocess.run(
        odoo.command("-d", NAME, "--no-http", "--workers", "0", subcommand="shell"), input=preamble + code, text=True,
        cwd=paths.VAR, env=process.clean_env(), check=False, stdout=subprocess.PIPE)
    if done.returncode:
        raise SystemExit(f"基准步骤失败（{done.returncode}），见 {FOLDER / 'odoo.log'}")
    say(done.stdout.strip())
    return done.stdout


def measure(odoo: Odoo, options: argparse.Namespace) -> dict:
    wanted = options.only or ["single", "load", "sockets", "alone"]
    results = {}
    if "alone" in wanted:
        results["alone"] = json.loads(shell(odoo, "from alone import measure\nmeasure(env)").splitlines()[-1])
    port, gevent, front = serve.free_port(), serve.free_port(), serve.free_port()
    running = serve.start(odoo, NAME, port, "--gevent-port", str(gevent), "--proxy-mode", log=FOLDER / "server.log")
    nginx = Nginx(FOLDER, port, gevent, front)
    try:
        serve.wait_until_ready(running, port, log=FOLDER / "server.log")
        nginx.start()
        base = f"http://{serve.HOST}:{front}"
        sessions = json.loads((FOLDER / "sessions.json").read_text(encoding="utf-8"))
        for name, function in (("single", single), ("load", load), ("sockets", sockets)):
            if name in wanted:
                results[name] = function(base, sessions, options.seconds)
    finally:
        nginx.stop()
        serve.stop(running)
    return results


def python(script: str, *arguments: str) -> dict:
    done = subprocess.run(
        [str(venv.PYTHON), str(BENCH / script), *arguments], check=True, text=True, stdout=subprocess.PIPE,
        env=process.clean_env())
    return json.loads(done.stdout)


def single(base: str, sessions: list, _seconds: int) -> dict:
    from_names = python("single.py", base, sessions[0][1])
    baselines = stock_names()
    say("\n一位用户（毫秒）\n操作 | p50 | p95 | 对照 | 对照 p50 | 比值")
    for name, figures in from_names.items():
        stock = from_names.get(baselines.get(name, ""))
        tail = f"{baselines[name]} | {stock['p50']:.0f} | {figures['p50'] / stock['p50']:.2f}" if stock else "– | – | –"
        say(f"{name} | {figures['p50']:.0f} | {figures['p95']:.0f} | {tail}")
    return from_names


def stock_names() -> dict:
    """{our operation: the stock operation it is compared with}"""
    code = "import json, operations; print(json.dumps({o.name: o.baseline for o in operations.OURS}))"
    done = subprocess.run(
        [str(venv.PYTHON), "-c", code], check=True, text=True, stdout=subprocess.PIPE, cwd=BENCH)
    return json.loads(done.stdout)


def load(base: str, _sessions: list, seconds: int) -> dict:
    results = {}
    for title, think in LOADS:
        pair = {mix: locust(base, mix, think, seconds) for mix in ("stock", "ours")}
        results[title] = pair
        say(f"\n{title}：p95 {pair['ours']['95%']} 毫秒，对照 {pair['stock']['95%']} 毫秒，"
            f"比值 {float(pair['ours']['95%']) / float(pair['stock']['95%']):.2f}；"
            f"每秒 {float(pair['ours']['Requests/s']):.1f} 对 {float(pair['stock']['Requests/s']):.1f} 个请求，"
            f"失败 {pair['ours']['Failure Count']}")
    return results


def locust(base: str, mix: str, think: str, seconds: int) -> dict:
    prefix = FOLDER / f"locust-{mix}-{think.replace(',', '-')}"
    env = process.clean_env(
        CTSP_BENCH_MIX=mix, CTSP_BENCH_THINK=think, CTSP_BENCH_SESSIONS=str(FOLDER / "sessions.json"))
    subprocess.run(
        [str(paths.VENV / "bin" / "locust"), "-f", str(BENCH / "locustfile.py"), "--headless", "-u", "50", "-r", "10",
         "--run-time", f"{seconds + 15}s", "--reset-stats", "--host", base, "--csv", str(prefix), "--only-summary"],
        env=env, check=False, cwd=BENCH, stdout=subprocess.DEVNULL,
        stderr=(FOLDER / "locust.log").open("a", encoding="utf-8"))
    with open(f"{prefix}_stats.csv", encoding="utf-8", newline="") as lines:
        return next(row for row in csv.DictReader(lines) if row["Name"] == "Aggregated")


def sockets(base: str, _sessions: list, _seconds: int) -> dict:
    figures = python("sockets.py", base, str(FOLDER / "sessions.json"))
    say(f"\n在线 {figures['alive']}/{figures['asked']} 个长连接（{figures['opened_s']:.1f} 秒内建立），"
        f"此时页面 p50 {figures['screen_p50_ms']:.0f} 毫秒")
    return figures
