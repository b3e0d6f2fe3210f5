"""What the inspection flow needs beside people: check list, inspectors, an approved filing with its time limit."""
import json

MAKE = """
import json
from odoo.fields import Command
wanted = json.loads('''{wanted}''')
institution, other = env["ctsp.institution"].create([{{
    "name": name, "record_no": f"药临床机构备字20998{{wanted['number']:04}}{{at}}", "state": "filed",
    "district_id": env.ref("ctsp_base.district_310106").id, "address": "上海市静安区示例路9号（示例）"}}
    for at, name in enumerate((wanted["institution"], wanted["other"]))])
person = env["ctsp.person"].create({{
    "name": "冯示例（示例）", "institution_id": institution.id,
    "title_id": env["ctsp.dictionary.item"]._item("professional_title", "chief_physician").id}})
specialty = env["ctsp.specialty"].create({{
    "institution_id": institution.id, "discipline_id": env.ref("ctsp_base.discipline_03_04").id, "pi_id": person.id,
    "filed_date": wanted["today"]}})
outsider = env["res.users"].search([("login", "=", wanted["outsider"])])
outsider.partner_id.parent_id = institution.partner_id
library = env["ctsp.clause.library"].create({{
    "name": "浏览器流程检查要点（示例）", "code": wanted["label"], "status": "sample", "date_from": wanted["today"],
    "section_ids": [Command.create({{"name": name, "sequence": number}}) for number, name in enumerate(
        ("机构组织管理", "试验用药品管理", "专业条件与研究者"), 1)]}})
sections = library.section_ids.sorted("sequence")
env["ctsp.clause"].create([
    {{"library_id": library.id, "section_id": sections[at].id, "number": number, "object": what, "grade": grade,
     "point": point, "content": content, "photo_required": photo, "basis": "药物临床试验质量管理规范（2026年修订）"}}
    for at, number, what, grade, photo, point, content in (
        (0, "1.1", "institution", "critical", False, "备案条件", "机构的备案条件持续符合要求，备案信息与实际一致。"),
        (0, "1.2", "institution", "major", False, "人员培训", "研究人员接受GCP和方案培训，培训记录完整、可追溯。"),
        (1, "2.1", "institution", "minor", True, "药品贮存", "试验用药品的贮存条件符合要求，温湿度记录连续。"),
        (2, "3.1", "specialty", "major", False, "主要研究者", "主要研究者的资质和在研项目数符合要求。"))])
lists = env["ctsp.checklist"].create([
    {{"name": f"流程示例检查表（{{kind}}，示例）", "library_id": library.id, "kind": kind,
     "clause_ids": [Command.set(library.clause_ids.ids)]}} for kind in ("first", "routine")])
library.action_publish()
kind = env["ctsp.dictionary.item"]._item("inspector_certificate", "inspector")
people = {{}}
for name, login in wanted["inspectors"]:
    user = env["res.users"].search([("login", "=", login)]) if login else env["res.users"]
    env["ctsp.inspector"].search([("user_id", "=", user.id), ("user_id", "!=", False)]).user_id = False
    env.flush_all()
    person = env["ctsp.inspector"].create({{
        "name": name, "user_id": user.id, "is_leader": True, "unit": "示例检查中心（示例）", "level": "senior",
        "certificate_ids": [Command.create({{
            "kind_id": kind.id, "number": f"示例-{{wanted['label']}}-{{len(people)}}", "valid_to": "2099-12-31"}})]}})
    people[name] = person
    user.name = name
env["ctsp.inspector.conflict"].create({{
    "inspector_id": people[wanted["conflicted"]].id, "institution_id": institution.id, "kind": "family"}})
filing = env["ctsp.filing"].create({{
    "kind": "change", "institution_id": institution.id, "reason": "新增专业（示例）", "change_date": wanted["today"],
    "contact_name": "冯示例（示例）", "contact_phone": "13800000009"}})
filing.effective_date = wanted["today"]
filing._set_state("approved", "示例")
[deadline] = env["ctsp.deadline"]._open(filing, [{{"reason": "new_specialty", "specialty_id": specialty.id}}])
env.cr.commit()
print("FLOW" + json.dumps({{"specialty": specialty.name, "due": str(deadline.date_due)}}))
"""


def make(platform, **wanted) -> dict:
    """Return ``{"specialty", "due"}``: the new specialty, and when it must be inspected."""
    printed = platform.shell(MAKE.format(wanted=json.dumps(wanted, ensure_ascii=False)))
    return json.loads(next(line for line in printed.splitlines() if line.startswith("FLOW"))[4:])
