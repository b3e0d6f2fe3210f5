"""Lists on the pages of a form are read when their page is opened, and keep what is done in them."""
import re

import pytest
import world
from playwright.sync_api import expect

LOGIN = "lists_steward"


@pytest.fixture(scope="module")
def people(platform):
    return world.make(platform, {LOGIN: ("data_steward",)})


@pytest.fixture
def screen(people, visit):
    screen = visit().sign_in(LOGIN, people.passwords[LOGIN])
    screen.open("ctsp_institution.ctsp_institution_action")
    screen.enter(screen.page.locator("tr.o_data_row", has_text=world.INSTITUTION).locator("td[name=name]"))
    return screen


def requested(screen):
    """Return the list that fills with what the web client reads."""
    read = []
    screen.page.on("request", lambda request: read.append(request.post_data or "") if re.search(
        r"/ctsp\.institution/web_(read|save)", request.url) else None)
    return read


def test_rows_are_read_with_their_page(screen):
    read = requested(screen)
    screen.again(r"/\d+$")
    expect(screen.page.locator(".o_form_view")).to_be_visible()
    assert not any('"person_ids"' in body for body in read), read
    screen.tab("人员")
    expect(screen.rows("person_ids").first).to_be_visible()
    assert sum('"person_ids"' in body for body in read) == 1
    screen.tab("院区")
    expect(screen.rows("site_ids").first).to_be_visible()
    screen.tab("人员")
    expect(screen.rows("person_ids").first).to_be_visible()
    assert sum('"person_ids"' in body for body in read) == 1, "read once"


def test_a_row_added_on_a_page_is_kept(screen):
    screen.fill(bed_count="321", correction_reason="补录院区（示例）")
    screen.tab("院区")
    expect(screen.rows("site_ids").first).to_be_visible()
    before = screen.rows("site_ids").count()
    screen.add_row("site_ids")
    dialog = screen.dialog()
    dialog.fill(name="新院区（示例）", address="上海市示例路9号")
    dialog.keep()
    screen.save()
    expect(screen.rows("site_ids")).to_have_count(before + 1)
    screen.again(r"/\d+$")
    expect(screen.field("bed_count").locator("input")).to_have_value("321")
    screen.tab("院区")
    expect(screen.rows("site_ids")).to_have_count(before + 1)
