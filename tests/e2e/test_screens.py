"""Every main screen as the roles that use it see it, kept as pictures in var/screenshots.

    scripts/test --e2e -- -k screens

A screen fails when it does not come up, when the browser's console shows an error, or when English is left on it.
"""
import re

import pytest
import world
from playwright.sync_api import expect
from screen import Screen

ROLES = {
    "filing_officer": ("filing_officer", "personal_data"), "planner": ("planner",), "inspector": ("inspector",),
    "reviewer": ("reviewer",), "risk_analyst": ("risk_analyst",), "data_steward": ("data_steward",),
    "leader": ("leader",), "system_admin": ("system_admin",), "security_admin": ("security_admin",),
    "audit_admin": ("audit_admin",), "institution": ("institution_user",),
}
VIEWS = {"list": ".o_list_view", "kanban": ".o_kanban_view", "pivot": ".o_pivot_view", "graph": ".o_graph_view",
         "calendar": ".o_calendar_view", "form": ".o_form_view", "activity": ".o_activity_view"}
SCREENS = {
    "filing_officer": {
        "ctsp_filing.ctsp_filing_queue_action": ("list", "kanban", "form"),
        "ctsp_filing.ctsp_filing_action": ("list", "kanban", "pivot", "graph"),
        "ctsp_filing.ctsp_deadline_action": ("list", "form"),
        "ctsp_filing.ctsp_annual_report_action": ("list", "form"),
        "ctsp_filing.ctsp_annual_campaign_action": ("list", "form"),
        "ctsp_filing.ctsp_filing_report_action": ("pivot",),
    },
    "leader": {
        "ctsp_institution.ctsp_institution_action": ("list", "kanban", "form"),
        "ctsp_institution.ctsp_specialty_action": ("list", "kanban", "form"),
        "ctsp_institution.ctsp_person_action": ("list", "form"),
        "ctsp_institution.ctsp_ethics_committee_action": ("list", "form"),
        "ctsp_institution.ctsp_institution_version_action": ("list", "form"),
        "ctsp_trial.ctsp_trial_action": ("list", "kanban", "form", "pivot", "graph"),
        "ctsp_trial.ctsp_institution_report_action": ("pivot", "graph"),
        "ctsp_trial.ctsp_query_action": ("list", "form"),
    },
    "risk_analyst": {
        "ctsp_risk.ctsp_risk_alert_action": ("list", "kanban", "form"),
        "ctsp_risk.ctsp_risk_rule_action": ("list", "form"),
        "ctsp_risk.ctsp_check_action": ("list", "form"),
    },
    "data_steward": {
        "ctsp_base.ctsp_dictionary_action": ("list", "form"),
        "ctsp_base.ctsp_district_action": ("list",),
        "ctsp_base.ctsp_discipline_action": ("list",),
        "ctsp_base.ctsp_tag_action": ("list",),
        "ctsp_base.ctsp_import_job_action": ("list",),
        "ctsp_filing.ctsp_filing_attachment_kind_action": ("list",),
        "ctsp_filing.ctsp_annual_section_action": ("list",),
    },
    "system_admin": {
        "ctsp_base.ctsp_account_action": ("list", "form"),
        "ctsp_base.ctsp_parameter_action": ("list", "form"),
        "ctsp_base.ctsp_workday_action": ("list", "calendar"),
        "ctsp_base.ctsp_workflow_rule_action_open": ("list",),
        "ctsp_base.ctsp_desk_entry_action": ("list",),
        "ctsp_studio.ctsp_studio_field_action": ("list",),
        "ctsp_studio.ctsp_studio_menu_action": ("list",),
    },
    "security_admin": {
        "ctsp_base.ctsp_role_action": ("list", "form"),
        "ctsp_base.ctsp_account_grant_action": ("list",),
    },
    "audit_admin": {"ctsp_base.ctsp_audit_event_action": ("list", "form")},
}
DESK = ("institution", "filings", "annual-reports", "our-trials")
RECORD = "tr.o_data_row td.o_data_cell[name]:not(.o_handle_cell), .o_kanban_record:not(.o_kanban_ghost)"
# Names, abbreviations and codes that are English in Chinese too.
ALLOWED = re.compile(
    r"GCP|PI|CRO|SMO|SOP|CTR|ICF|BE|EDC|CTMS|WGS|CGCS|GCJ|BD|ID|IP|SM3|UTF|GBK|CSV|xlsx|csv|xls|XML|RPC|JSON|API|Excel|GB|"
    r"ctsp|http|www|QL|DEM|BG|SC|QX|NB|DA|AE|SAE|II|III|IV|MB|MRI|PDF|HIS|LIS|KB|CT|admin|AND|OR", re.I)


