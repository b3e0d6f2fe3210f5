"""Inspections on site with teams of any size, made in an Odoo shell; recording over HTTP as a client does it."""
import json
import secrets
import urllib.error
import urllib.request
import uuid

MAKE = """
import json
from odoo.fields import Command
wanted = json.loads('''{wanted}''')
users = env["res.users"].with_context(no_reset_password=True, tracking_disable=True)
library = env["ctsp.clause.library"].search([("name", "=", "并发示例要点（示例）")])
if not library:
    library = env["ctsp.clause.library"].create({{
        "name": "并发示例要点（示例）", "code": "CHAOS", "status": "sample",
        "section_ids": [Command.create({{"name": "组织机构"}})]}})
    env["ctsp.clause"].create([{{
        "library_id": library.id, "section_id": library.section_ids.id, "number": str(number), "object": "institution",
        "point": f"要点{{number}}", "content": f"内容{{number}}", "grade": "minor"}} for number in range(1, 61)])
    library.action_publish()
people = []
for login, password in wanted["people"].items():
    user = users.search([("login", "=", login)]) or users.create({{
        "login": login, "name": login, "lang": "zh_CN", "tz": "Asia/Shanghai",
        "group_ids": [Command.set(env.ref("ctsp_base.group_inspector").ids)]}})
    user.password = password
    people.append(env["ctsp.inspector"].search([("user_id", "=", user.id)]) or env["ctsp.inspector"].create({{
        "name": f"{{login}}（示例）", "user_id": user.id}}))
keys = {{}}
for person in people:
    key = env["res.users.apikeys"].with_user(person.user_id).sudo(False)
    keys[person.user_id.login] = key.sudo()._generate("rpc", "recording", None)
inspection = env["ctsp.inspection"].create({{
    "institution_id": wanted["institution"], "library_id": library.id, "date_planned_from": "2026-03-02",
    "member_ids": [Command.create({{
        "inspector_id": person.id, "role": "member" if number else "leader"}})
        for number, person in enumerate(people)]}})
inspection.run_transition("assign")
inspection.with_user(people[0].user_id).run_transition("start")
for member in inspection.member_ids:
    member.with_user(member.user_id).declare(False)
env.cr.commit()
print("MADE" + json.dumps({{"id": inspection.id, "lines": inspection.line_ids.ids, "keys": keys}}))
"""


def on_site(platform, institution, team):
    """Return ``{"id", "lines", "keys"}`` of a new inspection on site; ``keys``: API key by login."""
    people = {f"chaos_inspector_{number}": secrets.token_urlsafe(12) for number in range(team)}
    wanted = json.dumps({"institution": institution, "people": people}, ensure_ascii=False)
    printed = platform.shell(MAKE.format(wanted=wanted))
    return json.loads(next(line for line in printed.splitlines() if line.startswith("MADE"))[4:])


def operation(line, revision, text, identifier=None):
    return {"id": identifier or str(uuid.uuid4()), "line": line, "revision": revision,
            "values": {"result": "nonconform", "description": text}}


def record(url, key, inspection, operations):
    """Send operations by JSON-2; return the answers. Errors: see :func:`call`."""
    return call(url, key, "record", inspection_id=inspection, operations=operations)


def call(url, key, method, **arguments):
    """Call a method of ``ctsp.inspection`` by JSON-2; return its answer.

    :raise AssertionError: any answer that is not 200
    :raise OSError: the server is gone
    """
    request = urllib.request.Request(
        f"{url}/json/2/ctsp.inspection/{method}", json.dumps(arguments).encode(),
        {"Authorization": f"bearer {key}", "Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{error.code}: {error.read()[:400]}") from error
