"""From plan to closed finding, as planner, inspectors, reviewer, institution and leader; each in a browser of his own.

A filing and a list of institutions become plans; a team without conflict of interest is assigned; the inspection is
recorded clause by clause with a photo; the leader closes it with graded findings and papers; the reviewer returns it
once, then approves; the institution asks for more time and answers from outside; findings are verified, the inspection
closed, and the year seen in charts.
"""
import io
import re
import secrets
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import flow_world
import pytest
import world
from PIL import Image, ImageDraw
from playwright.sync_api import expect
from PyPDF2 import PdfReader

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
LABEL = secrets.token_hex(2)
INSTITUTION, OTHER = f"示例流程医院{LABEL}（示例）", f"示例名单医院{LABEL}（示例）"
ROLES = {
    "e2e_flow_planner": ("planner",), "e2e_flow_leader": ("inspector",), "e2e_flow_member": ("inspector",),
    "e2e_flow_reviewer": ("reviewer",), "e2e_flow_institution": ("institution_user",), "e2e_flow_head": ("leader",),
}
LEADER, MEMBER, CONFLICTED = (f"{name}示例{LABEL}（示例）" for name in ("赵", "钱", "孙"))
PLAN = f"{TODAY.year}年度日常监管计划（示例{LABEL}）"
FOUND = "抽查3名研究者，2名无方案培训记录，培训签到表缺少日期㙓（示例）"
FOUND_MINOR = "冷藏柜温湿度记录中断2日（示例）"


@pytest.fixture(scope="module")
def people(platform):
    return world.make(platform, ROLES, outside=("e2e_flow_institution",))


@pytest.fixture(scope="module")
def made(platform, people):
    return flow_world.make(
        platform, institution=INSTITUTION, other=OTHER, outsider="e2e_flow_institution", today=str(TODAY),
        label=LABEL, number=secrets.randbelow(10_000), conflicted=CONFLICTED, inspectors=[
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
    confirm(screen)
    expect(screen.rows("line_ids").first).not_to_contain_text("0.0")
    screen.shot("inspection-03-plan-by-risk")
    screen.step("发布")
    confirm(screen)
    expect(screen.state()).to_have_text("已发布")


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
    expect(screen.state()).to_have_text("已分派")
    screen.press("生成检查任务")
    expect(page.locator(".o_form_view", has_text="首次监督检查")).to_be_visible()
    expect(screen.state()).to_have_text("已分派")
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


def confirm(screen):
    screen.dialog().scope.locator(".btn-primary").first.click()
    expect(screen.page.locator(".modal")).to_have_count(0)


def declare_and_begin(leader, member, made):
    for screen in (member, leader):
        open_mine(screen)
        screen.press("声明无需回避")
        confirm(screen)
        expect(screen.page.get_by_role("button", name="声明无需回避")).to_have_count(0)
    expect(leader.field("specialty_ids")).to_contain_text(made["specialty"])
    leader.shot("inspection-08-declared")
    leader.step("开始现场检查")
    expect(leader.state()).to_have_text("现场检查")


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
    page.get_by_label("处理").select_option(label="限期整改")
    page.get_by_label("检查情况概述").fill("检查组查阅备案资料、培训记录，现场查看试验用药品贮存条件（示例）。")
    page.get_by_label("检查情况概述").blur()
    page.wait_for_timeout(500)
    screen.shot("inspection-11-conclusions")
    page.get_by_role("button", name="返回检查详情").click()
    expect(screen.state()).to_have_text("现场检查")


def make_paper(screen, name):
    screen.tab("文书")
    line = screen.page.locator(".o_ctsp_document_board > tbody > tr", has_text=name)
    line.get_by_role("button", name="制作").click()
    expect(screen.page.locator(".o_ctsp_document_form")).to_be_visible()


def finalise(screen, name, *expected):
    """Finalise the open paper, fetch the PDF as it is printed, look for the words in it."""
    page = screen.page
    screen.step("定稿")
    confirm(screen)
    expect(screen.state()).to_have_text("已定稿")
    number = re.search(r"/(\d+)(?:\?|$)", page.url).group(1)
    answer = page.request.get(f"/ctsp/document/{number}?download=1")
    assert answer.ok, answer.status
    text = "".join("".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.body())).pages).split())
    expect(page.frame_locator(".o_ctsp_document_form iframe").locator(".page canvas").first).to_be_visible()
    for words in (name, INSTITUTION, *expected):
        assert "".join(words.split()) in text, (name, words, text[:600])