@pytest.fixture(scope="module")
def people(platform):
    logins = {f"screen_{role}": groups for role, groups in ROLES.items()}
    return world.make(platform, logins, outside=("screen_institution",), institution="示例第一医院（示例）")


@pytest.mark.parametrize("role", [role for role in ROLES if role != "institution"])
def test_screens_of(role, people, visit):
    """The first page of the role and its main screens come up, in Chinese."""
    screen = visit().sign_in(f"screen_{role}", people.passwords[f"screen_{role}"])
    expect(screen.page.locator(".o_ctsp_home, .o_home_menu, .o_action_manager > *").first).to_be_visible()
    screen.page.wait_for_timeout(500)
    screen.shot(f"screen-{role}-home")
    english = {}
    for action, views in SCREENS.get(role, {}).items():
        for view in views:
            name = f"screen-{role}-{action.split('.')[1].removeprefix('ctsp_').removesuffix('_action')}-{view}"
            if show(screen, action, view):
                screen.shot(name)
                english |= {name: found} if (found := foreign(screen)) else {}
    assert not english, english


def test_screens_of_the_desk(people, visit):
    """The outside desk, also on a telephone."""
    for width, height, label in ((1440, 900, "desk"), (390, 844, "phone")):
        screen = visit(viewport={"width": width, "height": height}).sign_in(
            "screen_institution", people.passwords["screen_institution"])
        expect(screen.page.locator(".o_desk_home")).to_be_visible()
        screen.shot(f"screen-{label}-home")
        for path in DESK:
            screen.page.goto(f"/my/desk/{path}")
            expect(screen.page.locator(".o_view_controller").first).to_be_visible()
            screen.page.wait_for_timeout(400)
            screen.shot(f"screen-{label}-{path}-list")
            first = screen.page.locator(RECORD).first
            if first.count():
                first.click()
                expect(screen.page.locator(".o_form_view")).to_be_visible()
                screen.page.wait_for_timeout(400)
                screen.shot(f"screen-{label}-{path}-form")


def show(screen: Screen, action: str, view: str) -> bool:
    """Open the action in this view; False when there is no record to show."""
    page = screen.page
    page.goto(f"/odoo/action-{action}")
    expect(page.locator(".o_view_controller, .o_form_view").first).to_be_visible()
    if view == "form":
        if page.locator(".o_form_view").count():
            return True
        page.wait_for_timeout(300)
        first = page.locator(RECORD).first
        if not first.count():
            return False
        first.click()
    elif page.locator(f".o_switch_view.o_{view}").count():
        page.locator(f".o_switch_view.o_{view}").click()
    expect(page.locator(VIEWS[view]).first).to_be_visible()
    page.wait_for_timeout(500)
    return True


def foreign(screen: Screen) -> list[str]:
    """Runs of English words that are on the page: two or more words in a row, or a label that is one."""
    text = screen.page.locator(".o_action_manager, .o_main_navbar").all_inner_texts()
    runs = re.findall(r"(?<!_)\b[A-Za-z][A-Za-z'’-]+(?: [A-Za-z'’-]+)+", "\n".join(text))
    return sorted({run for run in runs if not all(ALLOWED.search(word) for word in run.split())})
