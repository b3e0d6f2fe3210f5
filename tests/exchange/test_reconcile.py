"""What one side lost is found by reconciliation, mended, and both sides agree again; in encrypted envelopes, too."""
import json

from simulators.enveloping import Envelopes

TASK = {"action": "issue", "type": "special", "title": "对账测试任务（示例）", "issuer": "示例药品监督管理局（示例）",
        "enterprises": [{"name": "示例对接医院73（示例）"}]}
CLOSE = """
import json
backend = env.ref("ctsp_connector_admin.backend_admin")
backend.write({{"envelope": True, "envelope_name": "admin", "envelope_key": '''{public}'''}})
print("KEYS " + json.dumps(env["ctsp.envelope"]._public_keys()))
env.cr.commit()
"""
RECONCILE = """
import json, time
backend = env["ctsp.exchange.backend"].search([("code", "=", "{code}")])
rows, differences = env["ctsp.exchange.reconciliation"], env["ctsp.exchange.difference"]

def asked():
    backend.action_reconcile()
    env.cr.commit()
    own = [("backend_id", "=", backend.id)]
    for _look in range(1800):
        time.sleep(0.1)
        env.cr.rollback()
        if not rows.search_count([*own, ("state", "=", "asked")]):
            break
    found = differences.search([*own, ("state", "in", ("open", "repaired"))])
    return sorted((one.kind, one.type_id.code, one.business_id) for one in found), found

before, found = asked()
found.filtered(lambda one: one.kind == "only_here").action_resend()
found.filtered(lambda one: one.kind == "only_there").action_fetch()
env.cr.commit()
for _look in range(1800):
    time.sleep(0.1)
    env.cr.rollback()
    under_way = [("backend_id", "=", backend.id), ("state", "in", ("queued", "working"))]
    if not env["ctsp.exchange.message"].search_count(under_way):
        break
after, found = asked()
states = set(rows.search([("backend_id", "=", backend.id)]).mapped("state"))
print("SAID " + json.dumps([before, after, sorted(states)]))
backend.envelope = False
env.cr.commit()
"""


def reconciled(platform, code):
    """Have a system reconciled, mended and reconciled again; return ``(differences before, after, states)``."""
    return said(platform.shell(RECONCILE.replace("{code}", code)), "SAID ")


def said(text, mark):
    return json.loads(next(line for line in text.splitlines() if line.startswith(mark)).removeprefix(mark))


def test_reconcile_in_envelopes(platform, facts, admin_system):
    envelopes = Envelopes("admin")
    envelopes.know(said(platform.shell(CLOSE.format(public=envelopes.public)), "KEYS "))
    assert admin_system.send("task.dispatch", "RW2026-9300", 1, TASK | {"taskNo": "RW2026-9300"})["code"] == 41501
    admin_system.envelopes = envelopes
    try:
        answer = admin_system.send("task.dispatch", "RW2026-9301", 1, TASK | {"taskNo": "RW2026-9301"})
        assert answer["code"] == 0, answer
        receipt = admin_system.wait("receipt", lambda data: data["bizId"] == "RW2026-9301")
        assert receipt["state"] == "done"
        lost = next(key for key in admin_system.received if key[0] == "receipt" and key[1].endswith("RW2026-9301"))
        time = admin_system.received.pop(lost)["time"]  # they lost one, and one of theirs never came
        admin_system.log.remove(lost)
        admin_system.sent["task.dispatch", "RW2026-9302", 1] = {"data": TASK | {"taskNo": "RW2026-9302"}, "time": time}
        before, after, states = reconciled(platform, "admin")
    finally:
        admin_system.envelopes = None
    assert before == [["only_here", "receipt", lost[1]], ["only_there", "task.dispatch", "RW2026-9302"]]
    assert (after, states) == ([], ["agreed"])
    assert lost in admin_system.received, "sent again"
    assert facts("SELECT plan_id IS NOT NULL FROM ctsp_admin_task WHERE number = 'RW2026-9302'") == [(True,)], "fetched"
    counts = {(one["type"], one["sentBy"]): one["count"] for one in admin_system.ask(
        step="count", **{"from": time - 86_400_000, "to": time + 86_400_000})["types"]}
    assert counts["task.dispatch", "system"] == len(admin_system.sent), "asked by them, we say the same"


def test_reconcile_business(platform, facts, business_platform):
    """An answer of ours that they lost goes again, an item of theirs that never came is fetched and worked on."""
    applicant = {"name": "示例对接医院72（示例）"}
    number, missing = "YWJ2026-9301", "YWJ2026-9302"
    assert business_platform.item(number, kind="other", title="对账测试事项（示例）", applicant=applicant)["code"] == 0
    business_platform.wait("biz.status", lambda data: data["itemNo"] == number)
    business_platform.wait("receipt", lambda data: data["bizId"] == number)
    lost = next(key for key in business_platform.received if key[:2] == ("biz.status", number))
    time = business_platform.received.pop(lost)["time"]
    business_platform.log.remove(lost)
    business_platform.sent["biz.item", missing, 1] = {"time": time, "data": {
        "itemNo": missing, "action": "submit", "kind": "other", "title": "未到达的事项（示例）",
        "applicant": applicant}}
    before, after, states = reconciled(platform, "business")
    assert before == [["only_here", "biz.status", number], ["only_there", "biz.item", missing]]
    assert (after, states) == ([], ["agreed"])
    assert lost in business_platform.received, "sent again"
    assert facts("SELECT state FROM ctsp_business_item WHERE number = %s", missing) == [("submitted",)], "fetched"
    assert business_platform.wait("biz.status", lambda data: data["itemNo"] == missing)["stageName"] == "待受理"
