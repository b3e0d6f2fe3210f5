"""From a figure to the record behind it; earlier inspections and the dossier as people see them."""
import pytest
import world
from playwright.sync_api import expect

PEOPLE = {"statistics_leader": ("leader",)}


@pytest.fixture(scope="module")
def people(platform):
    return world.make(platform, PEOPLE)


@pytest.fixture
def leader(people, visit):
    return visit().sign_in("statistics_leader", people.passwords["statistics_leader"])


@pytest.mark.parametrize("name", ["inspection", "clause", "inspection_object"])
def test_from_a_figure_to_the_record(leader, name):
    """A leader clicks a figure of the table, then a row of what it counts, and stands before the inspection."""
    page = leader.open(f"ctsp_inspection.ctsp_{name}_report_action", ".o_pivot").page
    leader.shot(f"statistics-{name}")
    page.locator(".o_pivot td.o_pivot_cell_value:not(.o_empty)").first.click()
    expect(page.locator("tr.o_data_row").first).to_be_visible()
    expect(page.locator(".o_control_panel")).not_to_contain_text("未命名")
    leader.enter(page.locator("tr.o_data_row td.o_data_cell"))
    expect(page.locator(".o_form_view .o_field_widget[name=institution_id]").first).to_contain_text("示例")
    expect(page.locator(".o_form_view .o_field_widget[name=state]").first).to_be_visible()


def test_trend(leader):
    """A ready-made question shows the trend as a line, and the same figures as a table."""
    page = leader.open("ctsp_inspection.ctsp_inspection_report_action", ".o_pivot").page
    page.locator(".o_searchview_dropdown_toggler").click()
    page.locator(".o_favorite_menu .dropdown-item", has_text="一次通过审核率").first.click()
    expect(page.locator(".o_facet_value", has_text="一次通过审核率")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".o_switch_view.o_graph").click()
    expect(page.locator(".o_graph_canvas_container canvas")).to_be_visible()
    leader.shot("statistics-trend")


def test_consistency_begins_with_one_year(leader):
    """The list of inspectors beside their peers begins with this year."""
    page = leader.open("ctsp_inspection.ctsp_inspector_report_action").page
    expect(page.locator(".o_facet_value")).to_have_text("今年")
    leader.shot("statistics-inspectors")


def test_earlier_inspections(leader):
    """监管部门历次现场检查情况: the list, and one of them with people, findings and rectification on a page."""
    page = leader.open("ctsp_inspection.ctsp_inspection_history_action").page
    leader.shot("history-list")
    leader.enter(page.locator("tr.o_data_row td.o_data_cell"))
    expect(page.locator(".o_form_view .o_field_widget[name=people]")).not_to_be_empty()
    leader.whole("history-form")


def test_dossier(leader):
    """The dossier before an inspection, as its reader sees it."""
    page = leader.open("ctsp_inspection.ctsp_inspection_action").page
    leader.enter(page.locator("tr.o_data_row td.o_data_cell, .o_kanban_record"))
    page.locator("button[name=action_open_dossier]").first.click()
    expect(page.locator(".o_ctsp_dossier")).to_be_visible()
    leader.whole("dossier")


def test_time_limits(leader):
    """Everything that runs, with the rule it rests on; the overdue list is the same list, filtered."""
    leader.open("ctsp_inspection.ctsp_inspection_term_action").shot("terms")
    page = leader.open("ctsp_inspection.ctsp_inspection_term_action_late").page
    expect(page.locator(".o_facet_value").first).to_be_visible()
