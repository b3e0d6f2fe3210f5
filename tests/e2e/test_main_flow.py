"""The main job from end to end: a change with a new specialty is filed, returned, approved, and is in the registry."""
import re

import pytest
import world
from flow_list import check_workbook, export, tag_the_first_two
from openpyxl import load_workbook
from playwright.sync_api import expect

INVESTIGATOR = "蒋示例（示例）"
SPECIALTY = "肾病学专业"
DISTRICT = "静安区"
TAG = "重点关注（示例）"
TODAY = world.today()
ROLES = {
    "e2e_institution": ("institution_user",),
    "e2e_officer": ("filing_officer", "personal_data"),
    "e2e_leader": ("leader",),
    "e2e_steward": ("data_steward",),
}


@pytest.fixture(scope="module")
def people(platform):
    return world.make(platform, ROLES, outside=("e2e_institution",))


@pytest.fixture
def signed_in(people, visit):
    """signed_in(login) → the screen of that person."""
    return lambda login: visit().sign_in(login, people.passwords[login])


def test_change_with_a_new_specialty(signed_in, people):
    """File, return once, correct, approve; registry, history and deadline show it."""
    outside, officer = signed_in("e2e_institution"), signed_in("e2e_officer")
    file_the_change(outside)
    accept_and_return(officer)
    correct_and_hand_in_again(outside)
    began = world.today()
    approve(officer)
    see_the_deadline(officer, {people.workday(day, 60) for day in (began, world.today())})
    see_the_registry(signed_in("e2e_leader"), people.institution)


# ---- the institution's user ------------------------------------------------------------------------------------------
def file_the_change(screen):
    page = screen.page
    expect(page.locator(".o_desk_home_title")).to_contain_text(world.INSTITUTION)
    screen.shot("flow-01-desk")
    page.locator(".o_desk_new button", has_text="新建备案申请").click()
    expect(screen.field("name").locator("input").first).to_have_value(world.INSTITUTION)
    screen.fill(reason="新增肾病学专业（示例）", contact_name="冯示例（示例）", contact_phone="13800000009")
    screen.date(change_date=str(TODAY))
    screen.save()
    screen.tab("人员")
    expect(screen.rows("person_ids")).to_have_count(1)
    screen.shot("flow-02-filing-prefilled")
    add_investigator(screen)
    add_specialty(screen)
    attach_documents(screen)
    screen.tab("变更对照")
    expect(screen.field("diff_html")).to_contain_text(SPECIALTY)
    screen.shot("flow-06-own-differences")
    screen.step("提交")
    screen.becomes("已提交")
    screen.shot("flow-07-submitted")


def add_investigator(screen):
    screen.add_row("person_ids")
    dialog = screen.dialog()
    dialog.fill(name=INVESTIGATOR, department="肾内科", gcp_certificate_no="GCP-示例-2026-009")
    dialog.select(gender="女")
    dialog.choose(title_id="主任医师", post_item_ids="主要研究者")
    dialog.date(gcp_date=f"{TODAY.year - 1}-01-10", gcp_valid_to=f"{TODAY.year + 3}-01-09")
    for number in range(1, 4):
        line = dialog.add_line("experience_ids")
        line.fill(trial_name=f"示例肾病药物{number}的随机对照试验（示例）")
        line.choose(proof_kind_ids="授权分工表")
        line.upload("file")
        expect(line.field("is_proven").locator("input")).to_be_checked()
    screen.shot("flow-03-investigator")
    dialog.keep()
    screen.save()
    expect(screen.rows("person_ids", INVESTIGATOR)).to_contain_text("3")


def add_specialty(screen):
    screen.tab("专业")
    screen.add_row("specialty_ids")
    dialog = screen.dialog()
    dialog.choose(discipline_id=SPECIALTY, pi_line_id=INVESTIGATOR)
    screen.shot("flow-04-specialty")
    dialog.keep()
    screen.save()
    expect(screen.rows("specialty_ids", SPECIALTY)).to_contain_text("新增")


def attach_documents(screen):
    screen.tab("附件")
    for kind in ("变更证明材料", "机构及专业评估报告"):
        line = screen.add_line("attachment_ids")
        line.choose(kind_id=kind)
        line.upload("data")
    screen.save()
    screen.page.get_by_role("button", name="自动核对").first.click()
    screen.tab("自动核对")
    expect(screen.field("check_result_ids")).to_contain_text("项检查已通过")
    screen.shot("flow-05-checks")


def correct_and_hand_in_again(screen):
    expect(screen.page.locator(".o_desk_news", has_text="退回")).to_be_visible()  # told at once, where he was working
    screen.shot("flow-10-told-at-once")
    screen.page.goto("/my/desk")
    screen.page.locator(".o_desk_card", has_text="退回待修改的备案").click()
    screen.enter(screen.page.locator("tr.o_data_row", has_text="新增肾病学专业").locator("td[name=reason]"))
    screen.becomes("已退回")
    screen.tab("专业")
    expect(screen.field("remark_specialty_ids")).to_contain_text("请补充床位数")
    screen.shot("flow-10-remark-seen")
    screen.rows("specialty_ids", SPECIALTY).locator("td[name=name]").click()
    dialog = screen.dialog()
    dialog.fill(bed_count="30")
    dialog.keep()
    screen.tab("审核意见")
    row = screen.rows("remark_ids")
    row.locator("td[name=answer]").click()
    screen.line(row).fill(answer="已补充：30 张")
    screen.save()
    screen.shot("flow-11-answered")
    screen.step("再次提交")
    screen.becomes("已提交")
    screen.page.locator(".o_desk_nav_item", has_text="备案").click()
    expect(screen.page.locator("tr.o_data_row", has_text="新增肾病学专业")).to_contain_text("已提交")
    screen.shot("flow-11-own-filings")


