"""An inspection on site with a team of two, for browser tests; made in an Odoo shell."""
import json
import secrets

import world

MAKE = """
import json
from odoo.fields import Command
wanted = json.loads('''{wanted}''')
users = env["res.users"].with_context(no_reset_password=True, tracking_disable=True)
library = env["ctsp.clause.library"].create({{
    "name": "浏览器示例要点（示例）", "code": wanted["label"], "status": "sample",
    "section_ids": [
        Command.create({{"name": "组织管理", "sequence": 1}}), Command.create({{"name": "药品管理", "sequence": 2}})]}})
first, second = library.section_ids.sorted("sequence")
env["ctsp.clause"].create([{{
    "library_id": library.id, "section_id": section.id, "number": number, "object": "institution", "grade": grade,
    "point": f"示例要点{{number}}", "content": f"示例内容{{number}}：查阅制度与记录。"}}
    for section, number, grade in ((first, "1.1", "critical"), (first, "1.2", "major"), (second, "2.1", "minor"))])
env["ctsp.checklist"].create({{
    "name": f"浏览器示例短表{{wanted['label']}}（示例）", "library_id": library.id,
    "clause_ids": [Command.set(library.clause_ids.filtered(lambda clause: clause.section_id == first).ids)]}})
library.action_publish()
env["ctsp.finding.phrase"].create({{
    "clause_id": library.clause_ids.sorted("id")[1].id, "text": "培训记录缺少签名（示例）", "use_count": 3}})
people = []
for login, password in wanted["people"].items():
    user = users.search([("login", "=", login)]) or users.create({{
        "login": login, "name": login, "lang": "zh_CN", "tz": "Asia/Shanghai",
        "group_ids": [Command.set(env.ref("ctsp_base.group_inspector").ids)]}})
    user.password = password
    people.append(env["ctsp.inspector"].search([("user_id", "=", user.id)]) or env["ctsp.inspector"].create({{
        "name": f"{{login}}（示例）", "user_id": user.id}}))
inspection = env["ctsp.inspection"].create({{
    "name": f"示例第九医院（示例）日常监督检查{{wanted['label']}}", "institution_id": wanted["institution"],
    "library_id": library.id, "date_planned_from": "2026-03-02",
    "member_ids": [Command.create({{
        "inspector_id": person.id, "role": "member" if number else "leader"}})
        for number, person in enumerate(people)]}})
inspection.with_context(lang="zh_CN").run_transition("assign")
inspection.with_user(people[0].user_id).with_context(lang="zh_CN").run_transition("start")
for member in inspection.member_ids:
    member.with_user(member.user_id).declare(False)
env.cr.commit()
print("MADE" + json.dumps({{"id": inspection.id, "number": inspection.number, "lines": inspection.line_ids.ids}}))
"""


def on_site(platform, institution, team=("e2e_inspector_a", "e2e_inspector_b")):
    """Return ``{"id", "number", "lines", "people"}``; ``people``: passwords of the leader and the member by login."""
    people = {login: secrets.token_urlsafe(12) for login in team}
    wanted = {"institution": institution, "people": people, "label": world.label()}
    printed = platform.shell(MAKE.format(wanted=json.dumps(wanted, ensure_ascii=False)))
    made = json.loads(next(line for line in printed.splitlines() if line.startswith("MADE"))[4:])
    return {**made, "people": people, "checklist": f"浏览器示例短表{wanted['label']}"}
