"""A business item comes in and becomes a filing, is decided, and every step goes out: each within five seconds."""
import base64
import time

from simulators.other_system import sm3
from test_round_trip import DELIVERED, LIMIT, in_time, seen_within

USCC, NAME = "12990000MB0000001J", "示例对接医院71（示例）"
DECIDE = """
import time
filing = env["ctsp.business.item"].search([("number", "=", "{number}")]).filing_id
filing.run_transition("accept")
env.cr.commit()
print("ACCEPTED", time.time())
{delivered}
filing.checklist_ids.result = "yes"
filing.run_transition("approve")
env.cr.commit()
print("DECIDED", time.time())
{delivered}
"""


def handed_in(facts, number):
    return facts("""SELECT f.id FROM ctsp_business_item i JOIN ctsp_filing f ON f.id = i.filing_id
                     WHERE i.number = %s AND f.state = 'submitted'""", number)


def test_item_to_result(platform, facts, business_platform):
    """In → filing → approved → result with its paper out, in the order in which it happened."""
    number = "YWJ2026-9001"
    answer = business_platform.change(number, NAME, USCC)
    assert (answer["status"], answer["code"]) == (200, 0), answer
    assert seen_within(LIMIT, lambda: handed_in(facts, number))
    receipt = business_platform.wait("receipt", lambda data: data["bizId"] == number)
    assert (receipt["state"], receipt["result"]["state"]) == ("done", "submitted"), receipt
    printed = platform.shell(DECIDE.format(number=number, delivered=DELIVERED.format(backend="business")))
    accept = business_platform.wait("biz.accept", lambda data: data["itemNo"] == number)
    result = business_platform.wait("biz.result", lambda data: data["itemNo"] == number)
    assert (accept["accepted"], result["result"]) == (True, "approved")
    assert accept["acceptNo"] == result["acceptNo"] != ""
    [paper] = result["documents"]
    assert sm3(base64.b64decode(paper["base64"])) == paper["sm3"]
    for word, kind, said in (("ACCEPTED", "biz.accept", accept), ("DECIDED", "biz.result", result)):
        at = float(printed.split(word)[1].split()[0])
        assert in_time(business_platform.arrived(kind, said) - at), kind
    told = [kind for kind, item, _version in business_platform.log if item == number]
    assert told == ["biz.status", "biz.accept", "biz.status", "biz.result"], "in the order in which it happened"


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
    business_platform.faults = ["refuse", "cut", "drop", "burst", "delay"]
    assert business_platform.withdraw("YWJ2026-9002", 2, "不再需要（示例）")["code"] == 0
    business_platform.wait("biz.result", lambda data: data["itemNo"] == "YWJ2026-9002", 60)
    told = [kind for kind, item, _version in business_platform.log if item == "YWJ2026-9002"]
    assert told == ["biz.status", "biz.result"]
    until = time.monotonic() + 60
    while time.monotonic() < until and _unfinished(facts):
        time.sleep(0.2)
    assert not _unfinished(facts)


def _finished(facts):
    """Return number and state of the items of the test above once all three messages were applied."""
    return facts("""SELECT number, state FROM ctsp_business_item WHERE number IN ('YWJ2026-9002', 'YWJ2026-9003')
                       AND (SELECT count(*) FROM ctsp_exchange_message
                             WHERE business_id IN ('YWJ2026-9002', 'YWJ2026-9003') AND direction = 'in'
                               AND state IN ('done', 'superseded')) = 3""")


def _unfinished(facts):
    return facts("""SELECT 1 FROM ctsp_exchange_message m JOIN ctsp_exchange_backend b ON b.id = m.backend_id
                     WHERE b.code = 'business' AND m.state IN ('queued', 'working', 'dead')""")
