"""What evidence costs: the same work on 10,000 trials with digests put down and without, in one process.

“Without” means that nothing is noted and nothing put down; the log is kept in both. Both in turns, the fastest of some
rounds each. Then what one core compares in a verification. Nothing is kept.
"""
import json
import time
from unittest.mock import patch

RECORDS, BATCH, ROUNDS, PAGE = 10_000, 500, 3, 80
MODEL = "ctsp.trial"


def measure(env, records=RECORDS):
    """Print one line of JSON: `{operation: {"with": s, "without": s, "ratio": …}, "rows per second": {…}}`."""
    env = env(context={**env.context, "tracking_disable": True, "mail_create_nolog": True, "lang": "zh_CN"})
    seconds = {True: {}, False: {}}
    for kept in (False, True) * ROUNDS:
        for name, spent in one_round(env, records, kept).items():
            seconds[kept][name] = min(spent, seconds[kept].get(name, spent))
    result = {name: {"with": spent, "without": seconds[False][name], "ratio": spent / seconds[False][name]}
              for name, spent in seconds[True].items() if name in seconds[False]}
    result["rows per second"] = {name: records / seconds[True][name] for name in ("verify", "verify (CPU)")}
    print(json.dumps(result))


def one_round(env, records, kept):
    """Do everything once in a savepoint that is rolled back; return seconds by operation."""
    if kept:
        return work(env, records, kept)
    with patch.object(type(env["ctsp.integrity"]), "_touch", lambda *_args: None):
        return work(env, records, kept)


def work(env, records, kept):
    spent = {}

    def timed(name, function):
        env.cr.flush()
        env.invalidate_all()
        started, worked = time.perf_counter(), time.process_time()
        result = function()
        env.cr.flush()
        spent[name], spent[f"{name} (CPU)"] = time.perf_counter() - started, time.process_time() - worked
        return result

    with env.cr.savepoint() as savepoint:
        ids = timed("create", lambda: create(env, records))
        timed("write", lambda: write(env, ids))
        timed("list screens", lambda: pages(env, records))
        if kept:
            found = timed("verify", lambda: env["ctsp.integrity"]._check(MODEL, ids))
            assert not found, found[:3]
        savepoint.rollback()
    env.invalidate_all()
    for name in ("create", "write", "list screens"):
        spent.pop(f"{name} (CPU)")
    return spent


def batches(ids):
    return (ids[start:start + BATCH] for start in range(0, len(ids), BATCH))


def create(env, records):
    """As an import does it: in batches, each of them flushed."""
    ids = []
    for numbers in batches(range(records)):
        ids += env[MODEL].create([
            {"name": f"样本试验{number}（示例）", "planned_total": number} for number in numbers]).ids
        env.cr.flush()
    return ids


def write(env, ids):
    """Another value for each record, flushed in batches."""
    for part in batches(ids):
        for trial in env[MODEL].browse(part):
            trial.write({"planned_total": trial.id, "actual_total": 1})
        env.cr.flush()


def pages(env, records):
    """Every page of the list, as the web client asks for it."""
    for offset in range(0, records, PAGE):
        env.invalidate_all()
        env[MODEL].web_search_read([], {"name": {}, "planned_total": {}}, offset=offset, limit=PAGE)
