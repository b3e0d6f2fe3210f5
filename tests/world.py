"""People and an invented institution for the browser tests, made as the superuser in an Odoo shell."""
import json
import os
import random
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

INSTITUTION = "示例第九医院（示例）"
NAMES = random.Random(os.environ.get("CTSP_SEED", "1"))
"""tells what a test makes from what others made: alike in each run on a new database; CTSP_SEED for one used before"""
MAKE = """
import json
from odoo.fields import Command
wanted = json.loads('''{wanted}''')
users = env["res.users"].with_context(no_reset_password=True, tracking_disable=True)
def item(dictionary, code):
    return env["ctsp.dictionary.item"]._item(dictionary, code)
institution = env["ctsp.institution"].search([("name", "=", wanted["institution"])])
if not institution:
    institution = env["ctsp.institution"].create({{
        "name": wanted["institution"], "record_no": "药临床机构备字2099000009", "state": "filed",
        "level_id": item("institution_level", "3a").id, "kind_id": item("institution_kind", "general").id,
        "district_id": env.ref("ctsp_base.district_310106").id, "address": "上海市静安区示例路9号（示例）",
        "office_phone": "021-55550009", "first_filed_date": "2024-03-01",
        "site_ids": [Command.create({{"name": "总院", "address": "上海市静安区示例路9号（示例）", "is_main": True}})],
    }})
    person = env["ctsp.person"].create({{
        "name": "冯示例（示例）", "institution_id": institution.id,
        "title_id": item("professional_title", "chief_physician").id}})
    env["ctsp.specialty"].create({{
        "institution_id": institution.id, "discipline_id": env.ref("ctsp_base.discipline_03_04").id,
        "pi_id": person.id, "filed_date": "2024-03-01"}})
for login, (groups, password, inside) in wanted["people"].items():
    user = users.search([("login", "=", login)]) or users.create({{
        "login": login, "name": login, "lang": "zh_CN", "tz": "Asia/Shanghai",
        "group_ids": [Command.set([env.ref("ctsp_base.group_" + group).id for group in groups])]}})
    user.password = password
    if not inside:
        user.partner_id.parent_id = institution.partner_id
env.cr.commit()
days = env["ctsp.workday"].search([])
print("WORLD" + json.dumps({{
    "holidays": [str(day.date) for day in days if day.kind == "holiday"],
    "makeup": [str(day.date) for day in days if day.kind == "makeup"],
    "institution": institution.id,
}}))
"""


@dataclass(frozen=True)
class World:
    """Passwords by login, the institution, the official calendar."""

    passwords: dict
    institution: int
    holidays: frozenset
    makeup: frozenset

    def workday(self, start: date, count: int) -> date:
        """Count working days one by one, the day of the event left out."""
        day = start
        while count:
            day += timedelta(days=1)
            count -= day in self.makeup or (day.weekday() < 5 and day not in self.holidays)
        return day


def today() -> date:
    """Return the day in China, which is another one when a test goes on past midnight there: ask again."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def label(digits: int = 6) -> str:
    """Return hexadecimal digits that stand in names of this run."""
    return f"{NAMES.getrandbits(4 * digits):0{digits}x}"


def make(
    platform, roles: dict[str, tuple[str, ...]], outside: tuple[str, ...] = (), institution: str = INSTITUTION,
) -> World:
    """Create users ``roles`` (login → groups without prefix); those in ``outside`` belong to the institution."""
    passwords = {login: secrets.token_urlsafe(12) for login in roles}
    people = {login: (groups, passwords[login], login not in outside) for login, groups in roles.items()}
    wanted = json.dumps({"institution": institution, "people": people}, ensure_ascii=False)
    printed = platform.shell(MAKE.format(wanted=wanted))
    made = json.loads(next(line for line in printed.splitlines() if line.startswith("WORLD"))[5:])
    dates = {name: frozenset(map(date.fromisoformat, made[name])) for name in ("holidays", "makeup")}
    return World(passwords, made["institution"], **dates)
