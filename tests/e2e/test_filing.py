"""The platform's first job: a change is filed from outside, returned once, approved, and stands in the registry.

The institution and its people are invented (sample data).
"""
from datetime import date

import pytest
from playwright.sync_api import expect

PASSWORD = "Filing-e2e-2026"
INVESTIGATOR = "贺示例（示例）"
PDF = {"name": "证明材料.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n% sample\n%%EOF\n"}
PEOPLE = f"""
from odoo.fields import Command
company = env.ref("ctsp_institution.demo_institution_a").partner_id
def person(login, name, group):
    return env["res.users"].with_context(no_reset_password=True).create({{
        "name": name, "login": login, "password": "{PASSWORD}", "lang": "zh_CN", "tz": "Asia/Shanghai",
        "group_ids": [Command.set(env.ref(group).ids)]}})
person("e2e_officer", "审核员（示例）", "ctsp_base.group_filing_officer")
person("e2e_institution", "机构用户（示例）", "ctsp_base.group_institution_user").partner_id.parent_id = company
env.cr.commit()
"""


@pytest.fixture
def people(platform):
    platform.shell(PEOPLE)


class Form:
    """A form of the web client: fields by name, buttons by label, inside ``root`` (the page or a dialog)."""

    def __init__(self, page, root=None):
        self.page, self.root = page, root or page

    def field(self, name):
        return self.root.locator(f".o_field_widget[name={name}]").last

    def fill(self, name, text):
        box = self.field(name).locator("input, textarea").first
        box.fill(text)
        box.press("Tab")

    def pick(self, box, text):
        """Choose the first offer for ``text`` in a many2one or tags box."""
        box.locator("input").first.fill(text)
        self.page.locator(".o-autocomplete--dropdown-item").filter(has_text=text).first.click()

    def select(self, box, text):
        box.locator("input").first.click()
        self.page.locator(".o_select_menu_item").filter(has_text=text).first.click()

    def upload(self, box):
        box.locator("input[type=file]").set_input_files(PDF)
        expect(box.locator("input[type=text], .o_form_uri").first).to_be_visible()

    def tab(self, title):
        self.root.locator(".o_notebook .nav-link", has_text=title).first.click()

    def add(self):
        self.root.get_by_text("添加行").last.click()

    def row(self):
        return self.root.locator("tr.o_selected_row")

    def dialog(self):
        """Open a new line's dialog."""
        self.add()
        self.page.locator(".modal .o_form_view").wait_for()
        return Form(self.page, self.page.locator(".modal"))

    def keep(self):
        """Save a line's dialog."""
        self.root.locator(".o_form_button_save").click()
        expect(self.page.locator(".modal")).to_have_count(0)

    def save(self):
        self.page.locator(".o_form_button_save:visible").last.click()
        expect(self.page.locator(".o_form_status_indicator_buttons.invisible")).to_have_count(1)

    def press(self, label, state):
        """Press a button of the form and wait for the state it leads to."""
        self.page.get_by_role("button", name=label, exact=True).click()
        self.expect_state(state)

    def expect_state(self, state):
        expect(self.page.locator(".o_statusbar_status .o_arrow_button_current")).to_have_text(state)


def enter(sign_in, context, login):
    context.clear_cookies()
    return Form(sign_in(login, PASSWORD))


def test_a_change_goes_its_way(sign_in, context, people, shot):
    draft(enter(sign_in, context, "e2e_institution"))
    shot("filing-1-submitted")
    send_back(enter(sign_in, context, "e2e_officer"))
    shot("filing-2-returned")
    mend(enter(sign_in, context, "e2e_institution"))
    shot("filing-3-submitted-again")
    form = enter(sign_in, context, "e2e_officer")
    approve(form)
    shot("filing-4-approved")
    form.page.goto("/odoo/action-ctsp_filing.ctsp_deadline_action")
    expect(form.page.locator("tr.o_data_row", has_text="肾病学专业")).to_contain_text("60")
    shot("filing-5-deadline")
    form.page.goto("/odoo/action-ctsp_institution.ctsp_specialty_action")
    expect(form.page.locator("tr.o_data_row", has_text="肾病学专业")).to_contain_text(INVESTIGATOR)


