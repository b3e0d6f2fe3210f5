"""Keys are renewed while people write, and the renewal is killed in the middle: nothing unreadable, nothing left under
the old key, no false alarm.

CTSP_RENEWAL=1 renews four keys with more people and kills more often:
`CTSP_RENEWAL=1 scripts/test --system chaos -- -k renewal`; CI renews one and kills once.
"""
import json
import os
import subprocess
import threading
import xmlrpc.client

import world
from victim import ROOT, die_with_parent, remote

WHOLE = "CTSP_RENEWAL" in os.environ
WRITERS, PEOPLE, KILLS, LEAST = (3, 60, 3, 20) if WHOLE else (2, 24, 1, 5)
KEYS = ["data/personal.data", *(
    ["data/personal.index", "data/integrity.mac", "data/audit.mac"] if WHOLE else [])]
RANGE = 10
LOGINS = [f"renewal_writer_{number}" for number in range(WRITERS)]
MAKE = """
import json
item = env["ctsp.dictionary.item"]._item
institutions = env["ctsp.institution"].create([{{
    "name": "示例轮换医院%s（示例）" % number, "record_no": "药临床机构备字20990002%02d" % number, "state": "filed",
    "level_id": item("institution_level", "3a").id, "kind_id": item("institution_kind", "general").id,
    "district_id": env.ref("ctsp_base.district_310106").id, "address": "上海市静安区示例路9号（示例）",
    "office_phone": "021-55550009"}} for number in range({writers})])
people = env["ctsp.person"].create([
    {{"name": "轮换示例%s（示例）" % number, "institution_id": institutions[number % {writers}].id,
      "mobile": "1380000%04d" % number}} for number in range({people})])
env.cr.commit()
print("PEOPLE" + json.dumps(people.ids))
"""
#: Starts what is not started and goes on with what was interrupted; says after each range that it is done.
RENEW = """
from odoo.addons.ctsp_crypto.models import crypto_rotation
crypto_rotation.RANGE = {size}
rotations = env["ctsp.crypto.rotation"]
steps = type(rotations)._range_steps
def told(self):
    for rows in steps(self):
        yield rows  # what was done is committed here
        print("RANGE", self.key_id, flush=True)
type(rotations)._range_steps = told
for key in {keys}:
    one = rotations.search([("key_id", "=", key)], limit=1)
    if not one:
        one = rotations.create({{"key_id": key, "reason": "演练（示例）"}})
        one.action_start()
        env.cr.commit()
        env.registry.signal_changes()  # as at the end of a request: the server learns of it
    if one.state != "done":
        one._run()
        env.cr.commit()
    print("RENEWED", key, one.state, one.version, one.row_left, flush=True)
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


def killed_renewal(platform, ranges):
    """Renew in a process of its own and kill it once it has done so many ranges; return whether it still lived."""
    with subprocess.Popen(
        [ROOT / ".venv/bin/python", ROOT / ".venv/bin/odoo", "shell", "-c", platform.config, "-d", platform.database,
         "--no-http", "--log-level", "error"], cwd=ROOT / "var", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True, preexec_fn=die_with_parent,  # noqa: PLW1509 (only a system call is made)
    ) as running:
        running.stdin.write(RENEW.format(size=RANGE, keys=KEYS))
        running.stdin.close()
        for line in running.stdout:
            ranges -= line.startswith("RANGE")
            if not ranges:
                running.kill()
                return True
    return False


class Writers:
    """People who correct telephone numbers, each in an institution of his own, without a pause, inside the block."""

    def __init__(self, platform, passwords, ids):
        self.platform, self.passwords, self.ids = platform, passwords, ids
        self.over, self.written, self.failures = threading.Event(), {}, []
        self.threads = [threading.Thread(target=self.write, args=[number]) for number in range(WRITERS)]

    def write(self, number):
        execute = remote(self.platform.url, self.platform.database, LOGINS[number], self.passwords[LOGINS[number]])
        turn = 0
        while not self.over.is_set() or turn < LEAST:
            person = self.ids[(turn * WRITERS + number) % PEOPLE]
            value = f"139{number}{turn % 1000:03d}{person % 10000:04d}"
            try:
                execute("ctsp.person", "write", [person], {"mobile": value, "correction_reason": "演练（示例）"})
                self.written[person] = value
            except xmlrpc.client.Fault as fault:
                self.failures.append(fault.faultString)
            turn += 1

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_unused):
        self.over.set()
        for thread in self.threads:
            thread.join(120)


def test_renewal_while_people_write(platform):
    people = world.make(platform, dict.fromkeys(LOGINS, ("data_steward", "personal_data")))
    ids = printed(platform, MAKE.format(writers=WRITERS, people=PEOPLE), "PEOPLE")
    with Writers(platform, people.passwords, ids) as writers:
        for kill in range(KILLS):
            assert killed_renewal(platform, 1 + kill), "the renewal was over before it was killed"
        renewed = platform.shell(RENEW.format(size=RANGE, keys=KEYS))
    assert [line for line in renewed.splitlines() if line.startswith("RENEWED")] == [
        f"RENEWED {key} done 2 0" for key in KEYS], renewed
    assert not writers.failures, writers.failures[:3]

    found = printed(platform, LOOK.format(ids=ids), "FOUND")
    assert len(writers.written) >= WRITERS
    values = {person: value for person, value in zip(ids, found["values"]) if person in writers.written}
    assert values == writers.written
    assert all(found["found"]), "found by the blind index"
    assert (found["state"], found["issues"]) == ("intact", [])
    assert all(rows == current for _name, rows, current in found["coverage"]), found["coverage"]
