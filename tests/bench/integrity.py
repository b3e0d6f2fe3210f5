"""What evidence costs: the same work on 10,000 trials with digests put down and without (`paired`).

“Without” means that nothing is noted and nothing put down; the log is kept in both. Then what one core compares in a
verification.
"""
import json
import time
from unittest.mock import patch

from encryption import officer
from inside import Inside
from paired import RECORDS, Paired, batches, read

MODEL, PAGE = "ctsp.trial", 80


def measure(env):
    """Print one line of JSON: `{operation: {"with": s, "without": s, "ratio": …}, "rows per second": {…}}`."""
    env = env(context={**env.context, "tracking_disable": True, "mail_create_nolog": True, "lang": "zh_CN"})
    person = officer(env, "bench_trials")
    screens = Inside(env, person.user.login)
    screens.load_views(MODEL)
    paired, verified = Paired(env, lambda: patch.object(type(env["ctsp.integrity"]), "_touch", lambda *_args: None)), {}
    paired.run(
        lambda: create(env), lambda ids: write(env, ids), {
            "read": lambda ids: read(person, MODEL, ids, ["name", "planned_total", "actual_total"]),
            "list screens": lambda ids: pages(screens, len(ids)),
            "search": lambda _ids: search(screens),
        }, last=lambda ids: verify(env, ids, verified))
    print(json.dumps(paired.figures() | {
        "rows per second": {name: RECORDS / spent for name, spent in verified.items()}}))


def create(env):
    """As an import does it: in batches, each of them flushed."""
    ids = []
    for numbers in batches(range(RECORDS)):
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


def pages(screens, records):
    """Every page of the list with its own columns, as the web client asks an officer's for it."""
    for offset in range(0, records, PAGE):
        screens.env.invalidate_all()
        screens.open_list(MODEL, limit=PAGE, offset=offset)


def search(screens):
    for number in range(200):
        screens.search(MODEL, f"样本试验{number * 37}")


def verify(env, ids, best):
    env.invalidate_all()
    started, worked = time.perf_counter(), time.process_time()
    found = env["ctsp.integrity"]._check(MODEL, ids)
    spent = {"verify": time.perf_counter() - started, "verify (CPU)": time.process_time() - worked}
    if found:
        raise ValueError(f"evidence that does not hold: {found[:3]}")
    best.update({name: min(seconds, best.get(name, seconds)) for name, seconds in spent.items()})
