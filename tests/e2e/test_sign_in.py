"""The door: the platform greets in Chinese and lets nobody in without a password."""
from playwright.sync_api import expect


def test_the_administrator_signs_in_and_sees_chinese(sign_in, shot):
    page = sign_in()
    expect(page.locator(".o_main_navbar")).to_be_visible()
    session = page.request.post("/web/session/get_session_info", data={"jsonrpc": "2.0", "params": {}}).json()
    assert session["result"]["user_context"]["lang"] == "zh_CN"
    assert session["result"]["user_context"]["tz"] == "Asia/Shanghai"
    shot("sign-in-home")


def test_a_wrong_password_is_refused_in_chinese(page):
    page.goto("/web/login")
    page.fill("input[name=login]", "admin")
    page.fill("input[name=password]", "not the password")
    page.click("form.oe_login_form button[type=submit]")
    expect(page.locator(".alert-danger:visible")).to_contain_text("密码")


def test_nobody_lists_databases(page):
    answer = page.request.post("/web/database/list", data={"jsonrpc": "2.0", "method": "call", "params": {}})
    assert "error" in answer.json()


def test_shell_and_rpc_see_the_same_platform(platform):
    assert platform.shell("print(env.user.login)").strip() == "__system__"
    assert platform.rpc()("res.users", "search_count", [["login", "=", "admin"]]) == 1
