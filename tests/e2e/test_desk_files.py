"""A person of an institution reports a data set as a file on the desk, at a table and on a telephone."""
import json

import client
import pytest
import world
from playwright.sync_api import expect

LOGIN = "files_institution"
ROWS = [{"ctr_no": "CTR20269999", "title": "某药治疗某病的试验（示例）", "phase": "没有这一期"}, {"ctr_no": "99"}]
FILE = {"name": "近三年项目.json", "mimeType": "application/json", "buffer": json.dumps(ROWS).encode()}


@pytest.fixture(scope="module")
def people(platform):
    return world.make(platform, {LOGIN: ("institution_user",)}, outside=(LOGIN,))


@pytest.fixture(params=[(1440, 900, "desk"), (390, 844, "phone")], ids=["desk", "phone"])
def screen(request, people, visit):
    width, height, label = request.param
    screen = visit(viewport={"width": width, "height": height})
    client.watch(screen.page)
    screen.sign_in(LOGIN, people.passwords[LOGIN])
    expect(screen.page.locator(".o_desk_home")).to_be_visible()
    screen.label = label
    return screen


def choose(screen, name):
    """Choose the data set: from a list below the field, on a telephone from a page of its own."""
    if screen.label == "desk":
        screen.choose(dataset_id=name)
        return
    client.settle(screen.page)
    screen.field("dataset_id").locator("input").click()
    screen.page.locator(".modal .o_kanban_record, .modal tr.o_data_row").filter(has_text=name).first.click()
    expect(screen.page.locator(".modal")).to_have_count(0)


def press(screen, label):
    """Press a button of the form; on a telephone the less important ones are in a menu."""
    client.settle(screen.page)
    button = screen.page.get_by_role("button", name=label, exact=True).locator("visible=true")
    if not button.count():
        screen.page.locator(".o_statusbar_buttons button:has(.oi-ellipsis-v)").click()
    button.first.click()


def test_check_mend_send(screen):
    """Checked only, looked at, opened to mend, sent: told at every step what became of each row."""
    page = screen.page
    client.open_path(page, "files")
    expect(page.locator(".o_view_controller").first).to_be_visible()
    client.settle(page)
    screen.shot(f"files-{screen.label}-list")
    page.goto("/my/desk/files/new")
    expect(page.locator(".o_form_view")).to_be_visible()
    choose(screen, "近三年项目")
    link = screen.field("template_url").locator("a")
    expect(link).to_have_text("下载填报模板")
    assert page.request.get(link.get_attribute("href")).body().startswith(b"PK")
    screen.upload("data", FILE)
    client.settle(page)
    screen.shot(f"files-{screen.label}-new")
    press(screen, "试校验")
    result = page.locator(".o_form_view", has_text="这是试校验的结果")
    expect(result).to_be_visible()
    client.settle(page)
    screen.whole(f"files-{screen.label}-checked")
    press(screen, "更正后重报")
    expect(page.locator(".alert", has_text="最近一次试校验")).to_be_visible()
    client.settle(page)
    screen.shot(f"files-{screen.label}-mend")
    press(screen, "报送")
    before = page.locator(".alert", has_text="已经报送过")
    expect(before.or_(page.locator(".o_form_view", has_text="没有可接收的数据"))).to_be_visible()
    if before.is_visible():  # the same content, by the test before
        screen.shot(f"files-{screen.label}-same")
        press(screen, "仍然报送")
        expect(page.locator(".o_form_view", has_text="没有可接收的数据")).to_be_visible()
    screen.whole(f"files-{screen.label}-sent")
    client.open_path(page, "submissions")
    expect(page.locator(".o_list_view, .o_kanban_view").first).to_be_visible()
    client.settle(page)
    screen.shot(f"files-{screen.label}-submissions")
