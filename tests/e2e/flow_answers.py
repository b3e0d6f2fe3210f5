"""Rectification from outside, its verification, and what the leader of the centre sees in the end."""
from datetime import datetime, timedelta

from flow_story import FOUND, FOUND_MINOR, INSTITUTION, LEADER, MEMBER, PLAN
from playwright.sync_api import expect


def open_finding(screen, text):
    page = screen.page
    page.goto("/my/desk")
    page.locator(".o_desk_nav_item", has_text="整改").click()
    screen.enter(page.locator("tr.o_data_row", has_text=text).locator("td[name=finding_description]"))
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
        screen.confirm()
        screen.becomes("待核查")
        expect(screen.page.locator(".o_list_record_remove button").locator("visible=true")).to_have_count(0)
        screen.shot(f"inspection-21-answered-{'major' if file else 'minor'}")


def grant(screen):
    screen.open("ctsp_inspection.ctsp_rectification_extension_action", ".o_list_view")
    row = screen.page.locator("tr.o_data_row", has_text=INSTITUTION)
    screen.shot("inspection-20-more-time-asked")
    row.locator("button[name=action_transition]").first.click()
    expect(row).to_have_count(0)  # nothing is left to decide


def verify(screen):
    for text in (FOUND, FOUND_MINOR):
        screen.open("ctsp_inspection.ctsp_rectification_action", ".o_list_view")
        screen.enter(screen.page.locator("tr.o_data_row", has_text=text).locator("td[name=finding_description]"))
        screen.becomes("待核查")
        screen.step("核查通过")
        screen.confirm()
        screen.becomes("核查通过")
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
    screen.becomes("已结案")
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
