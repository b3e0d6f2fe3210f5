"""The inspectors' part: declare, begin, record clause by clause, conclude, hand in."""
import io
import re

from flow_story import FOUND, FOUND_MINOR, INSTITUTION
from PIL import Image, ImageDraw
from playwright.sync_api import expect


def open_mine(screen, institution=INSTITUTION):
    screen.open("ctsp_inspection.ctsp_inspection_action_mine", ".o_kanban_view")
    screen.page.locator(".o_kanban_record", has_text=institution).first.click()
    expect(screen.page.locator(".o_form_view")).to_be_visible()


def declare(screen, institution=INSTITUTION):
    open_mine(screen, institution)
    screen.press("声明无需回避")
    screen.confirm()
    expect(screen.page.get_by_role("button", name="声明无需回避")).to_have_count(0)


def declare_and_begin(leader, member, made):
    declare(member)
    declare(leader)
    expect(leader.field("specialty_ids")).to_contain_text(made["specialty"])
    leader.shot("inspection-08-declared")
    begin(leader)


def begin(leader):
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
    find(screen, "1.2", FOUND)
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


def find(screen, number, text):
    """Clause ``number`` is not met: say what was found."""
    clause = card(screen, number)
    clause.locator(".o_result_nonconform").click()
    clause.get_by_label("不符合情况").fill(text)
    clause.get_by_label("不符合情况").blur()
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
        decide(screen, row, conclusion)
    page.get_by_label("处理", exact=True).select_option(label="限期整改")
    tell(screen, "检查组查阅备案资料、培训记录，现场查看试验用药品贮存条件（示例）。")
    screen.shot("inspection-11-conclusions")
    page.get_by_role("button", name="返回检查详情").click()
    screen.becomes("现场检查")


def decide(screen, row, conclusion):
    """The quality system is sound, and that is the conclusion."""
    row.get_by_role("radio", name="健全", exact=True).click()
    expect(row.get_by_placeholder("健全的依据")).to_be_visible()
    row.get_by_role("radio", name=conclusion, exact=True).click()
    expect(row.get_by_role("radio", name=conclusion, exact=True)).to_have_attribute("aria-checked", "true")
    saved(screen)


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