# ---- the officer -----------------------------------------------------------------------------------------------------
def open_from_queue(screen):
    screen.open("ctsp_filing.ctsp_filing_queue_action")
    row = screen.page.locator("tr.o_data_row", has_text=world.INSTITUTION)
    expect(row).to_have_count(1)
    return row


def accept_and_return(screen):
    row = open_from_queue(screen)
    screen.shot("flow-08-queue")
    screen.enter(row.locator("td[name=name]"))
    differences = screen.field("diff_html")
    for text in (SPECIALTY, INVESTIGATOR, "主任医师", "新增"):
        expect(differences).to_contain_text(text)
    expect(differences).not_to_contain_text("冯示例", timeout=1_000)
    screen.shot("flow-09-what-differs")
    screen.step("受理")
    screen.becomes("审核中")
    screen.tab("审核意见")
    line = screen.add_line("remark_ids")
    line.select(section="专业")
    line.fill(subject=SPECIALTY, text="请补充床位数")
    screen.save()
    screen.step("退回修改")
    dialog = screen.dialog()
    dialog.fill(reason="请按标注补充后再次提交")
    screen.shot("flow-09-return")
    dialog.press("确认")
    screen.becomes("已退回")


def approve(screen):
    screen.enter(open_from_queue(screen).locator("td[name=name]"))
    screen.step("受理")
    screen.becomes("审核中")
    screen.tab("审核要点")
    rows = screen.rows("checklist_ids")
    expect(rows).not_to_have_count(0)
    for number in range(rows.count()):
        rows.nth(number).locator("td[name=result]").click()
        screen.line(rows.nth(number)).select(result="是")
    screen.save()
    screen.shot("flow-12-check-list")
    screen.step("审核通过")
    screen.dialog().scope.locator(".btn-primary").click()
    screen.becomes("已通过")
    screen.shot("flow-13-approved")


# ---- what everybody sees afterwards ----------------------------------------------------------------------------------
def see_the_deadline(screen, due):
    screen.page.locator("button[name=action_open_deadlines]").click()
    row = screen.page.locator("tr.o_data_row")
    expect(row).to_have_count(1)
    expect(row).to_contain_text(re.compile("|".join(map(str, due))))
    expect(row).to_contain_text(SPECIALTY)
    screen.shot("flow-14-deadline")


def see_the_registry(screen, institution):
    page = screen.page
    page.goto(f"/odoo/action-ctsp_institution.ctsp_institution_action/{institution}")
    expect(page.locator(".o_form_view")).to_contain_text(world.INSTITUTION)
    screen.shot("flow-15-institution")
    page.locator("button[name=action_open_specialties]").click()
    row = page.locator("tr.o_data_row", has_text=SPECIALTY)
    expect(row).to_contain_text(INVESTIGATOR)
    screen.shot("flow-16-specialties")
    page.go_back()
    expect(page.locator(".o_form_view")).to_contain_text(world.INSTITUTION)
    if not page.locator("button[name=action_open_versions]").count():
        page.locator(".o_button_more").click()  # the form has more ways onward than fit
    page.locator("button[name=action_open_versions]").click()
    rows = page.locator("tr.o_data_row")
    expect(rows.first).to_contain_text("备案")
    for row in (rows.nth(0), rows.nth(1)):
        row.locator("input[type=checkbox]").check()
    screen.page.locator(".o_cp_action_menus button, .o_cp_action_menus .dropdown-toggle").first.click()
    screen.page.locator(".dropdown-item, .o-dropdown-item", has_text="版本比对").first.click()
    result = screen.dialog().field("result")
    for text in (SPECIALTY, INVESTIGATOR):
        expect(result).to_contain_text(text)
    screen.shot("flow-17-versions-compared")


# ---- the regulator's list --------------------------------------------------------------------------------------------
def test_regulator_filters_tags_pivots_and_exports(signed_in, tmp_path):
    """A registry list filtered to one district is tagged, and exported to a workbook that reads back; then a pivot."""
    screen = signed_in("e2e_steward").open("ctsp_institution.ctsp_institution_action", ".o_list_view")
    page = screen.page
    screen.narrow(DISTRICT)
    rows = page.locator("tr.o_data_row")
    found = int(page.locator(".o_pager_limit").inner_text())
    tag_the_first_two(screen, TAG)
    expect(rows.filter(has_text=TAG)).to_have_count(2)
    screen.shot("regulator-02-tagged")
    began = world.today()
    sheet = load_workbook(export(screen, tmp_path), data_only=True).active
    check_workbook(sheet, found, {began, world.today()}, DISTRICT)
    screen.open("ctsp_trial.ctsp_institution_report_action", ".o_pivot")
    expect(page.locator(".o_pivot table")).to_contain_text(DISTRICT)
    screen.shot("regulator-04-pivot")
