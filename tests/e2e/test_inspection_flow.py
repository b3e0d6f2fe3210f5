"""From plan to closed finding, as planner, inspectors, reviewer, institution and leader; each in a browser of his own.

A filing and a list of institutions become plans; a team without conflict of interest is assigned; the inspection is
recorded clause by clause with a photo; the leader closes it with graded findings and papers; the reviewer returns it
once, then approves; the institution asks for more time and answers from outside; findings are verified, the inspection
closed, and the year seen in charts.
"""
import io
import re

import flow_world
import pytest
import world
from flow_answers import answer, ask_for_more_time, close, grant, see_the_year, verify
from flow_papers import finalise, make_paper, print_the_papers
from flow_story import (
    CONFLICTED,
    FOUND,
    FOUND_MINOR,
    INSTITUTION,
    LABEL,
    LEADER,
    MEMBER,
    OTHER,
    PLAN,
    ROLES,
    TODAY,
)
from PIL import Image, ImageDraw
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def people(platform):
    return world.make(platform, ROLES, outside=("e2e_flow_institution",))


@pytest.fixture(scope="module")
def made(platform, people):
    return flow_world.make(
        platform, institution=INSTITUTION, other=OTHER, outsider="e2e_flow_institution", today=str(TODAY),
        label=LABEL, number=world.NAMES.randrange(10_000), conflicted=CONFLICTED, inspectors=[
            (LEADER, "e2e_flow_leader"), (MEMBER, "e2e_flow_member"), (CONFLICTED, "")])


@pytest.fixture
def signed_in(people, made, visit):
    """signed_in(role) → the screen of that person."""
    return lambda role, **options: visit(**options).sign_in(
        f"e2e_flow_{role}", people.passwords[f"e2e_flow_{role}"])


def test_from_plan_to_closed_finding(signed_in, made):
    planner, leader = signed_in("planner"), signed_in("leader")
    plan_the_year(planner)
    address = assign_the_team(planner, made)
    declare_and_begin(leader, signed_in("member"), made)
    record(leader)
    conclude(leader)
    print_the_papers(leader, address)
    hand_in(leader)
    reviewer = signed_in("reviewer")
    return_once(reviewer)
    mend(leader, address)
    approve(reviewer)
    outside = signed_in("institution")
    wanted = ask_for_more_time(outside)
    grant(reviewer)
    answer(outside, wanted)
    verify(leader)
    close(reviewer, address)
    see_the_year(signed_in("head"))


# ---- the planner -----------------------------------------------------------------------------------------------------
def plan_the_year(screen):
    """A routine plan whose institutions come from a file, put in the order of risk, published."""
    page = screen.page
    expect(page.locator(".o_ctsp_home")).to_be_visible()
    screen.shot("inspection-01-planner-home")
    screen.open("ctsp_plan.ctsp_plan_action_routine", ".o_list_view")
    page.locator(".o_list_button_add").locator("visible=true").click()
    screen.fill(name=PLAN)
    screen.tab("依据与范围")
    screen.fill(basis="年度工作部署（示例）")
    screen.save()
    screen.press("导入名单")
    days = f"{TODAY.year}-12-28,年度覆盖（示例）"
    import_file(screen, f"机构,截止日期,列入原因\n{INSTITUTION},{days}\n{OTHER},{days}\n")
    screen.shot("inspection-02-institutions-imported")
    page.locator(".breadcrumb-item, .o_back_button", has_text=PLAN).first.click()
    screen.tab("检查")
    expect(screen.rows("line_ids")).to_have_count(2)
    screen.press("按风险排序")
    screen.confirm()
    expect(screen.rows("line_ids").first).not_to_contain_text("0.0")
    screen.shot("inspection-03-plan-by-risk")
    screen.step("发布")
    screen.confirm()
    screen.becomes("已发布")


def import_file(screen, text):
    page = screen.page
    screen.upload("file", {"name": "名单.csv", "mimeType": "text/csv", "buffer": text.encode()})
    screen.press("下一步：对应列")
    expect(screen.state()).to_contain_text("对应列")
    screen.press("下一步：试运行")
    expect(page.get_by_role("button", name="导入", exact=True)).to_be_visible()
    screen.press("导入")
    screen.dialog().scope.locator(".btn-primary").click()
    expect(screen.state()).to_contain_text("完成")


