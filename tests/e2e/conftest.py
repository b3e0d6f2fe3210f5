"""A real browser (Debian's Chromium) on a running platform.

Environment, set by `scripts/test --e2e`: CTSP_URL, CTSP_DATABASE, CTSP_CONFIG. Against a platform of your own:
CTSP_URL=http://127.0.0.1:8069 CTSP_ADMIN_PASSWORD=… .venv/bin/python -m pytest tests/e2e
"""
import os

import pytest
from browsing import LATENCY, SHOTS, URL, browser, context, new_context, page, picture, pytest_runtest_makereport, visit
from identities import Identity
from playwright.sync_api import Page

__all__ = ["LATENCY", "SHOTS", "URL", "browser", "context", "new_context", "page", "pytest_runtest_makereport", "visit"]


@pytest.fixture(scope="session")
def identity(platform):
    """What certificates need: set up once for all tests with them."""
    made = Identity(platform)
    yield made
    made.close()


@pytest.fixture
def sign_in(page):
    """Sign in through the real form; return the page."""

    def enter(login: str = "admin", password: str | None = None) -> Page:
        page.goto("/web/login")
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", password or os.environ.get("CTSP_ADMIN_PASSWORD", "admin"))
        page.click("form.oe_login_form button[type=submit]")
        page.wait_for_url(lambda url: "/web/login" not in url)
        return page

    return enter


@pytest.fixture
def shot(page):
    """Keep a picture of the page under var/screenshots."""
    return lambda name: picture(page, name)
