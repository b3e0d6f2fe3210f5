"""In an Odoo shell: load the demo data of our addons, and of ours only, where it is not loaded yet."""
import json
import os

from odoo.modules.loading import load_data
from odoo.modules.module_graph import ModuleGraph

names = json.loads(os.environ["CTSP_PARAMETERS"])["addons"]
env = globals()["env"]
modules = env["ir.module.module"].search([("name", "in", names), ("state", "=", "installed"), ("demo", "=", False)])
graph = ModuleGraph(env.cr, mode="load")
graph.extend(env["ir.module.module"].search([("state", "=", "installed")]).mapped("name"))
wanted = set(modules.mapped("name"))
# no “created” notes in the chatter: data files are loaded without a language, the notes would name documents in English
loader = env(su=True, context={**env.context, "mail_create_nolog": True})
for package in graph:
    if package.name in wanted:
        load_data(loader, {}, "init", kind="demo", package=package)
modules.write({"demo": True})
env.cr.commit()
