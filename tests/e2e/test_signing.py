"""An officer approves a filing in the browser and signs that with his own certificate."""
import json
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import world
from playwright.sync_api import expect
from test_identity import Identity, encode

sys.path.append(str(Path(__file__).parents[1] / "chaos"))
from filings import in_review

OFFICER = "chaos_officer"
TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
BIND = """
user = env["res.users"].search([("login", "=", "{login}")])
env["ctsp.auth.certificate"].create({{"user_id": user.id, "content": "{content}", "state": "active"}})
env.cr.commit()
env.registry.signal_changes()
"""
LOOK = """
import json
from odoo.tools import SQL
entry = env["ctsp.integrity"]._latest("ctsp.filing", SQL("res_id = %s", {filing}))[{filing}]
rows = env["ctsp.auth.signature"].search([("model", "=", "ctsp.filing"), ("res_id", "=", {filing})])
print("SIGNED" + json.dumps({{
    "signer": entry.signer, "holders": rows.mapped("certificate_id.subject"), "valid": rows.mapped("is_valid"),
    "found": [one.kind for one in env["ctsp.integrity"]._check("ctsp.filing", [{filing}])]}}))
"""


@pytest.fixture(scope="module")
def identity(platform):
    made = Identity(platform)
    yield made
    made.close()


def signed(platform, filing):
    printed = platform.shell(LOOK.format(filing=filing))
    return json.loads(next(line for line in printed.splitlines() if line.startswith("SIGNED")).removeprefix("SIGNED"))


def approve(screen, filing):
    screen.page.goto(f"/odoo/action-ctsp_filing.ctsp_filing_action/{filing}")
    screen.step("审核通过")
    screen.dialog().scope.locator(".btn-primary").click()
    expect(screen.page.locator(".modal-title", has_text="使用证书签名")).to_be_visible()
    return screen.dialog()


def test_approve_with_a_certificate(visit, identity, platform):
    people = world.make(platform, {"chaos_institution": ("institution_user",), OFFICER: ("filing_officer",)},
                        outside=("chaos_institution",))
    certificate, _pair = key = identity.make("王示例（示例）")
    platform.shell(BIND.format(login=OFFICER, content=encode(certificate.der)))
    first = in_review(platform, people, TODAY, "证书签名")["id"]
    officer = visit().sign_in(OFFICER, people.passwords[OFFICER])

    dialog = approve(officer, first)
    dialog.press("取消")
    expect(officer.page.locator(".o_notification")).to_contain_text("未签名")
    expect(officer.state()).to_have_text("审核中")

    dialog = approve(officer, first)
    dialog.scope.locator("[name=adapter]").select_option("software")
    dialog.scope.locator("[name=key_file]").set_input_files(identity.file(key))
    expect(dialog.scope.locator("[name=certificate] option")).to_have_count(1)
    officer.shot("signing-dialog")
    dialog.press("签名")
    expect(officer.state()).to_have_text("已通过")
    assert signed(platform, first) == {
        "signer": "user", "holders": [certificate.subject_text], "valid": [True], "found": []}
