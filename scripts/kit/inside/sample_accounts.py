"""In an Odoo shell: one account per role for trying the platform out, marked as sample, with random passwords.

Prints nothing; writes the sign-ins to the file given, which only its owner can read.
"""
import json
import os
import secrets

parameters = json.loads(os.environ["CTSP_PARAMETERS"])
env = globals()["env"]
NAMES = {
    "filing_officer": "备案审核员", "planner": "检查计划员", "inspector": "检查员", "reviewer": "检查审核员",
    "risk_analyst": "风险分析员", "data_steward": "数据标准管理员", "leader": "领导", "system_admin": "系统管理员",
    "security_admin": "安全管理员", "audit_admin": "审计管理员",
}
CLEAR = ("filing_officer", "inspector", "reviewer")
OUTSIDE_USERS = 2
lines = []
users = env["res.users"].with_context(no_reset_password=True, tracking_disable=True)


def add(login, name, groups, **values):
    password = secrets.token_urlsafe(9)
    if not users.search([("login", "=", login)]):
        users.create({
            "login": login, "name": name, "password": password, "lang": "zh_CN", "tz": "Asia/Shanghai",
            "group_ids": [(6, 0, [env.ref(group).id for group in groups])], **values})
        lines.append(f"{login}\t{password}\t{name}")


for role, name in NAMES.items():
    clear = ["ctsp_base.group_personal_data"] if role in CLEAR else []
    add(role, f"{name}（示例）", [f"ctsp_base.group_{role}", *clear])
if "ctsp.institution" in env:
    filed = [("name", "like", "（示例）"), ("state", "=", "filed")]
    samples = env["ctsp.institution"].search(filed, limit=OUTSIDE_USERS)
    for number, institution in enumerate(samples, 1):
        login = f"institution{number}"
        add(login, f"机构用户{number}（示例）", ["ctsp_base.group_institution_user"])
        users.search([("login", "=", login)]).partner_id.parent_id = institution.partner_id
sample = env.ref("ctsp_inspection.inspector_sample_zhou", raise_if_not_found=False)
if sample and not sample.user_id:
    sample.user_id = users.search([("login", "=", "inspector")])
env.cr.commit()
if lines:
    descriptor = os.open(parameters["path"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write("\n".join(lines) + "\n")
