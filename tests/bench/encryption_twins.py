"""What encryption costs: 10,000 records created, changed, read, listed and searched, beside the same in clear.

Runs inside an Odoo shell on a database with ``ctsp_test_crypto`` and commits nothing::

    scripts/shell --database NAME < tests/bench/encryption_twins.py
"""
import logging
import statistics
import time

COUNT, BATCH, ROUNDS, LISTS, SEARCHES = 10_000, 1_000, 5, 60, 200
CLEAR, SEALED = "ctsp.test.twin.clear", "ctsp.test.twin.sealed"
LIST = {name: {} for name in ("name", "department", "gender", "mobile", "email", "partner_id")}
PLAIN_LIST = {name: {} for name in ("name", "department", "gender", "mobile_masked", "partner_id")}


def person(number):
    return {
        "name": f"张示例{number}", "pinyin": f"zsl{number}", "gender": "male", "department": "心内科",
        "qualification_no": f"2099{number:012}", "note": "说明" * 20, "mobile": f"138{number:08}",
        "id_number": f"31010119900101{number:04}"[:18], "email": f"{number}@example.org", "birth_date": "1990-01-01"}


class Run:
    """One round on one of the twins; each method is one thing that is measured."""

    def __init__(self, env, name):
        self.env, self.model, self.records = env, env[name], env[name]

    def create(self):
        for start in range(0, COUNT, BATCH):
            self.records |= self.model.create([person(number) for number in range(start, start + BATCH)])
            self.env.flush_all()

    def write(self):
        for start in range(0, COUNT, BATCH):
            for number, record in enumerate(self.records[start:start + BATCH], start):
                record.write({"mobile": f"139{number:08}", "department": "呼吸科"})
            self.env.flush_all()

    def write_same(self):
        for start in range(0, COUNT, BATCH):
            self.records[start:start + BATCH].write({"email": "all@example.org"})
            self.env.flush_all()

    def read(self):
        for start in range(0, COUNT, BATCH):
            self.records[start:start + BATCH].read(["name", "mobile", "id_number", "email", "birth_date", "department"])

    def list_clear(self):
        for page in range(LISTS):
            self.env.invalidate_all()
            self.model.web_search_read([], LIST, offset=80 * page, limit=80)

    def list_masked(self):
        for page in range(LISTS):
            self.env.invalidate_all()
            self.model.web_search_read([], PLAIN_LIST, offset=80 * page, limit=80)

    def search(self):
        for number in range(SEARCHES):
            assert len(self.model.search([("mobile", "=", f"139{number:08}")])) == 1

    def count_open(self):
        for _number in range(SEARCHES):
            self.model.search_count([("department", "=", "呼吸科")])


STEPS = ("create", "write", "write_same", "read", "list_clear", "list_masked", "search", "count_open")


def measured(env, name):
    run, seconds = Run(env, name), {}
    for step in STEPS:
        env.invalidate_all()
        started, worked = time.perf_counter(), time.process_time()
        getattr(run, step)()
        seconds[step] = time.perf_counter() - started, time.process_time() - worked
    env.invalidate_all(flush=False)
    env.cr.rollback()
    return seconds


logging.disable(logging.INFO)
admin = env(su=True)  # noqa: F821
results = {CLEAR: [], SEALED: []}
for turn in range(ROUNDS):
    for one in (CLEAR, SEALED) if turn % 2 else (SEALED, CLEAR):
        results[one].append(measured(admin, one))
print(f"{'':12} {'clear':>8} {'encrypted':>10} {'ratio':>6} {'of CPU':>7}   (seconds, medians of {ROUNDS} rounds)")
for step in STEPS:
    (clear, cpu), (sealed, sealed_cpu) = (
        [statistics.median(row[step][kind] for row in results[one]) for kind in (0, 1)] for one in (CLEAR, SEALED))
    print(f"{step:12} {clear:8.2f} {sealed:10.2f} {sealed / clear:6.2f} {sealed_cpu / cpu:7.2f}")