def assign_the_team(screen, made):
    """A colleague with a conflict of interest is refused, then a team is sent; return the inspection's address."""
    page = screen.page
    screen.open("ctsp_plan.ctsp_plan_line_action_first", ".o_list_view")
    row = page.locator("tr.o_data_row", has_text=INSTITUTION)
    expect(row).to_contain_text(made["due"])
    screen.shot("inspection-04-first-inspections")
    row.locator("td[name=institution_id]").click()
    screen.press("分派")
    dialog = screen.dialog()
    for_all(dialog).choose(leader_id=CONFLICTED, member_ids=MEMBER)
    rows = dialog.rows("row_ids")
    expect(rows).to_contain_text("应当回避")
    rows.locator("td[name=date_from]").click()
    screen.line(rows.first).date(date_from=str(TODAY))
    dialog.scope.locator(".modal-title").click()  # the calendar closes
    expect(page.locator(".o_datetime_picker")).to_have_count(0)
    screen.shot("inspection-05-conflict-told")
    dialog.scope.locator("footer .btn-primary").click()
    expect(page.locator(".modal")).to_have_count(2)
    refusal = page.locator(".modal").last
    expect(refusal).to_contain_text(CONFLICTED)
    screen.shot("inspection-06-conflict-refused")
    refusal.locator("footer .btn-primary").click()
    dialog = screen.dialog()
    for_all(dialog).choose(leader_id=LEADER)
    expect(dialog.rows("row_ids")).not_to_contain_text("应当回避")
    dialog.scope.locator("footer .btn-primary").click()
    screen.becomes("已分派")
    screen.press("生成检查任务")
    expect(page.locator(".o_form_view", has_text="首次监督检查")).to_be_visible()
    screen.becomes("已分派")
    expect(screen.field("checklist_id").locator("input")).to_have_value(re.compile("流程示例检查表"))
    screen.shot("inspection-07-inspection-assigned")
    expect(page).to_have_url(re.compile(r"inspection/\d+$"))
    return f"/odoo/inspections/{page.url.rsplit('/', 1)[1]}"


def for_all(dialog):
    """The upper part of the dialog, for all visits in its list."""
    return dialog.part(".o_group:not(.o_inner_group)")


# ---- the inspectors --------------------------------------------------------------------------------------------------
def open_mine(screen):
    screen.open("ctsp_inspection.ctsp_inspection_action_mine", ".o_kanban_view")
    screen.page.locator(".o_kanban_record", has_text=INSTITUTION).first.click()
    expect(screen.page.locator(".o_form_view")).to_be_visible()


def declare_and_begin(leader, member, made):
    for screen in (member, leader):
        open_mine(screen)
        screen.press("声明无需回避")
        screen.confirm()
        expect(screen.page.get_by_role("button", name="声明无需回避")).to_have_count(0)
    expect(leader.field("specialty_ids")).to_contain_text(made["specialty"])
    leader.shot("inspection-08-declared")
    leader.step("开始现场检查")
    leader.becomes("现场检查")


def card(screen, number):
    return screen.page.locator(".o_ctsp_clause", has_text=re.compile(rf"^\s*{re.escape(number)}"))


def saved(screen):
    status = screen.page.get_by_role("status").filter(has_text=re.compile("已全部保存|已恢复并保存"))
    expect(status).to_be_visible()


