"""What the entry points in scripts/ do."""
import argparse
import os
import subprocess
from contextlib import nullcontext

from . import database, host, paths, process, serve, simulators, venv
from .console import say, step
from .errors import Problem
from .installation import Installation
from .odoo import Odoo


def setup() -> None:
    parser = argparse.ArgumentParser(prog="scripts/setup", description="安装 Odoo 19 与全部依赖；可重复执行。")
    parser.add_argument("--tests", action="store_true", help="同时安装测试工具")
    parser.add_argument("--only-environment", action="store_true", help="只建立 .venv，不涉及系统软件包与数据库")
    options = parser.parse_args()
    venv.ensure(tests=options.tests)
    if options.only_environment:
        return
    if options.tests:
        host.ensure_for_tests()
    else:
        host.ensure_for_printing()
    server = database.development()
    server.start()
    server.stop_if_idle()
    say("安装完成。启动平台：scripts/run")


def run() -> int:
    options = run_options()
    if not options.no_serve:
        serve.check_port(options.port)
    server = database.development()
    odoo = Odoo(server, "production" if options.production else "development")
    if not options.serve_only:
        venv.ensure()
        host.ensure_for_printing()
    with step("启动数据库"):
        server.start(odoo_only=options.serve_only)
    try:
        odoo.write_config()
        if not options.serve_only:
            prepare(Installation(odoo, options.database), options)
        if options.no_serve:
            return 0
        with simulators.beside(odoo, options.database, options.port) if options.with_simulators else nullcontext():
            return serve.foreground(odoo, options.database, options.port, options.workers)
    finally:
        server.stop_if_idle()


def prepare(installation: Installation, options: argparse.Namespace) -> None:
    if options.reset:
        confirm_reset(options.database, options.yes)
        installation.remove()
    installation.ensure(sample=not options.no_sample and not options.production, force=options.update)


def run_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/run", description="安装（如需要）、建立数据库并启动平台。")
    parser.add_argument("--port", type=int, default=int(os.environ.get("CTSP_PORT", "8069")), help="端口，默认 8069")
    parser.add_argument("--database", default="ctsp", help="数据库名，默认 ctsp")
    parser.add_argument("--no-sample", action="store_true", help="新建数据库时不载入示例数据")
    parser.add_argument("--workers", type=int, help="工作进程数，默认 0（单进程）")
    parser.add_argument("--update", action="store_true", help="即使模块没有变化也更新全部模块")
    parser.add_argument("--reset", action="store_true", help="删除数据库后重新建立")
    parser.add_argument("--yes", action="store_true", help="对 --reset 不再询问")
    parser.add_argument("--no-serve", action="store_true", help="只准备数据库，不启动服务")
    parser.add_argument("--serve-only", action="store_true", help="只启动服务，不安装、不改动数据库结构")
    parser.add_argument("--with-simulators", action="store_true", help="同时启动外部系统的模拟程序并与之对接")
    parser.add_argument("--production", action="store_true", help="采用 config/odoo/production.conf，不载入示例数据")
    return parser.parse_args()


def confirm_reset(name: str, agreed: bool) -> None:
    if agreed or os.environ.get("CI") == "true":
        return
    try:
        answer = input(f"将删除数据库 {name} 的全部数据，输入数据库名确认：")
    except EOFError:
        answer = ""
    if answer.strip() != name:
        raise Problem("未确认，数据库保持不变", "如确要重建，请输入数据库名，或加 --yes")


def shell() -> int:
    parser = argparse.ArgumentParser(prog="scripts/shell", description="在数据库上打开 Odoo 命令行。")
    parser.add_argument("--database", default="ctsp")
    options, rest = parser.parse_known_args()
    venv.ensure()
    server = database.development()
    server.start()
    try:
        if not server.exists(options.database):
            raise Problem(f"数据库 {options.database} 不存在", "请先执行 scripts/run")
        odoo = Odoo(server)
        odoo.write_config()
        command = odoo.command("-d", options.database, "--no-http", *rest, subcommand="shell")
        return subprocess.run(command, cwd=paths.VAR, env=process.clean_env(), check=False).returncode
    finally:
        server.stop_if_idle()
