"""Messages both ways while everything fails: none lost, none applied twice, the order kept, both sides agree.

CTSP_MESSAGES says how many come in, and how many the platform sends of itself; each that comes in has a receipt as
well. The whole drill, in which PostgreSQL is killed too, is `CTSP_MESSAGES=1000 scripts/test --system chaos -- -k
exchange`; its figures are in `var/log/chaos-exchange.json`.
"""
import json
import os
import sys
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path

from kit import paths

sys.path.insert(0, str(Path(__file__).parents[1]))
from breaking import Breaking
from exchange_ends import Chaos, Writer
from simulators.reconciling import items

MESSAGES = int(os.environ.get("CTSP_MESSAGES", "60"))
WHOLE = MESSAGES >= 500
SENDERS, FAILING = 4, 0.12
"""threads that send; share of requests that fail"""
MINE = "m.backend_id = (SELECT id FROM ctsp_exchange_backend WHERE code = 'chaos')"
TRIES = f"FROM ctsp_exchange_try t JOIN ctsp_exchange_message m ON m.id = t.message_id WHERE {MINE}"


def test_exchange(platform, facts, chance, victim):
    system, writer, started = Chaos(), Writer(platform, MESSAGES, 0.1 if WHOLE else 0.02), time.monotonic()
    system.connect(platform)
    system.chance, system.rate, system.faults = chance, FAILING, ["restart"]  # once at least; the rest is drawn
    with victim(cron=True, workers=2) as server:
        breaking = Breaking(platform, facts, server, system, writer, chance)
        if WHOLE:
            breaking.safe()
        system.platform = f"http://127.0.0.1:{server.start().port}"
        try:
            _exchange(system, writer, breaking)
            system.rate = 0
            _settle(facts, system, breaking)
        finally:
            writer.kill()
            system.stop()
    figures = _figures(facts, system, breaking) | {"seconds": round(time.monotonic() - started)}
    (paths.LOGS / "chaos-exchange.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    assert system.met["restart"]
    _agree(facts, system)


def _exchange(system, writer, breaking):
    """Both ends at work, and things breaking, until everything was sent, and in CI each thing was broken."""
    senders = [threading.Thread(target=system.send_share, args=(number, MESSAGES // SENDERS), daemon=True)
               for number in range(SENDERS)]
    for sender in senders:
        sender.start()
    plan = None if WHOLE else list(Breaking.GENTLE)
    due = 20
    while writer.keep_on() | any(sender.is_alive() for sender in senders) or plan:
        time.sleep(0.2)
        breaking.supervise()
        if WHOLE and system.progress() >= due:
            breaking(breaking.chance.choice(Breaking.HARD))
            due = system.progress() + breaking.chance.randrange(5, 60)
        elif plan and len(system.sent) * 5 >= MESSAGES * (5 - len(plan)):
            breaking(plan.pop(0))


def _settle(facts, system, breaking):
    """Wait until nothing is under way; a message every now and then wakes what a dead process left behind."""
    breaking.let_time_pass()
    until = time.monotonic() + (600 if WHOLE else 120)
    number = 0
    while time.monotonic() < until:
        number += 1
        breaking.supervise()
        system.insist("wake", number)
        time.sleep(1)
        left = facts(f"SELECT m.state, m.reason FROM ctsp_exchange_message m WHERE {MINE} AND m.state <> 'done'")
        if not left:
            return
    raise AssertionError(f"still under way: {left}")


def _figures(facts, system, breaking):
    """What happened, for docs/benchmarks.md."""
    return {
        "messages": {f"{code} {direction}": count for code, direction, count in facts(
            f"SELECT t.code, m.direction, count(*) FROM ctsp_exchange_message m JOIN ctsp_exchange_type t "
            f"ON t.id = m.type_id WHERE {MINE} GROUP BY 1, 2")},
        "broken": breaking.done, "writer started": breaking.writer.starts, "faults met": system.met,
        "tries of the platform": dict(facts(f"SELECT t.outcome, count(*) {TRIES} GROUP BY 1")),
        "tries of the system in vain": system.vain, "doubles the platform refused": system.known,
        "doubles the system refused": system.again}


def _agree(facts, system):
    """Message by message: both sides have the same, each was applied once, in order."""
    sides = (("in", "note", system.sent), ("out", "receipt", system.received), ("out", "state", system.received))
    for direction, kind, kept in sides:
        rows = facts(
            f"SELECT m.business_id, m.version, m.digest FROM ctsp_exchange_message m JOIN ctsp_exchange_type t "
            f"ON t.id = m.type_id WHERE {MINE} AND m.direction = %s AND t.code = %s", direction, kind)
        assert sorted(rows) == items(kept, kind, 0, 4 * 10**12), f"{kind}: both sides have the same"
    applied = facts(
        f"SELECT m.business_id, m.version {TRIES} AND m.direction = 'in' AND t.outcome = 'ok' ORDER BY t.id")
    assert max(Counter(applied).values()) == 1, "none applied twice"
    assert len([one for one in applied if one[0] != "wake"]) == MESSAGES // SENDERS * SENDERS, "none lost"
    told = [(data["bizId"], data["version"]) for data in system.data("receipt") if data["state"] == "done"]
    assert sorted(told) == sorted(applied), "one receipt for each"
    states = [key[1:] for key in system.log if key[0] == "state"]
    assert len(states) == MESSAGES, "none lost"
    for name, course in (("applied", applied), ("told", told), ("states", states)):
        versions = defaultdict(list)
        for number, version in course:
            versions[number].append(version)
        assert all(row == list(range(1, len(row) + 1)) for row in versions.values()), f"{name}: in order, without a gap"
