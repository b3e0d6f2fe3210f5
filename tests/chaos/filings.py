"""A change filing of any size, in review, ready to be approved; made in an Odoo shell."""
import json

MAKE = """
import base64, json, time
from odoo.fields import Command
wanted = json.loads('''{wanted}''')
user = env["res.users"].search([("login", "=", "chaos_institution")])
officer = env["res.users"].search([("login", "=", "chaos_officer")])
institution = env["ctsp.institution"].browse(wanted["institution"])
pdf = base64.b64encode(b"%PDF-1.4\\n%%EOF\\n")
item = env["ctsp.dictionary.item"]._item
title, post = item("professional_title", "chief_physician"), item("post", "pi")
proof = item("trial_proof", "delegation_log")
filing = env["ctsp.filing"].with_user(user).create({{
    "kind": "change", "reason": wanted["label"], "change_date": wanted["today"], "contact_name": "冯示例（示例）",
    "contact_phone": "13800000009", "office_phone": wanted["phone"]}}).sudo()
people = env["ctsp.filing.person"].create([{{
    "filing_id": filing.id, "name": f"{{wanted['label']}}{{number}}（示例）", "title_id": title.id, "gender": "female",
    "gcp_certificate_no": f"GCP-{{number}}", "gcp_date": wanted["today"], "post_item_ids": [Command.set(post.ids)],
    "experience_ids": [Command.create({{
        "trial_name": f"示例试验{{trial}}（示例）", "proof_kind_ids": [Command.set(proof.ids)], "file": pdf,
        "filename": "证明.pdf"}}) for trial in range(3)] if number < wanted["specialties"] else [],
}} for number in range(wanted["people"])])
known = set(institution.specialty_ids.mapped("name"))  # a name may occur under several departments
names = {{discipline.name: discipline for discipline in env["ctsp.discipline"].search([])}}
disciplines = [names[name] for name in sorted(names.keys() - known)[:wanted["specialties"]]]
env["ctsp.filing.specialty"].create([
    {{"filing_id": filing.id, "discipline_id": discipline.id, "pi_line_id": person.id}}
    for discipline, person in zip(disciplines, people)])
kinds = env["ctsp.filing.attachment.kind"].search(["|", ("for_change", "=", True), ("for_specialty", "=", True)])
filing.attachment_ids = [
    Command.create({{"kind_id": kind.id, "data": pdf, "file_name": "证明.pdf"}}) for kind in kinds]
filing.with_user(user).run_transition("submit")
filing.with_user(officer).run_transition("accept")
filing.checklist_ids.result = "yes"
env.cr.commit()
env.invalidate_all()
started = time.monotonic()
filing.with_user(officer).run_transition("approve")
env.flush_all()
seconds = time.monotonic() - started
env.cr.rollback()
print("FILING" + json.dumps({{"id": filing.id, "seconds": seconds, "specialties": len(disciplines)}}))
"""


def in_review(platform, people, today, label, specialties=0, extra_people=1):
    """Return ``{"id", "seconds", "specialties"}``: the filing and how long its approval takes on this machine."""
    wanted = {
        "institution": people.institution, "label": label, "today": today.isoformat(),
        "phone": f"021-5555{today.day:02}{len(label):02}", "specialties": specialties, "people": extra_people}
    printed = platform.shell(MAKE.format(wanted=json.dumps(wanted, ensure_ascii=False)))
    return json.loads(next(line for line in printed.splitlines() if line.startswith("FILING"))[6:])


def known_about(facts, filing, institution):
    """Everything an approval touches, as one comparable value."""
    [(state, decided, frozen)] = facts(
        "SELECT state, decided_at IS NOT NULL, diff_frozen IS NOT NULL FROM ctsp_filing WHERE id = %s", filing)
    counts = {
        table: facts(f"SELECT count(*) FROM {table} WHERE institution_id = %s", institution)[0][0]
        for table in ("ctsp_specialty", "ctsp_person", "ctsp_institution_version")}
    deadlines = facts("SELECT count(*) FROM ctsp_deadline WHERE filing_id = %s", filing)[0][0]
    [(phone, changed)] = facts(
        "SELECT office_phone, last_change_date FROM ctsp_institution WHERE id = %s", institution)
    approvals = facts("SELECT count(*) FROM ctsp_workflow_log WHERE res_model = 'ctsp.filing' AND res_id = %s AND "
                      "transition = 'approve'", filing)[0][0]
    return {"state": state, "decided": decided, "frozen": frozen, "deadlines": deadlines, "phone": phone,
            "changed": str(changed), "approvals": approvals, **counts}
