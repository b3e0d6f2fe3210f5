"""What a regulator does with a list of the registry: tag rows, export them, look into the workbook."""
from datetime import datetime

from playwright.sync_api import expect


def tag_the_first_two(screen, tag):
    page = screen.page
    for number in range(2):
        page.locator("tr.o_data_row").nth(number).locator("input[type=checkbox]").check()
    screen.shot("regulator-01-filtered")
    page.locator(".o_cp_action_menus .dropdown-toggle, .o_control_panel_actions .dropdown-toggle").first.click()
    page.get_by_role("menuitem", name="标签").click()
    dialog = screen.dialog()
    entry = dialog.field("add_ids").locator("input")
    entry.fill(tag)
    page.locator(".o-autocomplete--dropdown-item", has_text=tag).first.click()
    expect(dialog.field("add_ids").locator(".o_tag")).to_have_count(1)  # a new tag is made first
    dialog.scope.locator("footer .btn-primary").click()
    expect(page.locator(".modal")).to_have_count(0)


def export(screen, folder):
    """Export all that matches the search with the default profile; return the downloaded file."""
    page = screen.page
    page.locator(".o_control_panel_breadcrumbs .o_cp_action_menus .fa-cog").click()
    page.locator(".o_ctsp_export_menu").click()
    dialog = screen.dialog()
    screen.shot("regulator-03-export")
    with page.expect_download() as download:
        dialog.scope.locator("footer .btn-primary").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    assert path.suffix == ".xlsx" and "机构" in path.name
    return path


def check_workbook(sheet, found, days, district):
    """Title, who and when, a Chinese header, one row per record found, dates and numbers as such."""
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "机构基本信息"
    assert any(str(day) in rows[1][0] for day in days) and "e2e_steward" in rows[1][0]
    header = list(rows[2])
    assert header[:2] == ["备案号", "机构名称"] and all(header)
    records = [dict(zip(header, row, strict=True)) for row in rows[3:] if any(row)]
    assert len(records) == found
    assert {record["所在区"] for record in records} == {district}
    assert {type(record["专业数"]) for record in records} == {int}
    assert datetime in {type(record["首次备案日期"]) for record in records}
