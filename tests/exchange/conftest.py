"""The platform connected to simulated systems: keys on both sides, their addresses entered."""
import configparser
import json
import secrets
import sys
from pathlib import Path

import psycopg2
import pytest
from kit import serve

sys.path.insert(0, str(Path(__file__).parents[1]))
from simulators.admin_system import AdminSystem
from simulators.business_platform import BusinessPlatform
from simulators.mobile_app import MobileApp

CONNECT = """
import json
keys = json.loads('''{keys}''')
backend = env.ref("{backend}")
backend.write({{"url": "{url}", "rate": 0, "threshold": 50, "rest_seconds": 1, "read_seconds": 3}})
for use, key in keys.items():
    env["ctsp.exchange.credential"]._issue(dict(key, use=use, backend_id=backend.id))
backend.state = "active"
env.cr.commit()
"""
WORLD = """
institutions = env["ctsp.institution"].create([
    {"name": f"示例对接医院{n}（示例）", "record_no": f"药临床机构备字20990000{n}", "state": "filed"}
    for n in (71, 72, 73)])
institutions[0].uscc = "12990000MB0000001J"
library = env["ctsp.clause.library"].create({
    "name": "对接测试要点（示例）", "code": "exchange-test", "number": "EX1", "date_from": "2024-03-01",
    "status": "sample"})
section = env["ctsp.clause.section"].create({"library_id": library.id, "name": "组织机构"})
clause = env["ctsp.clause"].create({
    "library_id": library.id, "section_id": section.id, "number": "1.1", "grade": "major", "object": "institution",
    "point": "要点", "content": "内容"})
env["ctsp.checklist"].create({
    "name": "对接测试检查表（示例）", "library_id": library.id, "clause_ids": [(6, 0, clause.ids)]})
library.action_publish()
env.cr.commit()
"""


@pytest.fixture(scope="session")
def facts(platform):
    """Ask the database without Odoo: facts(sql, *values) → rows."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(platform.config, encoding="utf-8")
    options = parser["options"]
    connection = psycopg2.connect(
        host=options["db_host"], port=options.get("db_port"), user=options["db_user"],
        password=options.get("db_password"), dbname=platform.database)
    connection.autocommit = True

    def asked(sql, *values):
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    yield asked
    connection.close()


def connected(platform, system, backend):
    """Start ``system`` and connect ``backend`` of the platform to it; return it."""
    keys = {use: {"key": f"key-{use}-{secrets.token_hex(6)}", "secret": secrets.token_urlsafe(32)}
            for use in ("in", "out")}
    other = system(platform.url, keys["out"], keys["in"], serve.free_port())  # goes away and comes back there
    platform.shell(CONNECT.format(keys=json.dumps(keys), url=other.url, backend=backend))
    return other


@pytest.fixture(scope="session")
def world(platform):
    """Invented institutions and a check list."""
    platform.shell(WORLD)


@pytest.fixture(scope="session")
def admin_system(platform, world):
    system = connected(platform, AdminSystem, "ctsp_connector_admin.backend_admin")
    yield system
    system.stop()


@pytest.fixture(scope="session")
def business_platform(platform, world):
    system = connected(platform, BusinessPlatform, "ctsp_connector_business.backend_business")
    yield system
    system.stop()


@pytest.fixture(scope="session")
def mobile_app(platform):
    system = connected(platform, MobileApp, "ctsp_connector_app.backend_app")
    yield system
    system.stop()