def sign(screen):
    """Each party signs in its turn, with the mouse."""
    page = screen.page
    screen.press("签名")
    for _turn in range(6):
        dialog = screen.dialog()
        if not dialog.field("name").locator("input").input_value():
            dialog.fill(name="机构负责人（示例）")
        box = dialog.scope.locator("canvas").bounding_box()
        page.mouse.move(box["x"] + 60, box["y"] + 60)
        page.mouse.down()
        for at in range(1, 12):
            page.mouse.move(box["x"] + 60 + 16 * at, box["y"] + 60 + (40 if at % 2 else 0))
        page.mouse.up()
        if _turn == 0:
            screen.shot("inspection-12-signing")
        label = dialog.scope.locator(".o_field_widget[name=label]").inner_text()
        onward = dialog.scope.get_by_role("button", name="确认，下一方签名")
        last = not onward.is_visible()
        (dialog.scope.get_by_role("button", name="确认", exact=True) if last else onward).click()
        if last:
            break
        expect(page.locator(".modal .o_field_widget[name=label]").last).not_to_have_text(label)
    expect(page.locator(".modal")).to_have_count(0)
    expect(page.get_by_role("button", name="签名", exact=True)).to_have_count(0)  # the form was read anew


def print_the_papers(screen, address):
    """The list of defects, signed by both sides, and the report of the team."""
    page = screen.page
    for name, expected in (
            ("缺陷项目清单", (FOUND, FOUND_MINOR, "主要缺陷", LEADER)),
            ("现场检查报告", (FOUND, "待整改后评定", "检查组查阅备案资料", MEMBER))):
        make_paper(screen, name)
        sign(screen)
        finalise(screen, name, *expected)
        screen.shot(f"inspection-13-{name}")
        page.goto(address)
        expect(page.locator(".o_form_view")).to_be_visible()


def hand_in(screen):
    screen.tab("检查详情")
    screen.page.locator(".o_ctsp_detail").wait_for()
    screen.step("提交")
    confirm(screen)
    expect(screen.state()).to_have_text("已提交")
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
    expect(screen.state()).to_have_text("已退回")


def mend(screen, address):
    page = screen.page
    page.goto(address)
    expect(page.locator(".alert", has_text="退回")).to_be_visible()
    screen.shot("inspection-16-returned")
    screen.tab("事由与检查情况")
    screen.fill(summary="检查组查阅备案资料、培训记录3份，现场查看试验用药品贮存条件（示例）。")
    screen.save()
    screen.step("提交")
    confirm(screen)
    expect(screen.state()).to_have_text("已提交")


def approve(screen):
    """Approve, issue the findings, and the notice that goes to the institution with its number."""
    open_review(screen)
    screen.step("审核通过")
    expect(screen.state()).to_have_text(re.compile("已通过|审核通过"))
    screen.step("下发缺陷")
    confirm(screen)
    expect(screen.state()).to_have_text("整改中")
    make_paper(screen, "限期整改通知书")
    row = screen.rows("input_ids", "联系电话")
    row.locator("td[name=value]").click()
    screen.line(row).fill(value="021-55550000")
    finalise(screen, "限期整改通知书", FOUND, FOUND_MINOR, "021-55550000")
    screen.shot("inspection-17-notice")


# ---- the institution -------------------------------------------------------------------------------------------------
def open_finding(screen, text):
    page = screen.page
    page.goto("/my/desk")
    page.locator(".o_desk_nav_item", has_text="整改").click()
    page.locator("tr.o_data_row", has_text=text).locator("td[name=finding_description]").click()
    expect(page.locator(".o_form_view")).to_contain_text(text)


