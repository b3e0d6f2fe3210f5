"""Plans over time in a real browser: by inspector, by institution, calendar, the board of a campaign, completion."""
import re

import client
import pytest
import world
from playwright.sync_api import expect

ROLES = {"e2e_views_planner": ("planner",), "e2e_views_leader": ("leader",)}
LINES = "ctsp_plan.ctsp_plan_line_action"
CAMPAIGN = "Ⅰ期临床试验专项检查（示例）"
SENT, INSTITUTION = "陈检查（示例）", "示例第一医院（示例）"


@pytest.fixture(scope="module")
def people(platform):
    return world.make(platform, ROLES)


@pytest.fixture
def planner(people, visit):
    screen = visit()
    client.watch(screen.page)
    return screen.sign_in("e2e_views_planner", people.passwords["e2e_views_planner"])


@pytest.fixture
def leader(people, visit):
    return visit().sign_in("e2e_views_leader", people.passwords["e2e_views_leader"])


def look_on(page, wanted, onward):
    """What the samples plan for next week may lie in the next month or quarter: turn the page once."""
    client.settle(page)
    if not wanted.is_visible():
        page.locator(onward).first.click()
    expect(wanted).to_be_visible()


def test_time_view(planner):
    """The visits of the sample plans as bars, a row per inspector, then per institution; a bar opens its visit."""
    page = planner.page
    planner.open("ctsp_plan.ctsp_plan_line_action_timeline", ".o_ctsp_timeline_grid")
    row = page.locator(".o_ctsp_row", has_text=SENT)
    look_on(page, row.locator(".o_ctsp_bar").first, ".o_ctsp_timeline_bar .fa-chevron-right")
    expect(row.locator(".o_ctsp_bar").first).to_contain_text(re.compile("示例"))
    planner.shot("plan-time-by-inspector")
    page.get_by_role("button", name="按机构").click()
    row = page.locator(".o_ctsp_row", has_text=INSTITUTION)
    expect(row.locator(".o_ctsp_bar").first).to_contain_text(INSTITUTION)
    planner.shot("plan-time-by-institution")
    row.locator(".o_ctsp_bar").first.click()
    expect(page.locator(".o_form_view")).to_contain_text(INSTITUTION)


def test_calendar(planner):
    """The planned days in the calendar of the month."""
    page = planner.page
    planner.open(LINES, ".o_list_view")
    page.locator(".o_switch_view.o_calendar").click()
    expect(page.locator(".o_calendar_view .fc-view")).to_be_visible()
    look_on(page, page.locator(".o_calendar_view .fc-event").first, ".o_calendar_button_next")
    planner.shot("plan-calendar")


def test_board_and_completion(planner, leader):
    """The campaign's board by state with its tasks, and how far the year's plans are, as the leader sees it."""
    page = planner.page
    planner.open("ctsp_plan.ctsp_plan_action_special", ".o_kanban_view")
    campaign = page.locator(".o_kanban_record", has_text=CAMPAIGN)
    expect(campaign).to_contain_text("0 / 2")
    planner.shot("plan-campaigns")
    campaign.click()
    expect(planner.rows("line_ids")).to_have_count(2)
    planner.shot("plan-campaign")
    planner.tab("工作任务")
    expect(planner.rows("task_ids")).to_have_count(3)
    page.locator("button[name=action_open_lines]").first.click()
    page.locator(".o_switch_view.o_kanban").click()
    groups = page.locator(".o_kanban_group")
    expect(groups.filter(has_text="已分派").locator(".o_kanban_record")).to_have_count(1)
    expect(groups.filter(has_text="待分派").locator(".o_kanban_record")).to_have_count(1)
    planner.shot("plan-campaign-board")
    leader.open("ctsp_plan.ctsp_plan_report_action", ".o_graph_view, .o_pivot_view")
    leader.page.wait_for_timeout(800)
    leader.shot("plan-completion")
    leader.page.locator(".o_switch_view.o_pivot").click()
    expect(leader.page.locator(".o_pivot table")).to_contain_text("专项")
    leader.shot("plan-completion-pivot")
