"""Messages both ways while everything fails: none lost, none applied twice, the order kept, both sides agree.

CTSP_MESSAGES says how many come in; as many receipts go out. The whole drill, in which PostgreSQL crashes too, is
`CTSP_MESSAGES=1000 scripts/test --system chaos -- -k exchange`.
"""
import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path

from kit import postgres

sys.path.insert(0, str(Path(__file__).parents[1]))
from simulators.other_system import ARRIVING, OtherSystem
from simulators.reconciling import items

MESSAGES = int(os.environ.get("CTSP_MESSAGES", "60"))
WHOLE = MESSAGES >= 500
SENDERS, OBJECTS, FAILING = 4, 5, 0.12
"""threads that send; business objects of each; share of requests that fail"""
CONNECT = """
import json
keys = json.loads('''{keys}''')
backend = env["ctsp.exchange.backend"].create({{
    "name": "混沌演练（示例）", "code": "chaos", "url": "{url}", "rate": 0, "threshold": 1000, "rest_seconds": 1,
    "read_seconds": 3, "total_seconds": 5, "parallel": 8}})
kinds = [env["ctsp.exchange.type"].create({{"backend_id": backend.id, "name": code, "code": code, **values}})
         for code, values in (("note", {{"direction": "in", "receipt": True}}), ("receipt", {{"direction": "out"}}))]
env["ctsp.exchange.contract"].create({{"type_id": kinds[0].id, "state": "published"}})
for use, key in keys.items():
    env["ctsp.exchange.credential"]._issue(dict(key, use=use, backend_id=backend.id, minute_messages=0))
backend.state = "active"
env.cr.commit()
"""
TIME_PASSES = """UPDATE ctsp_exchange_message SET lease_until = now() AT TIME ZONE 'UTC'
                  WHERE state = 'working' RETURNING id"""
MINE = "m.backend_id = (SELECT id FROM ctsp_exchange_backend WHERE code = 'chaos')"


class Chaos(OtherSystem):
    """Sends notes, keeps receipts. What it sends may go twice, not out of turn: that is what it relies on."""

    title, backend, types = "混沌演练", "chaos", ("receipt",)

    def fault(self, kinds=ARRIVING):
        return super().fault(tuple(kind for kind in kinds if kind != "reorder"))

    def insist(self, number, version):
        """Send until it is accepted, whatever happens to the platform."""
        while True:
            try:
                answer = self.send("note", number, version, {"n": version})
            except (OSError, ValueError):
                answer = {"code": -1}
            if answer["code"] == 0:
                return
            time.sleep(0.2)


def test_exchange(platform, facts, chance, victim):
    keys = {use: {"key": f"chaos-{use}-{secrets.token_hex(6)}", "secret": secrets.token_urlsafe(32)}
            for use in ("in", "out")}
    system = Chaos("http://127.0.0.1:1", keys["out"], keys["in"])
    platform.shell(CONNECT.format(keys=json.dumps(keys), url=system.url))
    system.chance, system.rate = chance, FAILING
    started, kills = time.monotonic(), Counter()
    with victim(cron=True) as server:
        system.platform = f"http://127.0.0.1:{server.start().port}"
        senders = [threading.Thread(target=_send, args=(system, number), daemon=True) for number in range(SENDERS)]
        for sender in senders:
            sender.start()
        while any(sender.is_alive() for sender in senders):
            time.sleep(chance.uniform(3, 8) if WHOLE else 4)
            if WHOLE or not kills:
                _break(facts, server, system, chance, kills)
        system.rate = 0
        _settle(facts, system)
        _agree(facts, system)
    print(f"{MESSAGES} messages in, {len(system.log)} receipts out, {system.again} sent again, "
          f"{dict(kills)}, {time.monotonic() - started:.0f} s")
    system.stop()


def _send(system, sender):
    """Send this thread's share: versions of some business objects, one after another."""
    for number in range(MESSAGES // SENDERS):
        system.insist(f"{sender}-{number % OBJECTS}", number // OBJECTS + 1)


def _break(facts, server, system, chance, kills):
    """Kill the server; in the whole drill PostgreSQL as well, every now and then; start again."""
    if WHOLE and chance.random() < 0.25:
        [[data]] = facts("SHOW data_directory")
        subprocess.run([postgres.binaries() / "pg_ctl", "restart", "-D", data, "-m", "immediate", "-w", "-s"],
                       check=True, stdout=subprocess.DEVNULL)
        kills["postgresql"] += 1
        facts.connect()
        return
    server.kill()
    kills["server"] += 1
    facts.wait_for_quiet()
    facts(TIME_PASSES)  # a lease is ten minutes: nobody waits for that here
    system.platform = f"http://127.0.0.1:{server.start().port}"


def _settle(facts, system):
    """Wait until nothing is under way; a message every now and then wakes what a killed server left behind."""
    until = time.monotonic() + (600 if WHOLE else 120)
    number = 0
    while time.monotonic() < until:
        number += 1
        system.insist("wake", number)
        time.sleep(1)
        left = facts(f"SELECT m.state, m.reason FROM ctsp_exchange_message m WHERE {MINE} AND m.state <> 'done'")
        if not left:
            return
    raise AssertionError(f"still under way: {left}")


def _agree(facts, system):
    """Message by message: both sides have the same, each was applied once, in order."""
    for direction, kind, kept in (("in", "note", system.sent), ("out", "receipt", system.received)):
        rows = facts(f"SELECT m.business_id, m.version, m.digest FROM ctsp_exchange_message m "
                     f"WHERE {MINE} AND m.direction = %s", direction)
        assert sorted(rows) == items(kept, kind, 0, 4 * 10**12), f"{kind}: both sides have the same"
    applied = facts(f"SELECT m.business_id, m.version FROM ctsp_exchange_try t JOIN ctsp_exchange_message m "
                    f"ON m.id = t.message_id WHERE {MINE} AND m.direction = 'in' AND t.outcome = 'ok' ORDER BY t.id")
    assert max(Counter(applied).values()) == 1, "none applied twice"
    assert len([one for one in applied if one[0] != "wake"]) == MESSAGES // SENDERS * SENDERS, "none lost"
    told = [(data["bizId"], data["version"]) for data in system.data("receipt")]
    for name, course in (("applied", applied), ("told", told)):
        versions = defaultdict(list)
        for number, version in course:
            versions[number].append(version)
        assert all(row == sorted(row) for row in versions.values()), f"{name} in order"
    assert sorted(told) == sorted(applied), "one receipt for each"