def ask_for_more_time(screen):
    """Once, for the major finding; return the day that is asked for."""
    screen.page.goto("/my/desk")
    expect(screen.page.locator(".o_desk_card", has_text="待整改缺陷")).to_contain_text("2")
    screen.shot("inspection-18-desk")
    open_finding(screen, FOUND)
    due = datetime.strptime(screen.text("date_due"), "%Y-%m-%d").date()
    screen.tab("申请延期")
    line = screen.add_line("extension_ids")
    line.date(date_wanted=str(due + timedelta(days=9)))
    line.fill(reason="培训需待研究者出差返回（示例）")
    screen.save()
    expect(screen.rows("extension_ids")).to_contain_text("待")
    screen.shot("inspection-19-more-time")
    return due + timedelta(days=9)


def answer(screen, wanted):
    for text, file in ((FOUND, True), (FOUND_MINOR, False)):
        open_finding(screen, text)
        if file:
            expect(screen.field("date_due")).to_contain_text(str(wanted))
        screen.fill(cause="培训管理制度未明确记录要求（示例）", correction="已补充培训并重新签到（示例）",
                    prevention="修订制度，机构办公室每月抽查（示例）")
        if file:
            screen.add_line("file_ids").upload("data")
        screen.save()
        screen.step("提交")
        confirm(screen)
        expect(screen.state()).to_have_text("待核查")
        expect(screen.page.locator(".o_list_record_remove button").locator("visible=true")).to_have_count(0)
        screen.shot(f"inspection-21-answered-{'major' if file else 'minor'}")


# ---- verified and closed ---------------------------------------------------------------------------------------------
def grant(screen):
    screen.open("ctsp_inspection.ctsp_rectification_extension_action", ".o_list_view")
    row = screen.page.locator("tr.o_data_row", has_text=INSTITUTION)
    screen.shot("inspection-20-more-time-asked")
    row.locator("button[name=action_transition]").first.click()
    expect(row).to_have_count(0)  # nothing is left to decide


def verify(screen):
    for text in (FOUND, FOUND_MINOR):
        screen.open("ctsp_inspection.ctsp_rectification_action", ".o_list_view")
        screen.page.locator("tr.o_data_row", has_text=text).locator("td[name=finding_description]").click()
        expect(screen.state()).to_have_text("待核查")
        screen.step("核查通过")
        confirm(screen)
        expect(screen.state()).to_have_text("核查通过")
    screen.shot("inspection-22-verified")


def close(screen, address):
    """The comprehensive evaluation, the end, and the whole inspection as one readable page."""
    page = screen.page
    page.goto(address)
    screen.press("综合评定")
    dialog = screen.dialog()
    dialog.field("result").get_by_label("符合要求", exact=True).check()
    dialog.fill(reason="缺陷项目已整改到位（示例）")
    dialog.scope.locator("footer .btn-primary").click()
    expect(page.locator(".modal")).to_have_count(0)
    screen.step("结案")
    expect(screen.state()).to_have_text("已结案")
    see_the_page(screen)


def see_the_page(screen):
    """Basics, team, clauses by section with only the findings unfolded, photos, papers, rectification, course."""
    detail = screen.page.locator(".o_ctsp_detail")
    expect(detail).to_be_visible()
    for text in (FOUND, FOUND_MINOR, LEADER, MEMBER, "核查通过", "限期整改通知书", "退回检查组", "请在概述中补充"):
        expect(detail).to_contain_text(text)
    expect(detail.locator(".o_ctsp_detail_line")).to_have_count(2)
    detail.locator(".o_ctsp_detail_head").first.click()
    expect(detail.locator(".o_ctsp_detail_line")).to_have_count(3)
    detail.locator(".o_ctsp_detail_head").first.click()
    expect(detail.locator(".o_ctsp_piece img").first).to_be_visible()
    screen.whole("inspection-23-one-page")


def see_the_year(screen):
    page = screen.page
    page.goto("/odoo/inspection-overview")
    expect(page.locator(".o_ctsp_figure").first).to_be_visible()
    expect(page.locator(".o_ctsp_canvas canvas").first).to_be_visible()
    page.wait_for_timeout(1200)  # the charts draw themselves
    screen.whole("inspection-24-the-year")
    screen.open("ctsp_inspection.ctsp_inspection_report_action", ".o_graph_view, .o_pivot_view")
    screen.shot("inspection-25-statistics")
    screen.open("ctsp_plan.ctsp_plan_action_routine", ".o_list_view")
    row = page.locator("tr.o_data_row", has_text=PLAN)
    expect(row).to_contain_text("2")
    screen.shot("inspection-26-completion")
