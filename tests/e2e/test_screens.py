"""Every screen of every menu, as the role that uses it sees it, kept as pictures in var/screenshots.

    scripts/test --e2e -- -k screens

The screens come from the menus themselves: what an addon adds to a menu is pictured here without being named. A screen
fails when it does not come up, when the browser's console shows an error, or when English is left on it. Each action is
pictured in all its views for the first role below that has it in a menu; the other roles only ask the server for it.
"""
import re

import pytest
import world
from playwright.sync_api import Error, expect
from screen import Screen

ROLES = {
    "filing_officer": ("filing_officer", "personal_data"), "planner": ("planner",), "inspector": ("inspector",),
    "reviewer": ("reviewer",), "risk_analyst": ("risk_analyst",), "data_steward": ("data_steward",),
    "system_admin": ("system_admin",), "security_admin": ("security_admin",), "audit_admin": ("audit_admin",),
    "leader": ("leader",), "institution": ("institution_user",),
}
VIEWS = {"list": ".o_list_view", "kanban": ".o_kanban_view", "pivot": ".o_pivot_view", "graph": ".o_graph_view",
         "calendar": ".o_calendar_view", "form": ".o_form_view", "activity": ".o_activity_view"}
CONTROLLER = ".o_view_controller"
"""what a view of our own (a time line) stands in"""
SHOWN = ".o_view_controller, .o_form_view, .o_action_manager > *, .modal .o_form_view"
RECORD = "tr.o_data_row td.o_data_cell[name]:not(.o_handle_cell), .o_kanban_record:not(.o_kanban_ghost)"
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
    """Actions that a role before has shown."""
    return set()


@pytest.mark.parametrize("role", [role for role in ROLES if role != "institution"])
def test_screens_of(role, people, visit, pictured):
    """The first page of the role and every screen of its menus come up, in Chinese."""
    screen = visit().sign_in(f"screen_{role}", people.passwords[f"screen_{role}"])
    expect(screen.page.locator(".o_ctsp_home, .o_home_menu, .o_action_manager > *").first).to_be_visible()
    settle(screen)
    screen.shot(f"screen-{role}-home")
    menus = menus_of(screen)
    assert menus, f"{role} sees no menu"
    wrong = {}
    for menu, action in menus.items():
        try:
            window = call(screen, "/web/action/load", action_id=action)
            if action in pictured:
                answers(screen, window)
                continue
            pictured.add(action)
            for view in shown(screen, window):
                name = f"screen-{role}-{menu}-{view}"
                screen.shot(name)
                wrong |= {name: found} if (found := foreign(screen)) else {}
        except (AssertionError, Error) as error:  # the others are looked at all the same
            wrong[f"screen-{role}-{menu}"] = str(error)[:300]
            screen.shot(f"failed-{role}-{menu}")
    assert not wrong, wrong


def test_screens_of_the_desk(people, visit):
    """Every page of the outside desk, also on a telephone."""
    for width, height, label in ((1440, 900, "desk"), (390, 844, "phone")):
        screen = visit(viewport={"width": width, "height": height}).sign_in(
            "screen_institution", people.passwords["screen_institution"])
        expect(screen.page.locator(".o_desk_home")).to_be_visible()
        screen.shot(f"screen-{label}-home")
        entries = screen.page.locator(".o_desk_nav_item[data-entry]")
        paths = [entry.get_attribute("href").rpartition("/")[2] for entry in entries.all()]
        assert paths
        for path in paths:
            screen.page.goto(f"/my/desk/{path}")
            expect(screen.page.locator(".o_view_controller").first).to_be_visible()
            settle(screen)
            screen.shot(f"screen-{label}-{path}-list")
            first = screen.page.locator(RECORD).first
            if first.count():
                first.click()
                expect(screen.page.locator(".o_form_view")).to_be_visible()
                settle(screen)
                screen.shot(f"screen-{label}-{path}-form")


def menus_of(screen: Screen) -> dict[str, int]:
    """Return the menus of this role that open something: name → action, each action once."""
    menus = screen.page.request.get("/web/webclient/load_menus").json()
    menus.pop("root")
    leaves = {menu["actionID"]: menu["xmlid"] for menu in menus.values() if menu["actionID"] and not menu["children"]}
    return {name.split(".")[-1].removeprefix("ctsp_").removesuffix("_menu"): action for action, name in leaves.items()}


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


def shown(screen: Screen, window: dict):
    """Open the action in each of its views; yield the name of each when it stands on the page."""
    page = screen.page
    page.goto(f"/odoo/action-{window['id']}")
    expect(page.locator(SHOWN).first).to_be_visible()
    settle(screen)
    views = [view for _id, view in window.get("views", ())]
    if not views or page.locator(".modal").count():
        yield "page"
        return
    for view in sorted(views, key=lambda view: view == "form"):  # the form comes from a row of a list, last
        if view == "form":
            if not page.locator(".o_form_view").count() and not open_record(screen, views):
                continue
        elif page.locator(f".o_switch_view.o_{view}").count():
            page.locator(f".o_switch_view.o_{view}").first.click()
        expect(page.locator(VIEWS.get(view, CONTROLLER)).first).to_be_visible()
        settle(screen)
        yield view


def open_record(screen: Screen, views: list[str]) -> bool:
    """Open the first record of the list (or of the cards); False when there is none."""
    page = screen.page
    for view in ("list", "kanban"):
        if view in views and page.locator(f".o_switch_view.o_{view}").count():
            page.locator(f".o_switch_view.o_{view}").first.click()
            expect(page.locator(VIEWS[view]).first).to_be_visible()
            settle(screen)
            break
    group = page.locator(".o_group_header:not(.o_group_open)").first
    if group.count():
        group.click()
        settle(screen)
    first = page.locator(RECORD).first
    if page.locator(".o_view_sample_data").count() or not first.count():
        return False
    first.click()
    settle(screen)
    return bool(page.locator(".o_form_view").count())


def settle(screen: Screen) -> None:
    """Wait until the page has what it asked for, and no error lies on it."""
    screen.page.wait_for_timeout(250)
    expect(screen.page.locator(".o_loading_indicator")).to_have_count(0)
    expect(screen.page.locator(".o_error_dialog")).to_have_count(0)
    screen.page.wait_for_timeout(150)


def foreign(screen: Screen) -> list[str]:
    """Runs of English words that are on the page: two or more words in a row, or a label that is one.

    Odoo's own dim rows behind an empty screen (``sample="1"``) are made up in English and not read by anybody.
    """
    made_up = screen.page.locator(".o_view_sample_data").count()
    where = ".o_control_panel, .o_view_nocontent" if made_up else ".o_action_manager"
    text = screen.page.locator(f"{where}, .o_main_navbar, .modal").all_inner_texts()
    runs = re.findall(r"(?<!_)\b[A-Za-z][A-Za-z'’-]+(?: [A-Za-z'’-]+)+", "\n".join(text))
    return sorted({run for run in runs if not all(ALLOWED.search(word) for word in run.split())})
