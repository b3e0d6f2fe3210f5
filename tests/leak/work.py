# runs in an Odoo shell: a day's work with personal data, on the sample institutions
import io
import json

import xlsxwriter

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

institution = env["ctsp.institution"].search([("name", "like", "示例")], limit=1)  # noqa: F821
user = env["res.users"].with_context(no_reset_password=True).create({  # noqa: F821
    "name": "示例操作员（示例）", "login": "leak_officer", "lang": "zh_CN",
    "group_ids": [Command.set([env.ref(f"ctsp_base.group_{one}").id  # noqa: F821
                               for one in ("filing_officer", "data_steward", "planner", "personal_data")])]})
user.password = "Drill-2099-leak"
env.cr.commit()  # noqa: F821
mine = env(user=user, context={"lang": "zh_CN"})  # noqa: F821
person = mine["ctsp.person"].create({
    "name": "戚示例（示例）", "institution_id": institution.id, "correction_reason": "演练",
    "mobile": "13911112222", "email": "secret.mailbox@leak.example.org", "birth_date": "1977-03-14",
    "id_number": "310101197703142619"})
person.message_post(body="已核对")
env.cr.commit()  # noqa: F821

# imported from a file, one row of which is bad
stream = io.BytesIO()
book = xlsxwriter.Workbook(stream)
sheet = book.add_worksheet()
for row, cells in enumerate((
    ["name", "institution_id", "mobile", "email", "id_number"],
    ["费示例（示例）", institution.name, "13922223333", "fei.imported@leak.example.org", "31010119770314311X"],
    ["岑示例（示例）", institution.name, "13933334444x", "cen.bad@leak.example.org", ""],
)):
    sheet.write_row(row, 0, cells)
book.close()
mine["ctsp.import.job"]._load_file("ctsp.person", stream.getvalue(), filename="people.xlsx", mode="good")
env.cr.commit()  # noqa: F821

# a field an administrator added on screen, and the telephone number of an account
env["ctsp.studio.field"].create({  # noqa: F821
    "model_id": env["ir.model"]._get("ctsp.institution").id, "name": "法定代表人证件", "kind": "char",  # noqa: F821
    "personal": True})
added = env["ctsp.studio.field"].search([], order="id desc", limit=1).technical_name  # noqa: F821
institution.write({added: "E99887766示例", "correction_reason": "演练"})
env.cr.commit()  # noqa: F821
assert env["ctsp.institution"].search([(added, "=", "e99887766 示例")]) == institution  # noqa: F821
account = env["ctsp.account"].create({  # noqa: F821
    "name": "计示例（示例）", "login": "leak_account", "phone": "13955556666", "kind": "internal"})
env.cr.commit()  # noqa: F821
account.user_id.partner_id.phone = "13955557777"  # where Odoo's own screens would write it
env.cr.commit()  # noqa: F821
assert (account.phone, account.user_id.partner_id.phone) == ("13955557777", False)
assert env["res.users"].search([("phone", "=", "139 5555 7777")]) == account.user_id  # noqa: F821

# searched, changed, refused, exported in clear
assert mine["ctsp.person"].search([("mobile", "=", "139-1111-2222")]) == person
person.write({"mobile": "13944445555", "correction_reason": "演练"})
for values in ({"mobile": "13944449999x"}, {"id_number": "310101197703142618"}):
    try:
        with env.cr.savepoint():  # noqa: F821
            person.write({**values, "correction_reason": "演练"})
    except (ValidationError, UserError):
        pass
wizard = mine["ctsp.export.wizard"].with_context(
    active_model="ctsp.person", active_domain=[("mobile", "=", "13944445555")]).create({})
wizard.action_export()
env.cr.commit()  # noqa: F821
env["ir.attachment"].create({  # noqa: F821
    "name": "名单.txt", "raw": "费 31010119770314311X 13922223333".encode(), "res_model": "ctsp.person",
    "res_id": person.id})
env.cr.commit()  # noqa: F821
print("RESULT " + json.dumps({"person": person.id}))
