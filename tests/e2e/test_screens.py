"""Every screen of every menu, as the role that uses it sees it, kept as pictures in var/screenshots.

    scripts/test --e2e -- -k screens        # CTSP_SHOTS=1: with pictures, also where CI=true

The screens come from the menus themselves: what an addon adds to a menu is pictured here without being named. A screen
fails when it does not come up, when the browser's console shows an error, or when English is left on it. Each action is
pictured in all its views for the first role below that has it in a menu; the other roles only ask the server for it.
The client is loaded once for each role; from there the menus are chosen as a person would, without reloading it.
"""
import os
import re

import client
import pytest
import world
from playwright.sync_api import Error, expect
from screen import Screen

from conftest import picture

ROLES = {
    "filing_officer": ("filing_officer", "personal_data"), "planner": ("planner",), "inspector": ("inspector",),
    "reviewer": ("reviewer",), "risk_analyst": ("risk_analyst",), "data_steward": ("data_steward",),
    "system_admin": ("system_admin",), "security_admin": ("security_admin",), "audit_admin": ("audit_admin",),
    "leader": ("leader",), "institution": ("institution_user",),
}
VIEWS = {"list": ".o_list_view", "kanban": ".o_kanban_view", "pivot": ".o_pivot_view", "graph": ".o_graph_view",
         "calendar": ".o_calendar_view", "form": ".o_form_view", "activity": ".o_activity_view"}
ORDER = {"list": 1, "form": 2}
"""the form comes from a row of the list, so these are looked at last"""
CONTROLLER = ".o_view_controller"
"""what a view of our own (a time line) stands in"""
HOME = ".o_ctsp_home, .o_home_menu, .o_action_manager > *"
SHOWN = ".o_view_controller, .o_form_view, .o_action_manager > *, .modal .o_form_view"
RECORD = "tr.o_data_row td.o_data_cell[name]:not(.o_handle_cell), .o_kanban_record:not(.o_kanban_ghost)"
PICTURES = os.environ.get("CTSP_SHOTS") == "1" or os.environ.get("CI") != "true"
"""a judge that nobody looks over the shoulder of needs pictures of failures only: they take a fifth of the time"""
# Names, abbreviations and codes that are English in Chinese too.
ALLOWED = re.compile(
    r"GCP|PI|CRO|SMO|SOP|CTR|ICF|BE|EDC|CTMS|WGS|CGCS|GCJ|BD|ID|IP|SM3|UTF|GBK|CSV|xlsx|csv|xls|XML|RPC|JSON|API|Excel|GB|"
    r"OWASP|Password|Storage|Cheat|Sheet|Argon|"  # a title
    r"div|class|"  # the source of a template
    r"Linux|Windows|Chrome|Firefox|Edge|BEGIN|END|CERTIFICATE|"  # browsers of sessions, the form of a file
    r"ctsp|http|www|QL|DEM|BG|SC|QX|NB|DA|AE|SAE|II|III|IV|MB|MRI|PDF|HIS|LIS|KB|CT|admin|AND|OR", re.I)


@pytest.fixture(scope="module")
def people(platform):
    logins = {f"screen_{role}": groups for role, groups in ROLES.items()}
    return world.make(platform, logins, outside=("screen_institution",), institution="示例第一医院（示例）")


@pytest.fixture(scope="module")
def pictured():
    """Actions that a role before has shown: id → action."""
    return {}


@pytest.fixture
def enter(people, visit):
    """enter(role) → the screen of that person, signed in."""

    def sign_in(role: str, **options) -> Screen:
        screen = visit(reduced_motion="reduce", **options)
        screen.shots = screen.shots if PICTURES else None
        client.watch(screen.page)
        return screen.sign_in(f"screen_{role}", people.passwords[f"screen_{role}"])

    return sign_in


@pytest.mark.parametrize("role", [role for role in ROLES if role != "institution"])
def test_screens_of(role, enter, pictured):
    """The first page of the role and every screen of its menus come up, in Chinese."""
    screen = enter(role)
    expect(screen.page.locator(HOME).first).to_be_visible()
    client.settle(screen.page)
    screen.shot(f"screen-{role}-home")
    menus = menus_of(screen)
    assert menus, f"{role} sees no menu"
    wrong = {}
    for name, menu, action in menus:
        try:
            if action in pictured:
                answers(screen, pictured[action])
                continue
            pictured[action] = call(screen, "/web/action/load", action_id=action)
            wrong |= look_at(screen, f"screen-{role}-{name}", menu, pictured[action])
        except (AssertionError, Error) as error:  # the others are looked at all the same
            wrong[f"screen-{role}-{name}"] = str(error)[:300]
            picture(screen.page, f"failed-{role}-{name}")
            screen.page.goto("/odoo")
            expect(screen.page.locator(HOME).first).to_be_visible()
    assert not wrong, wrong


def test_screens_of_the_desk(enter):
    """Every page of the outside desk, also on a telephone."""
    for width, height, label in ((1440, 900, "desk"), (390, 844, "phone")):
        screen = enter("institution", viewport={"width": width, "height": height})
        page = screen.page
        expect(page.locator(".o_desk_home")).to_be_visible()
        screen.shot(f"screen-{label}-home")
        entries = page.locator(".o_desk_nav_item[data-entry]")
        paths = [entry.get_attribute("href").rpartition("/")[2] for entry in entries.all()]
        assert paths
        for path in paths:
            client.open_path(page, path)
            expect(page.locator(".o_view_controller").first).to_be_visible()
            client.settle(page)
            screen.shot(f"screen-{label}-{path}-list")
            first = page.locator(RECORD).first
            if first.count():
                first.click()
                expect(page.locator(".o_form_view")).to_be_visible()
                client.settle(page)
                screen.shot(f"screen-{label}-{path}-form")
        if label == "desk":
            told_why(screen)


