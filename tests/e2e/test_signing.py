"""A certificate's life in the browser: bound, confirmed, signing in, signing a paper that anybody can verify, revoked,
refused; and an officer who approves a filing with his.
"""
import io
import json
import sys
from pathlib import Path

import world
from identities import CERTIFICATES, KEEPER, by_file, comes_in, encode, refused
from inspections import on_site
from playwright.sync_api import expect
from PyPDF2 import PdfReader

sys.path.append(str(Path(__file__).parents[1] / "chaos"))
from filings import in_review

OFFICER, SIGNER = "chaos_officer", "e2e_signer"
SECURITY = "/ctsp/outside/security"
PAPERS = """
import json
inspection = env["ctsp.inspection"].browse({inspection})
leader = env["res.users"].search([("login", "=", "{login}")])
papers = env["ctsp.document"]
for _turn in range(2):
    paper = inspection.with_user(leader).with_context(lang="zh_CN")._document_make("inspection_notice")
    paper._fix()
    for line in paper.signature_ids:
        line._take({{"name": line.name or "机构负责人（示例）", "image": "{image}"}})
    papers |= paper
env["ctsp.auth.certificate"].create({{
    "user_id": leader.id, "content": "{other}", "state": "active", "date_used": "2099-01-01"}})
env.cr.commit()
print("PAPERS" + json.dumps(papers.ids))
"""
STROKE = (
    "iVBORw0KGgoAAAANSUhEUgAAAFoAAAAkCAAAAAAs63JvAAAAn0lEQVR42u3USQ6AMAgFUO5/aTRxo9HCH8pOdmr/Cx1sZFFxVspVRy27SYaB"
    "tznd7mNy40hItKGMZoMRBUcDgg2P53eTGM3azGCycXKOjE3uDWPzRwrG+V8BtpW/DMS1iweytQsTaly+53s7ysasr6GjX6Pu2TA6fTy+s+FM/3pd"
    "z35mxdOrAnfp4hj69NLeQK/wLXQO0jlIj631T0N1AIZeydHy6fMUAAAAAElFTkSuQmCC")
"""a drawn signature"""
TOLD = """
import json
events = env["ctsp.audit.log"].search([
    ("event", "in", ("auth.signature", "sign_in")), ("success", "=", False)])
mine = [event for event in events if "{serial}" in json.dumps(event.detail or {{}})]
print("TOLD" + json.dumps(sorted({{event.event for event in mine}})))
"""
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
    return answered(platform, LOOK.format(filing=filing), "SIGNED")


def answered(platform, script, mark):
    printed = platform.shell(script)
    return json.loads(next(line for line in printed.splitlines() if line.startswith(mark)).removeprefix(mark))


def approve(screen, filing):
    screen.page.goto(f"/odoo/action-ctsp_filing.ctsp_filing_action/{filing}")
    return step(screen, "审核通过")


def step(screen, label):
    """Take a step that binds; return the dialog that asks for the signature."""
    screen.step(label)
    screen.dialog().scope.locator(".btn-primary").click()
    expect(screen.page.locator(".modal-title", has_text="使用证书签名")).to_be_visible()
    return screen.dialog()


def choose(dialog, identity, key):
    dialog.scope.locator("[name=adapter]").select_option("software")
    dialog.scope.locator("[name=key_file]").set_input_files(identity.file(key))
    expect(dialog.scope.locator("[name=certificate] option")).to_have_count(1)


def keep(keeper, name, label):
    """Do a step of the security administrator with the certificate of ``name``."""
    keeper.open(CERTIFICATES)
    keeper.enter(keeper.page.locator("tr.o_data_row", has_text=name))
    keeper.press(label)


def revoke(keeper, name):
    keep(keeper, name, "吊销")
    keeper.dialog().press("确定")
    expect(keeper.page.locator("button[name=action_revoke]")).to_have_count(0)


def bind(page, identity, key):
    """Bind a certificate of one's own, as its holder."""
    page.goto(SECURITY)
    page.select_option("[name=adapter]", "software")
    page.set_input_files("[name=key_file]", identity.file(key))
    page.click("[data-ctsp-go]")
    expect(page.locator(".alert-success")).to_contain_text("安全管理员")


def verify(screen, data, verdict):
    """Show a file to the page that says who signed it."""
    screen.page.goto("/odoo/action-ctsp_crypto.ctsp_crypto_pdf_action")
    dialog = screen.dialog()
    dialog.upload("data", {"name": "文书.pdf", "mimeType": "application/pdf", "buffer": data})
    dialog.press("验证")
    expect(screen.page.locator(".modal .alert", has_text=verdict)).to_be_visible()
    return screen.dialog()


