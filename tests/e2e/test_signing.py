"""An officer approves a filing in the browser and signs that with his own certificate; a revoked one signs nothing."""
import json
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import world
from identities import CERTIFICATES, KEEPER, encode
from playwright.sync_api import expect

sys.path.append(str(Path(__file__).parents[1] / "chaos"))
from filings import in_review

OFFICER = "chaos_officer"
TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
BIND = """
user = env["res.users"].search([("login", "=", "{login}")])
for state, content in {contents}.items():
    env["ctsp.auth.certificate"].create({{"user_id": user.id, "content": content, "state": state}})
env.cr.commit()
env.registry.signal_changes()
"""
LOOK = """
import json
from odoo.tools import SQL
entry = env["ctsp.integrity"]._latest("ctsp.filing", SQL("res_id = %s", {filing}))[{filing}]
rows = env["ctsp.auth.signature"].search([("model", "=", "ctsp.filing"), ("res_id", "=", {filing})])
refused = env["ctsp.audit.log"].search([
    ("event", "=", "auth.signature"), ("success", "=", False),
    ("model", "=", "ctsp.filing"), ("res_id", "=", {filing})])
print("SIGNED" + json.dumps({{
    "signer": entry.signer, "holders": rows.mapped("certificate_id.subject"), "valid": rows.mapped("is_valid"),
    "found": [one.kind for one in env["ctsp.integrity"]._check("ctsp.filing", [{filing}])],
    "refused": [row.detail["reason"] for row in refused]}}))
"""


def signed(platform, filing):
    printed = platform.shell(LOOK.format(filing=filing))
    return json.loads(next(line for line in printed.splitlines() if line.startswith("SIGNED")).removeprefix("SIGNED"))


def approve(screen, filing):
    screen.page.goto(f"/odoo/action-ctsp_filing.ctsp_filing_action/{filing}")
    screen.step("审核通过")
    screen.dialog().scope.locator(".btn-primary").click()
    expect(screen.page.locator(".modal-title", has_text="使用证书签名")).to_be_visible()
    return screen.dialog()


def choose(dialog, identity, key):
    dialog.scope.locator("[name=adapter]").select_option("software")
    dialog.scope.locator("[name=key_file]").set_input_files(identity.file(key))
    expect(dialog.scope.locator("[name=certificate] option")).to_have_count(1)


def keep(keeper, name, step):
    """Do a step of the security administrator with the certificate of ``name``."""
    keeper.open(CERTIFICATES)
    keeper.page.locator("tr.o_data_row", has_text=name).first.click()
    keeper.press(step)


def test_approve_with_a_certificate(visit, identity, platform):
    people = world.make(platform, {"chaos_institution": ("institution_user",), OFFICER: ("filing_officer",)},
                        outside=("chaos_institution",))
    old_name, name = (f"王{world.label()}（示例）" for _turn in range(2))
    old, new = identity.make(old_name), identity.make(name)
    platform.shell(BIND.format(login=OFFICER, contents={
        "active": encode(old[0].der), "pending": encode(new[0].der)}))
    filing = in_review(platform, people, TODAY, "证书签名")["id"]
    officer, keeper = visit().sign_in(OFFICER, people.passwords[OFFICER]), identity.enter(visit, KEEPER)

    approve(officer, filing).press("取消")
    expect(officer.page.locator(".o_notification")).to_contain_text("未签名")
    expect(officer.state()).to_have_text("审核中")

    dialog = approve(officer, filing)
    choose(dialog, identity, old)
    keep(keeper, old_name, "吊销")
    keeper.dialog().press("确定")
    expect(keeper.page.locator("button[name=action_revoke]")).to_have_count(0)
    dialog.press("签名")
    expect(officer.page.locator(".modal-body", has_text="签名未被接受")).to_be_visible()
    officer.shot("signing-revoked")

    keep(keeper, name, "确认")
    expect(keeper.state()).to_contain_text("使用中")
    dialog = approve(officer, filing)
    expect(officer.state()).to_have_text("审核中")
    choose(dialog, identity, new)
    officer.shot("signing-dialog")
    dialog.press("签名")
    expect(officer.state()).to_have_text("已通过")
    assert signed(platform, filing) == {
        "signer": "user", "holders": [new[0].subject_text], "valid": [True], "found": [], "refused": ["not_bound"]}
