"""Keys are renewed while people write: nothing unreadable, nothing left under the old key, no false alarm.

A command, outside of CI for now: `CTSP_RENEWAL=1 scripts/test --system chaos -- -k renewal`.
"""
import json
import os
import threading
import xmlrpc.client

import pytest
import world
from victim import remote

WRITERS, PEOPLE = 3, 60
LOGINS = [f"renewal_writer_{number}" for number in range(WRITERS)]
MAKE = """
import json
people = env["ctsp.person"].create([
    {{"name": "轮换示例%s（示例）" % number, "institution_id": {institution}, "mobile": "1380000%04d" % number}}
    for number in range({people})])
env.cr.commit()
print("PEOPLE" + json.dumps(people.ids))
"""
RENEW = """
from unittest.mock import patch
from odoo.addons.ctsp_crypto.models import crypto_rotation
crypto_rotation.RANGE = 20
for key in ("data/personal.data", "data/personal.index", "data/integrity.mac", "data/audit.mac"):
    one = env["ctsp.crypto.rotation"].create({"key_id": key, "reason": "演练（示例）"})
    one.action_start()
    env.cr.commit()
    one._run()
    env.cr.commit()
    print("RENEWED", key, one.state, one.version)
"""
LOOK = """
import json
people = env["ctsp.person"].browse({ids})
check = env["ctsp.integrity.verification"].create({{"scope": "data"}})
env["ctsp.audit.sealer"]._seal_evidence()
check._run_now()
env.cr.commit()
coverage = [(name, rows, current) for name, rows, current in people._crypto_coverage()]
print("FOUND" + json.dumps({{
    "values": [person.mobile for person in people], "found": [
        env["ctsp.person"].search_count([("mobile", "=", person.mobile)], limit=1) for person in people],
    "coverage": coverage, "issues": check.issue_ids.mapped("display_name"), "state": check.state}}))
"""


def printed(platform, code, mark):
    line = next(line for line in platform.shell(code).splitlines() if line.startswith(mark))
    return json.loads(line.removeprefix(mark))


@pytest.mark.skipif("CTSP_RENEWAL" not in os.environ, reason="a command: CTSP_RENEWAL=1")
def test_writers_meanwhile(platform):
    roles = dict.fromkeys(LOGINS, ("data_steward", "personal_data"))
    people = world.make(platform, roles)
    ids = printed(platform, MAKE.format(institution=people.institution, people=PEOPLE), "PEOPLE")
    over, written, failures = threading.Event(), {}, []

    def write(number):
        execute = remote(platform.url, platform.database, LOGINS[number], people.passwords[LOGINS[number]])
        turn = 0
        while not over.is_set() or turn < 20:
            person = ids[(turn * WRITERS + number) % PEOPLE]
            value = f"139{number}{turn % 1000:03d}{person % 10000:04d}"
            try:
                execute("ctsp.person", "write", [person], {"mobile": value})
                written[person] = value
            except xmlrpc.client.Fault as fault:
                failures.append(fault.faultString)
            turn += 1

    threads = [threading.Thread(target=write, args=[number]) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    try:
        renewed = platform.shell(RENEW)
    finally:
        over.set()
        for thread in threads:
            thread.join(120)
    assert renewed.count(" done 2") == 4, renewed
    assert not failures, failures[:3]

    found = printed(platform, LOOK.format(ids=ids), "FOUND")
    assert len(written) >= WRITERS
    assert {person: value for person, value in zip(ids, found["values"]) if person in written} == written
    assert all(found["found"]), "found by the blind index of the new key"
    assert (found["state"], found["issues"]) == ("intact", [])
    assert all(rows == current for _name, rows, current in found["coverage"]), found["coverage"]
