"""What the platform does by itself is no alteration: a night of actions, an update of all modules, new translations.

Odoo writes a good deal of it by SQL, or before the addon that keeps the evidence is loaded.
"""
import subprocess
from pathlib import Path

import pytest
from test_rows import VERIFY

from conftest import result

ROOT = Path(__file__).parents[2]

NIGHT = """
env.cr.execute("UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'UTC' - interval '1 hour'")
env.cr.commit()
env["ir.cron"]._process_jobs(env.cr.dbname)
env.cr.execute("SELECT count(*) FROM ir_cron WHERE active AND lastcall IS NULL")
print("RESULT " + str(env.cr.fetchone()[0]))
"""
BUNDLES = """
qweb, files = env["ir.qweb"], env["ir.attachment"]
def made():
    for debug in (False, True):
        qweb._get_asset_bundle("web.assets_frontend_minimal", css=False, debug_assets=debug).js()
        for rtl in (False, True):
            qweb._get_asset_bundle("web.report_assets_pdf", js=False, rtl=rtl, debug_assets=debug).css()
    env.cr.commit()
made()
files.regenerate_assets_bundles()
env["res.lang"]._activate_lang("ar_001")
env["res.lang"]._activate_lang("en_US")
made()
asset = env["ir.asset"].create({
    "name": "x", "bundle": "web.assets_frontend_minimal", "path": "/web/static/src/core/registry.js"})
made()
asset.unlink()
made()
files._gc_former_bundles()
env.cr.commit()
files._make_bundles_anew()
made()
print("RESULT 0")
"""
TRANSLATIONS = """
env["ir.module.module"].search([("state", "=", "installed")])._update_translations(["zh_CN"], overwrite=True)
env.cr.commit()
print("RESULT 0")
"""


def update(platform):
    done = subprocess.run(
        [ROOT / ".venv/bin/python", ROOT / ".venv/bin/odoo", "server", "-c", platform.config, "-d", platform.database,
         "-u", "base", "--stop-after-init", "--no-http", "--log-level", "warn"],
        capture_output=True, text=True, cwd=ROOT / "var", check=False)
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.parametrize("act", [
    lambda platform: result(platform, NIGHT), lambda platform: result(platform, BUNDLES), update,
    lambda platform: result(platform, TRANSLATIONS),
], ids=["night", "bundles", "update", "translations"])
def test_nothing_is_found(platform, act):
    act(platform)
    found = result(platform, VERIFY)
    assert found["count"] == 0, f"false alarm: {found['issues'][:10]}"