def told_why(screen: Screen) -> None:
    """What the server says no to is said to outside users as well: the web client hides errors from them."""
    no = {"name": "odoo.exceptions.ValidationError", "message": "不予保存的原因", "arguments": ["不予保存的原因"],
          "context": {}, "debug": ""}
    screen.page.route("**/ctsp.dataset.webhook/web_save", lambda route: route.fulfill(json={
        "jsonrpc": "2.0", "id": 1, "error": {"code": 0, "message": "Odoo Server Error", "data": no}}))
    screen.page.goto("/my/desk/callbacks/new")
    screen.fill(url="ftp://example.org/hook")
    screen.page.locator(".o_form_button_save").click()
    expect(screen.page.locator(".modal .modal-content")).to_contain_text("不予保存的原因")


def menus_of(screen: Screen) -> list[tuple[str, int, int]]:
    """Return the menus of this role that open something: name, menu, action."""
    menus = screen.page.request.get("/web/webclient/load_menus").json()
    menus.pop("root")
    leaves = [menu for menu in menus.values() if menu["actionID"] and not menu["children"]]
    return [(menu["xmlid"].split(".")[-1].removeprefix("ctsp_").removesuffix("_menu"), menu["id"], menu["actionID"])
            for menu in leaves]


def call(screen: Screen, route: str, **params):
    """Ask the server as the person who is signed in."""
    answer = screen.page.request.post(route, data={"jsonrpc": "2.0", "method": "call", "params": params}).json()
    assert "error" not in answer, (route, params, answer["error"]["data"]["message"])
    return answer["result"]


def answers(screen: Screen, window: dict) -> None:
    """The views of an action and its first record are served to this role, too."""
    if window["type"] != "ir.actions.act_window":
        return
    model = window["res_model"]
    views = [view for view in window["views"] if view[1] in VIEWS]
    call(screen, f"/web/dataset/call_kw/{model}/get_views", model=model, method="get_views", args=[],
         kwargs={"views": views, "options": {"action_id": window["id"]}})
    call(screen, f"/web/dataset/call_kw/{model}/web_search_read", model=model, method="web_search_read", args=[],
         kwargs={"domain": [], "specification": {}, "limit": 1})


def look_at(screen: Screen, name: str, menu: int, window: dict) -> dict[str, list[str]]:
    """Picture all views of a screen; return what is English there, by picture."""
    client.choose_menu(screen.page, menu)
    found = {}
    for view in shown(screen, window):
        if view == "graph" and PICTURES:
            screen.page.wait_for_timeout(1_000)  # bars grow slowly
        screen.shot(f"{name}-{view}")
        found[f"{name}-{view}"] = foreign(screen)
    return {picture: words for picture, words in found.items() if words}


def shown(screen: Screen, window: dict):
    """Show the action that was opened in each of its views; yield the name of each when it stands on the page."""
    page = screen.page
    expect(page.locator(SHOWN).first).to_be_visible()
    client.settle(page)
    views = [view for _id, view in window.get("views", ())]
    if not views or page.locator(".modal").count():
        yield "page"
        return
    for view in sorted(views, key=lambda view: ORDER.get(view, 0)):
        if view != "form":
            switch(page, view)
        elif not page.locator(".o_form_view").count() and not open_record(screen, views):
            continue
        expect(page.locator(VIEWS.get(view, CONTROLLER)).first).to_be_visible()
        client.settle(page)
        yield view


def switch(page, view: str) -> None:
    """Switch to this view, unless it is there already."""
    button = page.locator(f".o_switch_view.o_{view}")
    if not (view in VIEWS and page.locator(VIEWS[view]).count()) and button.count():
        button.first.click()


def open_record(screen: Screen, views: list[str]) -> bool:
    """Open the first record of the list (or of the cards); False when there is none."""
    page = screen.page
    for view in ("list", "kanban"):
        if view in views:
            switch(page, view)
            expect(page.locator(VIEWS[view]).first).to_be_visible()
            break
    group = page.locator(".o_group_header:not(.o_group_open)").first
    if group.count():
        group.click()
        client.settle(page)
    first = page.locator(RECORD).first
    if page.locator(".o_view_sample_data").count() or not first.count():
        return False
    first.click()
    client.settle(page)
    return bool(page.locator(".o_form_view").count())


def foreign(screen: Screen) -> list[str]:
    """Runs of English words that are on the page: two or more words in a row, or a label that is one.

    Odoo's own dim rows behind an empty screen (``sample="1"``) are made up in English and not read by anybody.
    """
    made_up = screen.page.locator(".o_view_sample_data").count()
    where = ".o_control_panel, .o_view_nocontent" if made_up else ".o_action_manager"
    text = screen.page.locator(f"{where}, .o_main_navbar, .modal").all_inner_texts()
    runs = re.findall(r"(?<!_)\b[A-Za-z][A-Za-z'’-]+(?: [A-Za-z'’-]+)+", "\n".join(text))
    return sorted({run for run in runs if not all(ALLOWED.search(word) for word in run.split())})
