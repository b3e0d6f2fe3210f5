"""In an Odoo shell on a new database: time zone, language and the administrator's password."""
import json
import os

parameters = json.loads(os.environ["CTSP_PARAMETERS"])
env = globals()["env"]
env["ir.default"].set("res.partner", "tz", "Asia/Shanghai")
env["ir.default"].set("res.partner", "lang", "zh_CN")
people = env["res.users"].with_context(active_test=False).search([]).partner_id
people.write({"tz": "Asia/Shanghai", "lang": "zh_CN"})
if parameters.get("password"):
    env.ref("base.user_admin").password = parameters["password"]
env.cr.commit()
