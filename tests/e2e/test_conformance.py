"""Several data sets whose tests are passed are asked for in one application, and signed off at once."""
import client
import pytest
import world
from playwright.sync_api import expect

LOGIN, STEWARD = "together_institution", "together_steward"
READY, TESTING = ("试验项目基本信息", "受试者基本信息"), "试验项目文件"
PREPARE = """
from odoo import fields
from odoo.addons.ctsp_dataset.models.dataset_conformance import CHECKS
partner = env["res.users"].search([("login", "=", "{login}")]).partner_id.commercial_partner_id
env["ctsp.desk.notice"].search([("owner_partner_id", "=", partner.id)]).is_seen = True
for name in {names}:
    report = env["ctsp.dataset.conformance"]._of(partner, env["ctsp.dataset"].search([("name", "=", name)]))
    report._set_state("testing", "示例")
    passed = name != "{testing}" and fields.Datetime.now()
    report.write({{f"{{code}}_at": passed for code in CHECKS}})
env.cr.commit()
"""


@pytest.fixture(scope="module")
def people(platform):
    return world.make(platform, {LOGIN: ("institution_user",), STEWARD: ("data_steward",)}, outside=(LOGIN,))


@pytest.fixture
def reports(platform, people):
    """Two reports that can be asked for, one that cannot yet."""
    platform.shell(PREPARE.format(login=LOGIN, testing=TESTING, names=[*READY, TESTING]))


@pytest.fixture
def enter(people, visit):
    def sign_in(login, **options):
        screen = visit(**options)
        client.watch(screen.page)
        return screen.sign_in(login, people.passwords[login])
    return sign_in


def tick(screen, *rows):
    for row in rows:
        client.settle(screen.page)
        row.locator("td.o_list_record_selector input").check()


def sign_off(screen):
    """The data steward ticks what the institution asked for, and signs it off."""
    screen.open("ctsp_dataset.ctsp_dataset_conformance_action", ".o_list_view")
    own = screen.page.locator("tr.o_data_row", has_text=world.INSTITUTION)
    rows = [own.filter(has_text=name) for name in READY]
    tick(screen, *rows)
    screen.shot("together-steward")
    screen.press("确认通过")
    for row in rows:
        expect(row).to_contain_text("已确认")
    expect(own.filter(has_text=TESTING)).to_contain_text("测试中")


def test_ask_and_sign(reports, enter):
    """What is ready is asked for, what is not is named and left; one notice tells of the sign-off of both."""
    desk = enter(LOGIN)
    expect(desk.page.locator(".o_desk_home")).to_be_visible()
    client.open_path(desk.page, "conformance")
    expect(desk.page.locator(".o_list_view")).to_be_visible()
    rows = {name: desk.page.locator("tr.o_data_row", has_text=name) for name in (*READY, TESTING)}
    tick(desk, *rows.values())
    desk.shot("together-chosen")
    desk.press("申请确认")
    told = desk.page.locator(".o_notification:not(.o_desk_news)")
    expect(told).to_contain_text("2个数据集")
    expect(told).to_contain_text(TESTING)
    for name in READY:
        expect(rows[name]).to_contain_text("待确认")
    expect(rows[TESTING]).to_contain_text("测试中")
    desk.shot("together-asked")
    news = desk.page.locator(".o_desk_news")
    expect(news).to_have_count(0)  # what he did himself is no news to him
    sign_off(enter(STEWARD))
    expect(news).to_contain_text("2个数据集对接测试已确认")
    desk.page.goto("/my/desk")
    notice = desk.page.locator(".o_desk_home").get_by_text("2个数据集对接测试已确认")
    expect(notice).to_have_count(1)
    expect(notice).to_contain_text(READY[0])
    desk.shot("together-signed")


def test_ask_by_telephone(reports, enter):
    """Cards cannot be ticked: one button asks for all that is ready."""
    desk = enter(LOGIN, viewport={"width": 390, "height": 844})
    expect(desk.page.locator(".o_desk_home")).to_be_visible()
    client.open_path(desk.page, "conformance")
    cards = desk.page.locator(".o_kanban_record:not(.o_kanban_ghost)")
    expect(cards.filter(has_text=READY[0])).to_contain_text("可申请")
    client.settle(desk.page)
    desk.shot("together-phone")
    desk.press("一次申请全部可申请的")
    for name in READY:
        expect(cards.filter(has_text=name)).to_contain_text("待确认")
    expect(cards.filter(has_text=TESTING)).to_contain_text("测试中")
