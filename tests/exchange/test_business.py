"""A business item comes in and becomes a filing, is decided, and every step goes out: each within five seconds."""
import base64
import time

from playwright.sync_api import expect
from simulators.other_system import PATIENCE, sm3
from timing import seen_within

USCC, NAME = "12990000MB0000001J", "示例对接医院71（示例）"


def handed_in(facts, number):
    return facts("""SELECT f.id FROM ctsp_business_item i JOIN ctsp_filing f ON f.id = i.filing_id
                     WHERE i.number = %s AND f.state = 'submitted'""", number)


def test_item_to_result(facts, business_platform, signed_in, watch):
    """In → filing → the officer is told, accepts, approves → result with its paper out, in the order it happened.

    What is measured, and what is asked: ``timing``.
    """
    number, officer = "YWJ2026-9001", signed_in("officer")
    expect(officer.page.locator(".o_ctsp_home")).to_be_visible()
    hand_in(business_platform, number, officer, watch)
    assert handed_in(facts, number)
    receipt = business_platform.wait("receipt", lambda data: data["bizId"] == number)
    assert (receipt["state"], receipt["result"]["state"]) == ("done", "submitted"), receipt
    watch.told(business_platform, "receipt", receipt, "推送业务件 → 综合业务平台收到回执")
    accept = take_up(business_platform, number, officer, watch)
    result = approve(business_platform, number, officer, watch)
    assert (accept["accepted"], result["result"]) == (True, "approved")
    assert accept["acceptNo"] == result["acceptNo"] != ""
    [paper] = result["documents"]
    assert sm3(base64.b64decode(paper["base64"])) == paper["sm3"]
    told = [kind for kind, item, _version in business_platform.log if item == number]
    assert told == ["biz.status", "biz.accept", "biz.status", "biz.result"], "in the order in which it happened"
    see_the_item(officer, number)


def hand_in(business_platform, number, officer, watch):
    """The item comes: the officer, who has the home screen before him, is told at once and opens the filing."""
    news = officer.page.locator(".o_ctsp_todo_news")
    watch.start()
    answer = business_platform.change(number, NAME, USCC)
    assert (answer["status"], answer["code"]) == (200, 0), answer
    expect(news).to_contain_text(NAME)
    watch.seen("推送业务件 → 备案审核员屏幕弹出新待办")
    news.hover()  # it stays as long as somebody points at it
    watch.applied(number)
    expect(officer.page.locator("[data-key=activities]")).to_contain_text("1")  # the home screen follows
    officer.shot("exchange-11-filing-told")
    news.get_by_role("button", name="打开").click()
    officer.becomes("已提交")
    officer.shot("exchange-12-filing")


def take_up(business_platform, number, officer, watch):
    watch.start()
    officer.step("受理")
    accept = business_platform.wait("biz.accept", lambda data: data["itemNo"] == number)
    watch.told(business_platform, "biz.accept", accept, "受理 → 综合业务平台收到受理")
    officer.becomes("审核中")
    return accept


def approve(business_platform, number, officer, watch):
    """Each point of the check list is answered, then it is approved."""
    officer.tab("审核要点")
    rows = officer.rows("checklist_ids")
    expect(rows).not_to_have_count(0)
    for at in range(rows.count()):
        rows.nth(at).locator("td[name=result]").click()
        officer.line(rows.nth(at)).select(result="是")
    officer.save()
    officer.step("审核通过")
    officer.dialog()
    watch.start()
    officer.confirm()
    result = business_platform.wait("biz.result", lambda data: data["itemNo"] == number)
    watch.told(business_platform, "biz.result", result, "审核通过 → 综合业务平台收到办理结果")
    officer.becomes("已通过")
    return result


def see_the_item(officer, number):
    """The officer reads on the item what went out, and that it arrived."""
    officer.open("ctsp_connector_business.ctsp_business_item_action", ".o_list_view")
    officer.page.locator(".o_facet_remove").first.click()  # decided: no longer under way
    officer.enter(officer.page.locator("tr.o_data_row", has_text=number).locator("td[name=number]"))
    officer.becomes("已通过")
    for kind in ("受理", "办理结果"):
        expect(officer.rows("message_line_ids", kind).first).to_contain_text("完成")
    officer.shot("exchange-13-item-told")


def test_duplicates_and_order(facts, business_platform):
    """What is sent twice, or overtaken by its withdrawal, is dealt with once and as it was meant."""
    business_platform.faults = ["duplicate", "reorder"]
    assert business_platform.change("YWJ2026-9002", NAME, USCC, "上海市徐汇区示例路5号（示例）")["code"] == 0
    assert business_platform.change("YWJ2026-9003", NAME, USCC)["held"]
    assert business_platform.withdraw("YWJ2026-9003", 2, "材料有误（示例）")["code"] == 0
    states = dict(seen_within(30, lambda: _finished(facts)))
    assert states == {"YWJ2026-9002": "submitted", "YWJ2026-9003": "withdrawn"}
    rows = facts("SELECT business_id, version, state FROM ctsp_exchange_message WHERE business_id LIKE 'YWJ2026-900_'"
                 " AND direction = 'in' ORDER BY 1, 2")
    assert rows == [("YWJ2026-9001", 1, "done"), ("YWJ2026-9002", 1, "done"), ("YWJ2026-9003", 1, "superseded"),
                    ("YWJ2026-9003", 2, "done")]


def test_faults(facts, business_platform):
    """The other side fails in every way it knows: each message arrives once, those of an item in order."""
    business_platform.faults = ["refuse", "cut", "restart", "drop", "burst", "delay"]
    assert business_platform.withdraw("YWJ2026-9002", 2, "不再需要（示例）")["code"] == 0
    business_platform.wait("biz.result", lambda data: data["itemNo"] == "YWJ2026-9002")
    told = [kind for kind, item, _version in business_platform.log if item == "YWJ2026-9002"]
    assert told == ["biz.status", "biz.result"]
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and _unfinished(facts):
        time.sleep(0.2)
    assert not _unfinished(facts)
    assert business_platform.met["restart"], "not before: a result whose answer was cut is there already"


def _finished(facts):
    """Return number and state of the items of the test above once all three messages were applied."""
    return facts("""SELECT number, state FROM ctsp_business_item WHERE number IN ('YWJ2026-9002', 'YWJ2026-9003')
                       AND (SELECT count(*) FROM ctsp_exchange_message
                             WHERE business_id IN ('YWJ2026-9002', 'YWJ2026-9003') AND direction = 'in'
                               AND state IN ('done', 'superseded')) = 3""")


def _unfinished(facts):
    return facts("""SELECT 1 FROM ctsp_exchange_message m JOIN ctsp_exchange_backend b ON b.id = m.backend_id
                     WHERE b.code = 'business' AND m.state IN ('queued', 'working', 'dead')""")
