"""Fifty sign-ins at once, by password and by certificate, and the same of a stock Odoo on the same machine."""
import json
import secrets
from pathlib import Path

from .console import step
from .installation import CORE
from .odoo import Odoo

STOCK = "ctsp_bench_stock"


def measure(odoo: Odoo, name: str, folder: Path, *, shell, serving, python) -> dict:
    """{kind: figures of tests/bench/storm.py}. The three functions are those of `bench`."""
    ensure_stock(odoo, folder)
    results = {}
    for database, ways in ((name, ("password", "certificate")), (STOCK, ("password",))):
        password, file = secrets.token_urlsafe(18), folder / f"storm-{database}.json"
        code = f"from storm_people import make\nmake(env, {str(file)!r}, {password!r})"
        shell(odoo, code, name=database)
        with serving(odoo, database) as base:
            for way in ways:
                kind = f"{'stock' if database == STOCK else 'ours'}, {way}"
                results[kind] = python("storm.py", base, database, str(file), way, stdin=password)
        file.unlink()
    (folder / "storm.json").write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")
    return results


def ensure_stock(odoo: Odoo, folder: Path) -> None:
    """An Odoo with nothing of ours, to compare with."""
    if odoo.server.exists(STOCK):
        return
    with step("建立对照用的原版 Odoo 数据库"):
        odoo.server.create(STOCK)
        odoo.change_modules(STOCK, install=CORE, log=folder / "stock.log", first=True)
