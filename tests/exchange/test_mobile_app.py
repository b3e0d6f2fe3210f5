"""A ticket of the APP opens the platform over real connections: once, for its holder, until he signs out there."""
import time

import requests

PERSON = """
user = env["ctsp.account"].create([{"name": "赵示例（示例）", "login": "app-tester", "kind": "internal"}]).user_id
user.group_ids = [(4, env.ref("ctsp_base.group_inspector").id)]
env["ctsp.app.person"].create({
    "subject": "u1001", "name": "赵示例（示例）", "user_id": user.id, "state": "active"})
env.cr.commit()
"""


def entered(mobile_app, ticket):
    """Return a browser that opened the door with ``ticket``, and the answer of the door."""
    browser = requests.Session()
    return browser, browser.get(mobile_app.address(ticket), allow_redirects=False, timeout=30)


def who(browser, platform):
    answer = browser.post(f"{platform.url}/web/session/get_session_info", json={"params": {}}, timeout=30).json()
    return answer.get("result", {}).get("username")


def test_in_and_out(platform, mobile_app):
    platform.shell(PERSON)
    ticket = mobile_app.ticket()
    browser, door = entered(mobile_app, ticket)
    assert (door.status_code, door.headers["Location"]) == (303, "/odoo"), door.text[-2000:]
    assert who(browser, platform) == "app-tester"
    again, door = entered(mobile_app, ticket)
    assert door.status_code == 403
    assert who(again, platform) is None
    assert mobile_app.sign_out("u1001")["code"] == 0
    until = time.monotonic() + 120
    while who(browser, platform) is not None:
        assert time.monotonic() < until, "signed out in the APP, still signed in here"
        time.sleep(0.2)


def test_strangers_and_a_broken_line(platform, mobile_app):
    _browser, door = entered(mobile_app, mobile_app.ticket("u4040", "陌生人（示例）"))
    assert (door.status_code, "尚未开通" in door.text) == (403, True)
    for fault, status in (("drop", 403), ("cut", 403), ("wrong_signature", 403)):
        mobile_app.faults.append(fault)
        assert entered(mobile_app, mobile_app.ticket())[1].status_code == status, fault
    assert entered(mobile_app, mobile_app.ticket())[1].status_code == 303
