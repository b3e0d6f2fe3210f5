"""Laws and clauses on the screen: search and read, versions compared, wordings offered while typing."""
import pytest
import world
from playwright.sync_api import expect

PEOPLE = {"laws_inspector": ("inspector",), "laws_steward": ("data_steward",), "laws_planner": ("planner",)}
MAKE = """
from odoo.fields import Command
libraries = env["ctsp.clause.library"]
if not libraries.search([("code", "=", "E2E")]):
    library = libraries.create({"name": "浏览器测试条款库（示例）", "code": "E2E", "status": "sample"})
    env["ctsp.clause"].create([{
        "library_id": library.id, "section_name": "试验用药品管理", "number": f"6.{n}", "point": f"要点{n}",
        "content": f"试验用药品第{n}项内容。", "frequent_text": f"冷链药品第{n}次运输温度缺失",
        "article_ids": [Command.link(env.ref("ctsp_clause.law_gcp_2026_article_10").id)]} for n in range(1, 4)])
    library.action_publish()
laws = env["ctsp.law"]
if not laws.search([("name", "=", "浏览器测试规定（示例）")]):
    law = laws.create({"name": "浏览器测试规定（示例）", "short_name": "测试规定（示例）"})
    for name, first, last, texts in (
            ("2024年", "2024-01-01", "2025-12-31", (
                "检查人员不少于两名。", "整改期限为三十个工作日。", "本规定自公布之日起施行。")),
            ("2026年", "2026-01-01", False, (
                "检查人员不少于两名。", "整改期限为二十个工作日。", "逾期不改的，依法处理。"))):
        version = env["ctsp.law.version"].create({
            "law_id": law.id, "name": name, "citation": f"测试规定（{name}）", "date_from": first, "date_to": last})
        env["ctsp.law.article"].create([
            {"version_id": version.id, "number": f"第{number}条", "heading": heading, "text": text}
            for number, heading, text in zip("一二三", ("人员", "整改", "附则" if last else "责任"), texts)])
env.cr.commit()
"""


@pytest.fixture(scope="module")
def people(platform):
    platform.shell(MAKE)
    return world.make(platform, PEOPLE)


@pytest.fixture
def signed_in(people, visit):
    return lambda login: visit().sign_in(login, people.passwords[login])


def test_search_and_read(signed_in):
    """An inspector finds an article by two characters, reads it, and finds it again after loading the page anew."""
    screen = signed_in("laws_inspector")
    page = screen.open("ctsp_clause.ctsp_law_search_action", ".o_ctsp_law_search").page
    page.fill(".o_ctsp_law_search input[type=search]", "计数")
    expect(page.locator(".o_ctsp_law_hit").first).to_contain_text("第四十六条")
    expect(page.locator(".o_ctsp_law_hit mark").first).to_have_text("计数")
    screen.shot("laws-search")
    page.locator(".o_ctsp_law_hit").first.click()
    expect(page.locator(".o_ctsp_law_current")).to_contain_text("第四十六条")
    expect(page.locator(".o_ctsp_law_paper .alert-warning")).to_contain_text("非法规原文")
    screen.shot("laws-reader")
    screen.again(r"law-reader")
    expect(page.locator(".o_ctsp_law_paper h1")).to_have_text("药物临床试验质量管理规范")
    page.locator(".o_ctsp_law_contents button", has_text="试验用药品").first.click()
    page.locator(".o_ctsp_law_current summary").click()
    page.locator(".o_ctsp_law_current button", has_text="E2E 6.1").first.click()
    expect(page.locator(".o_form_view")).to_contain_text("试验用药品第1项内容。")


def test_versions_of_a_law(signed_in):
    """An inspector sees what a new version of a law changed: words marked, articles added and removed."""
    screen = signed_in("laws_inspector")
    page = screen.open("ctsp_clause.ctsp_law_action").page
    screen.enter(page.locator("tr.o_data_row", has_text="浏览器测试规定"))
    page.locator("button[name=action_compare]").click()
    changed = page.locator(".o_ctsp_compare_changed")
    expect(changed.locator("del").first).to_have_text("三")
    expect(changed.locator("ins").first).to_have_text("二")
    expect(page.locator(".o_ctsp_compare_added")).to_contain_text("逾期不改的")
    expect(page.locator(".o_ctsp_compare_removed")).to_contain_text("自公布之日起施行")
    screen.shot("laws-versions")


def test_next_version_and_comparison(signed_in):
    """A steward makes the next version of a published library, changes a clause, and sees the change marked."""
    screen = signed_in("laws_steward")
    page = screen.open("ctsp_clause.ctsp_clause_library_action").page
    screen.enter(page.locator("tr.o_data_row", has_text="E2E").last)
    page.locator("button[name=action_next_version]").click()
    expect(page.locator("button[name=action_publish]")).to_be_visible()
    screen.rows("clause_ids").first.click()
    dialog = screen.dialog()
    dialog.fill(content="试验用药品第1项全部内容。")
    dialog.keep()
    screen.save()
    page.locator("button[name=action_compare]").click()
    expect(page.locator(".o_ctsp_compare_changed ins")).to_have_text("全部")
    expect(page.locator(".o_ctsp_compare_block")).to_have_count(1)
    screen.shot("laws-comparison")
    with page.expect_download() as download:
        page.locator("button[name=action_workbook]").click()
    assert download.value.suggested_filename.endswith(".xlsx")


def test_wordings_while_typing(signed_in):
    """Wordings are offered for the sentence being typed; the one chosen replaces it and leaves what stood before."""
    screen = signed_in("laws_planner")
    page = screen.open("ctsp_inspection.ctsp_inspection_external_action").page
    page.locator(".o_list_button_add").click()
    area = page.locator("[name=summary] textarea")
    area.click()
    area.press_sequentially("检查发现。冷链药品第2次")
    expect(page.locator(".o_ctsp_phrase_list li").first).to_contain_text("冷链药品第2次运输温度缺失")
    screen.shot("laws-wordings")
    area.press("ArrowDown")
    area.press("Enter")
    expect(area).to_have_value("检查发现。冷链药品第2次运输温度缺失")
    page.locator(".o_form_button_cancel").click()