def draft(form):
    """Write the change: an investigator with three proven trials, the specialty he leads, the proofs."""
    form.page.get_by_text("新建备案申请").click()
    form.fill("reason", "新增肾病学专业（示例）")
    form.fill("change_date", date.today().isoformat())
    form.fill("contact_name", "李示例（示例）")
    form.fill("contact_phone", "13800000003")
    form.save()
    form.tab("人员")
    person = form.dialog()
    person.fill("name", INVESTIGATOR)
    person.pick(person.field("title_id"), "主任医师")
    person.fill("gcp_certificate_no", "GCP-示例-1")
    person.fill("gcp_date", date.today().isoformat())
    for number in range(3):
        person.add()
        row = person.row()
        row.locator("[name=trial_name] input").fill(f"示例药物临床试验{number + 1}（示例）")
        person.pick(row.locator("[name=proof_kind_ids]"), "证明")
        person.upload(row.locator("[name=file]"))
    person.keep()
    form.save()
    form.tab("专业")
    specialty = form.dialog()
    specialty.pick(specialty.field("discipline_id"), "肾病")
    specialty.pick(specialty.field("pi_line_id"), INVESTIGATOR)
    specialty.keep()
    form.tab("附件")
    for kind in ("变更证明", "评估报告"):
        form.add()
        form.pick(form.row().locator("[name=kind_id]"), kind)
        form.upload(form.row().locator("[name=data]"))
    form.save()
    form.press("提交", "已提交")


def send_back(form):
    form.page.goto("/odoo/action-ctsp_filing.ctsp_filing_queue_action")
    form.page.locator("tr.o_data_row", has_text="示例第一医院").filter(has_text="已提交").first.click()
    form.press("受理", "审核中")
    expect(form.page.locator(".o_ctsp_filing_diff")).to_contain_text(INVESTIGATOR)
    form.tab("审核意见")
    form.add()
    form.select(form.row().locator("[name=section]"), "专业")
    form.row().locator("[name=text] textarea").fill("请补充床位数（示例）")
    form.save()
    form.page.get_by_role("button", name="退回修改", exact=True).click()
    form.page.locator(".modal [name=reason] textarea").fill("请按标注修改（示例）")
    form.page.locator(".modal footer .btn-primary").click()
    form.expect_state("已退回")


def mend(form):
    form.page.goto("/my/desk/filings")
    form.page.locator("tr.o_data_row", has_text="肾病学").first.click()
    form.tab("专业")
    expect(form.page.locator(".alert", has_text="请补充床位数")).to_be_visible()
    form.page.locator("tr.o_data_row", has_text="肾病学").click()
    form.page.locator(".modal .o_form_view").wait_for()
    specialty = Form(form.page, form.page.locator(".modal"))
    specialty.fill("bed_count", "30")
    specialty.keep()
    form.tab("审核意见")
    form.page.locator("tr.o_data_row [name=answer]").click()
    form.row().locator("[name=answer] textarea").fill("已补充（示例）")
    form.save()
    form.press("再次提交", "已提交")


def approve(form):
    form.page.goto("/odoo/action-ctsp_filing.ctsp_filing_queue_action")
    form.page.locator("tr.o_data_row", has_text="示例第一医院").filter(has_text="已提交").first.click()
    form.press("受理", "审核中")
    form.tab("审核要点")
    answers = form.page.locator("[name=checklist_ids] tr.o_data_row")
    expect(answers).not_to_have_count(0)
    for number in range(answers.count()):
        answers.nth(number).locator("[name=result]").click()
        form.select(form.row().locator("[name=result]"), "是")
    form.save()
    form.page.get_by_role("button", name="审核通过", exact=True).click()
    form.page.locator(".modal footer .btn-primary").click()
    form.expect_state("已通过")