def bind_and_come_in(visit, identity, keeper, owner, key, name):
    """A certificate that its holder binds opens nothing until a security administrator confirms it; return the tab."""
    bind(owner.page, identity, key)
    owner.shot("signing-bound")
    signer = visit()
    signer.page.goto("/web/login")
    by_file(signer.page, identity, key)
    refused(signer.page)  # not confirmed yet
    keep(keeper, name, "确认")
    expect(keeper.state()).to_contain_text("使用中")
    signer.page.reload()
    by_file(signer.page, identity, key)
    comes_in(signer.page)
    return signer


def sign_paper(signer, identity, key, paper):
    """Make a paper final with one's own certificate; return its file."""
    serial = key[0].serial_text
    signer.page.goto(f"/odoo/documents/{paper}")
    dialog = step(signer, "定稿")
    choose(dialog, identity, key)
    dialog.press("签名")
    signer.becomes("已定稿")
    expect(signer.page.locator(".o_field_widget[name=certificate]")).to_contain_text(serial)
    expect(signer.page.frame_locator("iframe").locator(".page canvas").first).to_be_visible()
    signer.whole("signing-paper")
    data = signer.page.request.get(f"/ctsp/document/{paper}?download=1").body()
    text = "".join("".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(data)).pages).split())
    assert "电子签名" in text and serial in text, text[-600:]
    return data


def sign_in_vain(owner, identity, key, paper):
    """The revoked certificate is named where it would sign, and refused when it does; the paper stays a draft."""
    serial = key[0].serial_text
    owner.page.goto(f"/odoo/documents/{paper}")
    dialog = step(owner, "定稿")
    expect(dialog.scope.locator(".alert-warning")).to_contain_text(serial)
    choose(dialog, identity, key)
    owner.shot("signing-with-a-revoked-one")
    dialog.press("签名")
    expect(owner.page.locator(".modal-body", has_text="签名未被接受")).to_contain_text(serial)
    owner.shot("signing-refused")
    owner.page.goto(f"/odoo/documents/{paper}")
    expect(owner.state()).to_have_text("草稿")


def test_a_paper_with_a_certificate(visit, identity, platform):
    """Bound, confirmed, signed in with, signed with, verified by anybody, revoked; then it opens and signs nothing.

    Another one of his was used last: he signs once all the same.
    """
    site = on_site(platform, world.make(platform, {}).institution, (SIGNER, "e2e_signer_mate"))
    name, other = (f"{one}{world.label()}（示例）" for one in "张赵")
    key = identity.make(name)
    first, second = answered(platform, PAPERS.format(
        inspection=site["id"], login=SIGNER, image=STROKE, other=encode(identity.make(other)[0].der)), "PAPERS")
    owner, keeper = visit().sign_in(SIGNER, site["people"][SIGNER]), identity.enter(visit, KEEPER)
    signer = bind_and_come_in(visit, identity, keeper, owner, key, name)

    data = sign_paper(signer, identity, key, first)
    found = verify(signer, data, "签名全部有效")
    expect(found.rows("line_ids", name)).to_contain_text("使用中")
    signer.shot("signing-verified")
    at = data.index(b"stream") + 60  # in what a page shows
    verify(signer, data[:at] + bytes([data[at] ^ 1]) + data[at + 1:], "签名无效")
    signer.shot("signing-changed")

    revoke(keeper, other)
    revoke(keeper, name)
    signer.page.goto("/odoo")
    expect(signer.page.locator("form.oe_login_form")).to_have_count(1)  # its session ended
    by_file(signer.page, identity, key)
    refused(signer.page)
    sign_in_vain(owner, identity, key, second)
    found = verify(owner, data, "签名全部有效")  # what he signed before stays
    expect(found.rows("line_ids", name)).to_contain_text("已吊销")
    owner.shot("signing-verified-after")
    owner.open("ctsp_document.ctsp_document_action")
    owner.shot("signing-list")
    assert answered(platform, TOLD.format(serial=key[0].serial_text), "TOLD") == ["auth.signature", "sign_in"]


def test_approve_with_a_certificate(visit, identity, platform):
    people = world.make(platform, {"chaos_institution": ("institution_user",), OFFICER: ("filing_officer",)},
                        outside=("chaos_institution",))
    old_name, name = (f"王{world.label()}（示例）" for _turn in range(2))
    old, new = identity.make(old_name), identity.make(name)
    platform.shell(BIND.format(login=OFFICER, contents={
        "active": encode(old[0].der), "pending": encode(new[0].der)}))
    filing = in_review(platform, people, world.today(), "证书签名")["id"]
    officer, keeper = visit().sign_in(OFFICER, people.passwords[OFFICER]), identity.enter(visit, KEEPER)

    approve(officer, filing).press("取消")
    expect(officer.page.locator(".o_notification", has_text="未签名")).to_be_visible()
    expect(officer.state()).to_have_text("审核中")

    dialog = approve(officer, filing)
    choose(dialog, identity, old)
    revoke(keeper, old_name)
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
        "signer": "user", "holders": [new[0].subject_text], "valid": [True], "found": [], "refused": ["revoked"]}
