"""The reviewer's part: return once, approve what was mended, issue the findings."""
import re

from flow_papers import finalise, make_paper
from flow_record import tell
from flow_story import FOUND, FOUND_MINOR, INSTITUTION
from playwright.sync_api import expect


def open_review(screen, institution=INSTITUTION):
    screen.page.goto("/odoo")
    screen.page.locator(".o_ctsp_home_card, button, a", has_text="待审核的检查").first.click()
    screen.enter(screen.page.locator("tr.o_data_row", has_text=institution).locator("td[name=name]"))
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
