"""Papers of an inspection: made, signed with the mouse, finalised, read back."""
import io
import re

from flow_story import FOUND, FOUND_MINOR, INSTITUTION, MEMBER
from playwright.sync_api import expect
from PyPDF2 import PdfReader


def make_paper(screen, name):
    screen.tab("文书")
    line = screen.page.locator(".o_ctsp_document_board > tbody > tr", has_text=name)
    line.get_by_role("button", name="制作").click()
    expect(screen.page.locator(".o_ctsp_document_form")).to_be_visible()


def finalise(screen, name, *expected, institution=INSTITUTION):
    """Finalise the open paper, fetch the PDF as it is printed, look for the words in it."""
    page = screen.page
    screen.step("定稿")
    screen.confirm()
    screen.becomes("已定稿")
    number = re.search(r"/(\d+)(?:\?|$)", page.url).group(1)
    answer = page.request.get(f"/ctsp/document/{number}?download=1")
    assert answer.ok, answer.status
    text = "".join("".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.body())).pages).split())
    expect(page.frame_locator(".o_ctsp_document_form iframe").locator(".page canvas").first).to_be_visible()
    for words in (name, institution, *expected):
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
            ("缺陷项目清单", (FOUND, FOUND_MINOR, "主要缺陷", "检查组长")),
            ("现场检查报告", (FOUND, "待整改后评定", "检查组查阅备案资料", MEMBER))):
        make_paper(screen, name)
        sign(screen)
        finalise(screen, name, *expected)
        screen.shot(f"inspection-13-{name}")
        page.goto(address)
        expect(page.locator(".o_form_view")).to_be_visible()