def record(screen):
    """Clause by clause, by section; a finding with another grade than the clause's, one with a photo."""
    page = screen.page
    page.locator("button[name=action_record]").click()
    card(screen, "1.1").locator(".o_result_conform").click()
    clause = card(screen, "1.2")
    clause.locator(".o_result_nonconform").click()
    clause.get_by_label("不符合情况").fill(FOUND)
    clause.get_by_label("不符合情况").blur()
    saved(screen)
    screen.shot("inspection-09-recording")
    page.get_by_role("button", name="下一环节").click()
    clause = card(screen, "2.1")
    clause.locator(".o_result_nonconform").click()
    clause.get_by_label("不符合情况").fill(FOUND_MINOR)
    with page.expect_file_chooser() as chooser:
        clause.get_by_role("button", name="照片或文件").click()
    chooser.value.set_files({"name": "冷藏柜.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    expect(clause.locator(".o_ctsp_piece img")).to_be_visible()
    saved(screen)
    screen.shot("inspection-10-photo")
    page.get_by_role("button", name="下一环节").click()
    card(screen, "3.1").locator(".o_result_conform").click()
    saved(screen)


def photo():
    image = Image.new("RGB", (1200, 900), (180, 200, 215))
    pen = ImageDraw.Draw(image)
    pen.rectangle((300, 150, 900, 800), fill=(235, 240, 245), outline=(90, 100, 110), width=8)
    for row in range(4):
        pen.rectangle((340, 220 + row * 140, 860, 230 + row * 140), fill=(120, 130, 140))
    stream = io.BytesIO()
    image.save(stream, "JPEG")
    return stream.getvalue()


def conclude(screen):
    """Propose, state whether the quality system is sound, decide as proposed, say what follows."""
    page = screen.page
    page.get_by_role("button", name="检查结论").click()
    page.get_by_role("button", name="根据缺陷生成建议结论").click()
    rows = page.locator("article.o_ctsp_clause", has_text="建议")
    expect(rows).to_have_count(2)
    for number, conclusion in enumerate(("待整改后评定", "符合要求")):
        row = rows.nth(number)
        expect(row).to_contain_text("待组长认定" if number else "主要缺陷")
        row.get_by_role("radio", name="健全", exact=True).click()
        expect(row.get_by_placeholder("健全的依据")).to_be_visible()
        row.get_by_role("radio", name=conclusion, exact=True).click()
        expect(row.get_by_role("radio", name=conclusion, exact=True)).to_have_attribute("aria-checked", "true")
        saved(screen)
    page.get_by_label("处理", exact=True).select_option(label="限期整改")
    tell(screen, "检查组查阅备案资料、培训记录，现场查看试验用药品贮存条件（示例）。")
    screen.shot("inspection-11-conclusions")
    page.get_by_role("button", name="返回检查详情").click()
    screen.becomes("现场检查")


def tell(screen, account):
    """Write what was inspected."""
    box = screen.page.get_by_label("检查情况概述")
    box.fill(account)
    box.blur()
    saved(screen)


def hand_in(screen):
    screen.tab("检查详情")
    screen.page.locator(".o_ctsp_detail").wait_for()
    screen.step("提交")
    screen.confirm()
    screen.becomes("已提交")
    screen.shot("inspection-14-handed-in")


# ---- the reviewer ----------------------------------------------------------------------------------------------------
def open_review(screen):
    screen.page.goto("/odoo")
    screen.page.locator(".o_ctsp_home_card, button, a", has_text="待审核的检查").first.click()
    screen.page.locator("tr.o_data_row", has_text=INSTITUTION).locator("td[name=name]").click()
    screen.step("开始审核")
    expect(screen.page.get_by_role("button", name="退回检查组")).to_be_visible()


def return_once(screen):
    open_review(screen)
    screen.shot("inspection-15-review")
    screen.step("退回检查组")
    dialog = screen.dialog()
    dialog.fill(reason="请在概述中补充抽查的记录份数（示例）")
    dialog.press("确认")
    screen.becomes("已退回")


def mend(screen, address):
    page = screen.page
    page.goto(address)
    expect(page.locator(".alert", has_text="退回")).to_contain_text("请在概述中补充抽查的记录份数")
    screen.shot("inspection-16-returned")
    page.locator("button[name=action_record]").click()
    page.get_by_role("button", name="检查结论").click()
    tell(screen, "检查组查阅备案资料、培训记录3份，现场查看试验用药品贮存条件（示例）。")
    page.get_by_role("button", name="返回检查详情").click()
    screen.becomes("已退回")
    screen.step("提交")
    screen.confirm()
    screen.becomes("已提交")


def approve(screen):
    """Approve, issue the findings, and the notice that goes to the institution with its number."""
    open_review(screen)
    screen.step("审核通过")
    expect(screen.state()).to_have_text(re.compile("已通过|审核通过"))
    screen.step("下发缺陷")
    screen.confirm()
    screen.becomes("整改中")
    make_paper(screen, "限期整改通知书")
    row = screen.rows("input_ids", "联系电话")
    row.locator("td[name=value]").click()
    screen.line(row).fill(value="021-55550000")
    finalise(screen, "限期整改通知书", FOUND, FOUND_MINOR, "021-55550000")
    screen.shot("inspection-17-notice")
