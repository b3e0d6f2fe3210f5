"""In an Odoo shell: note which state of the addons this database has been brought to."""
import json
import os

env = globals()["env"]
for key, value in json.loads(os.environ["CTSP_PARAMETERS"]).items():
    env["ir.config_parameter"].set_param(key, value)
env.cr.commit()
