"""The platform connected to simulated systems: keys on both sides, their addresses entered. And people at screens."""
import configparser
import json
import secrets
import sys
from pathlib import Path

import psycopg2
import pytest
from kit import serve

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.append(str(Path(__file__).parents[1] / "e2e"))  # what people do on screens, as that folder's stories tell it
sys.path.append(str(Path(__file__).parents[2] / "docs" / "examples"))  # the client that institutions are given
import world as people
from browsing import browser, pytest_runtest_makereport, visit
from simulators.admin_system import AdminSystem
from simulators.business_platform import BusinessPlatform
from simulators.mobile_app import MobileApp
from timing import Watch

__all__ = ["browser", "pytest_runtest_makereport", "visit"]

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
ROLES = {
    "exchange_planner": ("planner",), "exchange_leader": ("inspector",), "exchange_member": ("inspector",),
    "exchange_reviewer": ("reviewer",), "exchange_officer": ("filing_officer", "personal_data")}
LEADER, MEMBER = "组长庚（示例）", "组员辛（示例）"
NAMES = {
    "exchange_planner": "计划员戊（示例）", "exchange_leader": LEADER, "exchange_member": MEMBER,
    "exchange_reviewer": "审核员己（示例）", "exchange_officer": "备案员丁（示例）"}
WORLD = """
from odoo.fields import Command
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
names = %(names)s
mine = env["res.users"].search([("login", "in", list(names))])
for user in mine:
    user.name = names[user.login]
for role in ("filing_officer", "reviewer"):  # whoever has the fewest to-dos is asked: nobody else is there
    (env.ref("ctsp_base.group_" + role).all_user_ids - mine).active = False
kind = env["ctsp.dictionary.item"]._item("inspector_certificate", "inspector")
for user in mine.filtered(lambda user: user.has_group("ctsp_base.group_inspector")):
    env["ctsp.inspector"].create({
        "name": user.name, "unit": "示例检查中心（示例）", "is_leader": True, "level": "senior", "user_id": user.id,
        "certificate_ids": [Command.create({
            "kind_id": kind.id, "number": f"示例-{user.login}", "valid_to": "2099-12-31"})]})
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
    """Invented institutions and a check list, and the people who work with them: passwords by login."""
    made = people.make(platform, ROLES)
    platform.shell(WORLD % {"names": NAMES})
    return made.passwords


@pytest.fixture
def signed_in(world, visit, facts):
    """signed_in(role) → the screen of that person, who has nothing to do yet.

    What was told within the last minute is told to whoever signs in; a screen that says 新待办 says this test's.
    """
    facts("DELETE FROM mail_activity a USING res_users u WHERE u.id = a.user_id AND u.login = ANY(%s) RETURNING a.id",
          list(ROLES))
    facts("DELETE FROM bus_bus RETURNING id")
    return lambda role: visit().sign_in(f"exchange_{role}", world[f"exchange_{role}"])


@pytest.fixture
def watch(facts, request):
    return Watch(facts, request.node.user_properties.append)


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
