"""The planner's part of the story: a plan from a file, a team that nothing speaks against."""
import re

from flow_story import CONFLICTED, INSTITUTION, LEADER, MEMBER, OTHER, PLAN, TODAY
from playwright.sync_api import expect


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
    days = f"{TODAY.year}-12-31,年度覆盖（示例）"
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
    screen.enter(row.locator("td[name=institution_id]"))
    screen.press("分派")
    dialog = screen.dialog()
    for_all(dialog).choose(leader_id=CONFLICTED, member_ids=MEMBER)
    rows = dialog.rows("row_ids")
    expect(rows).to_contain_text("应当回避")
    begin_today(screen, dialog)
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


def begin_today(screen, dialog):
    """The visit of the first row begins today."""
    rows = dialog.rows("row_ids")
    rows.first.locator("td[name=date_from]").click()
    screen.line(rows.first).date(date_from=str(TODAY))
    dialog.leave(dialog.scope.locator(".modal-title"))


def for_all(dialog):
    """The upper part of the dialog, for all visits in its list."""
    return dialog.part(".o_group:not(.o_inner_group)")
