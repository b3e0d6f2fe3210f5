"""The web client from the inside: go where its menus go without loading it anew, and know when a page is at rest."""
from playwright.sync_api import Page, expect

# Counts what the page has asked the server for; it rests when nothing was under way for two frames in a row.
WATCH = """(() => {
    let asked = 0, frames = 0;
    const { fetch } = window, { send } = XMLHttpRequest.prototype;
    window.fetch = (...request) => {
        asked++;
        return fetch(...request).finally(() => asked--);
    };
    XMLHttpRequest.prototype.send = function (...body) {
        asked++;
        this.addEventListener("loadend", () => asked--);
        return send.apply(this, body);
    };
    window.pageRests = () => {
        frames = asked || document.querySelector(".o_loading_indicator") ? 0 : frames + 1;
        return frames > 2 && !(frames = 0);
    };
})()"""
SERVICES = "const { services } = odoo.__WOWL_DEBUG__.root.env; services.dialog.closeAll();"
SELECT = f"async (menu) => {{ {SERVICES} await services.menu.selectMenu(menu); }}"
DO = f"async (action) => {{ {SERVICES} await services.action.doAction(action, {{ clearBreadcrumbs: true }}); }}"


def watch(page: Page) -> None:
    """Count requests from the next page on."""
    page.add_init_script(WATCH)


def settle(page: Page) -> None:
    """Wait until the page has what it asked for, and no error lies on it."""
    page.wait_for_function("() => window.pageRests()", polling="raf")
    expect(page.locator(".o_error_dialog")).to_have_count(0)


def choose_menu(page: Page, menu: int) -> None:
    """Do what a click on a menu does."""
    page.evaluate(SELECT, menu)


def open_path(page: Page, path: str) -> None:
    """Do what a click on an entry of the desk does; ``path`` as in the address."""
    page.evaluate(DO, path)
