"""A real browser (Debian's Chromium) on a running platform, for the conftest of each folder that looks at screens.

A conftest that imports these names has the fixtures, and the hook that lets a failure tell what the pages say.
"""
import os
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect, sync_playwright
from screen import Screen, said

URL = os.environ.get("CTSP_URL", "http://127.0.0.1:8069")
SHOTS = Path(__file__).parents[1] / "var" / "screenshots"
CHROMIUM = "/usr/bin/chromium"
TABS = pytest.StashKey[list]()
LATENCY = int(os.environ.get("CTSP_LATENCY", "0"))
"""milliseconds that every request takes longer: what passes only because the server is near fails"""
SLOW = int(os.environ.get("CTSP_SLOW", "1"))
"""times that the browser's processor is slower: what passes only because the page is quick fails"""
KNOWN = ("pdf.sandbox.js", "service-worker.js", "error occurred when fetching the script")
PATIENCE = (40_000 + 50 * LATENCY) * SLOW
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[
                "--no-sandbox", "--disable-dev-shm-usage", "--lang=zh-CN", "--use-fake-device-for-media-stream"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser):
    """A fresh visitor: no cookies, Chinese, Shanghai."""
    visitor = new_context(browser)
    yield visitor
    visitor.close()


@pytest.fixture
def page(context, request):
    """A page that fails its test when the console shows an error, and leaves a picture when the test fails."""
    tab = context.new_page()
    errors = listen(tab)
    watch(request, tab)
    yield tab
    leave(request, tab, errors)


@pytest.fixture
def visit(browser, request):
    """visit() → the screen of one more person, in a browser of his own; watched like `page`."""
    opened = []

    def enter(**options) -> Screen:
        visitor = new_context(browser, **options)
        tab = visitor.new_page()
        opened.append((visitor, tab, listen(tab)))
        watch(request, tab)
        return Screen(tab, SHOTS)

    yield enter
    for number, (_visitor, tab, errors) in enumerate(opened, 1):
        leave(request, tab, errors, f"-{number}")
    for visitor, _tab, _errors in opened:
        visitor.close()


def new_context(browser, **options):
    visitor = browser.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", accept_downloads=True,
        ignore_https_errors=True,  # the front door's certificate is of a CA of this run
        **{"base_url": URL, "viewport": {"width": 1440, "height": 900}, **options},
    )
    visitor.set_default_timeout(PATIENCE + 5_000)
    if LATENCY:
        visitor.on("page", put_far_away)
    if SLOW > 1:
        visitor.on("page", slow_down)
    return visitor


def put_far_away(tab: Page) -> None:
    """Let a page be at the end of a long line."""
    engine = tab.context.new_cdp_session(tab)
    engine.send("Network.enable")
    engine.send("Network.emulateNetworkConditions", {
        "offline": False, "latency": LATENCY, "downloadThroughput": -1, "uploadThroughput": -1})


def slow_down(tab: Page) -> None:
    """Let a page be on a machine that is slower."""
    tab.context.new_cdp_session(tab).send("Emulation.setCPUThrottlingRate", {"rate": SLOW})


def listen(tab: Page) -> list[str]:
    """Return the list that fills with what goes wrong in the page."""
    errors = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on("console", lambda said: errors.append(f"{said.text} {said.location.get('url')}") if is_wrong(said) else None)
    return errors


def is_wrong(message) -> bool:
    """An error, or a widget that a view names and nobody loaded: it is shown as if nothing were asked for.

    Not so the viewer's pdf.sandbox.js: Odoo does not ship it, a PDF with a signature field asks for it in vain; nor
    the service worker, which Chromium fetches only under a certificate of the system's own authorities.
    """
    about = message.text + str(message.location)
    if any(known in about for known in KNOWN):
        return False
    return message.type == "error" or message.text.startswith("Missing widget")


def watch(request, tab: Page) -> None:
    """Let a failure of the test tell what this page says then."""
    request.node.stash.setdefault(TABS, []).append(tab)


def leave(request, tab: Page, errors: list[str], suffix: str = "") -> None:
    report = getattr(request.node, "report_call", None)
    if report is None or report.failed:
        picture(tab, f"failed-{request.node.name}{suffix}")
    assert not errors, errors


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    outcome = yield
    report = outcome.get_result()
    if report.when == "call" and report.failed:
        for number, tab in enumerate(item.stash.get(TABS, ()), 1):
            report.sections.append((f"page {number}", what_it_says(tab)))
    setattr(item, f"report_{report.when}", report)


def what_it_says(tab: Page) -> str:
    """A page that crashed must not hide why the test failed."""
    try:
        return said(tab)
    except Error as error:
        return f"no answer from the page: {error}"


def picture(page: Page, name: str) -> Path:
    SHOTS.mkdir(parents=True, exist_ok=True)
    path = SHOTS / f"{name}.png"
    page.screenshot(path=path)
    return path
