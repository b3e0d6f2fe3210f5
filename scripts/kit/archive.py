"""Take months out of the audit log, as the owner of its tables: what neither Odoo nor anybody on screen can do.

Odoo's role exports a month, reads the file back and has its facts signed (`ctsp.audit.archiver`); the owner's role
registers the month and drops its partition in one transaction (`ctsp_audit_archive_month`).
"""
import argparse
import getpass
import json
import re

from . import database, paths, venv
from .console import say, step
from .errors import Problem
from .odoo import Odoo

LOG = paths.LOGS / "archive.log"
RESULT = paths.VAR / "archive-result.json"
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def main() -> int:
    options = parse()
    venv.ensure()
    server = database.development()
    server.start()
    try:
        if not server.exists(options.database):
            raise Problem(f"数据库 {options.database} 不存在", "请先执行 scripts/run")
        odoo = Odoo(server, "production" if options.production else "development")
        odoo.write_config()
        if options.verify:
            return verify(odoo, options)
        return archive(odoo, options)
    finally:
        RESULT.unlink(missing_ok=True)
        server.stop_if_idle()


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/archive-log", description=(
        "把超过保存期限（参数“审计日志在线保存月数”，不少于六个月）的审计日志按月归档。"
        "文件写到 CTSP_AUDIT_ARCHIVE，缺省为数据目录下的 audit-archive。"))
    parser.add_argument("--database", default="ctsp", help="数据库名，默认 ctsp")
    parser.add_argument("--month", type=month, help="只归档该月，如 2026-01；默认全部到期月份")
    parser.add_argument("--by", default=getpass.getuser(), help="归档人姓名，写入归档登记；默认当前系统账号")
    parser.add_argument("--list", action="store_true", help="只列出到期月份")
    parser.add_argument("--verify", action="store_true", help="重新核验已归档的文件（全部，或 --month 指定的月份）")
    parser.add_argument("--production", action="store_true", help="采用 config/odoo/production.conf")
    return parser.parse_args()


def month(text: str) -> str:
    if not MONTH.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text} 不是月份，请写成 2026-01")
    return f"{text}-01"


def archive(odoo: Odoo, options: argparse.Namespace) -> int:
    due = ask(odoo, options, "due")["months"]
    chosen = [options.month] if options.month else due
    if not chosen:
        say("没有超过保存期限的月份。")
    for day in chosen:
        if options.list:
            say(f"  {day[:7]}")
            continue
        with step(f"归档 {day[:7]}"):
            odoo.server.psql(
                "SELECT ctsp_audit_log_month(:'day')", options.database, odoo.server.owner, day=day)
            facts = ask(odoo, options, "export", month=day)
            odoo.server.psql(
                "SELECT ctsp_audit_archive_month(:'facts')", options.database, odoo.server.owner,
                facts=json.dumps(facts, ensure_ascii=False))
        say(f"  {facts['row_count']} 条 → {facts['file_name']}（SM3 {facts['file_digest']}）")
    return 0


def verify(odoo: Odoo, options: argparse.Namespace) -> int:
    months = ask(odoo, options, "verify", month=options.month)["months"]
    for row in months:
        say(f"  {row['month'][:7]}：{row['state']}，{row['rows']} 条，发现 {row['findings']} 处")
    if not months:
        say("没有归档的月份。")
    return 0 if all(row["code"] == "intact" for row in months) else 1


def ask(odoo: Odoo, options: argparse.Namespace, action: str, **parameters) -> dict:
    """Let Odoo's part do `action`; it leaves its answer, or what it refuses, in a file."""
    RESULT.unlink(missing_ok=True)
    odoo.script("archive_log", options.database, LOG, action=action, operator=options.by, result=str(RESULT),
                **parameters)
    answer = json.loads(RESULT.read_text(encoding="utf-8"))
    if answer.get("error"):
        raise Problem(answer["error"], "日志没有改动")
    return answer
