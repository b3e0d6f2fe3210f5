"""What the log costs: the same work on 10,000 people of an institution with the log and without, in one process.

“Without” means that no model is declared and nothing is written to the log. Both in turns, the best of some rounds
each. Seconds are those of the processor, of this process and of its PostgreSQL backend together: other programs on the
machine tell little. Nothing is kept.
"""
import json
import os
import time
from pathlib import Path
from unittest.mock import patch

RECORDS, BATCH, ROUNDS, PAGE = 10_000, 500, 3, 80
MODEL = "ctsp.person"
LIST = {"name": {}, "institution_id": {"fields": {"display_name": {}}}, "title_id": {"fields": {"display_name": {}}},
        "department": {}, "gcp_date": {}, "experience_count": {}}


def measure(env, records=RECORDS):
    """Print one line of JSON: `{operation: {"with": s, "without": s, "ratio": …}}`."""
    env = env(context={**env.context, "lang": "zh_CN"})
    home = env["ctsp.institution"].search([], limit=1) or env["ctsp.institution"].create({
        "name": "示例第一医院（示例）"})
    seconds = {True: {}, False: {}}
    for logged in (False, True) * ROUNDS:
        for name, spent in one_round(env, home, records, logged).items():
            seconds[logged][name] = min(spent, seconds[logged].get(name, spent))
    env.cr.rollback()
    print(json.dumps({name: {
        "with": spent, "without": seconds[False][name], "ratio": spent / seconds[False][name],
    } for name, spent in seconds[True].items()} | verified(env, records)))


def one_round(env, home, records, logged):
    """Do everything once in a savepoint that is rolled back; return seconds by operation."""
    scope, port = type(env["ctsp.audit.scope"]), type(env["ctsp.audit.port"])
    if logged:
        return work(env, home, records)
    with patch.object(scope, "_levels", lambda _self: {}), \
            patch.object(port, "_write_rows", lambda *_rows, **_how: None):
        return work(env, home, records)


def work(env, home, records):
    env.registry.clear_cache("stable")
    spent = {}

    def timed(name, function):
        env.cr.flush()
        env.invalidate_all()
        started = busy(env)
        result = function()
        env.cr.flush()
        spent[name] = busy(env) - started
        return result

    with env.cr.savepoint() as savepoint:
        ids = timed("create", lambda: create(env, home, records))
        timed("write", lambda: write(env, ids))
        timed("read", lambda: read(env, ids))
        timed("list screens", lambda: pages(env, home, records))
        timed("search", lambda: search(env))
        savepoint.rollback()
    env.invalidate_all()
    return spent


def busy(env):
    """Return the processor seconds of this process and of its backend in PostgreSQL, which is on this machine."""
    env.cr.execute("SELECT pg_backend_pid()")
    fields = Path(f"/proc/{env.cr.fetchone()[0]}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() + sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def batches(ids):
    return (ids[start:start + BATCH] for start in range(0, len(ids), BATCH))


def create(env, home, records):
    """As an import does it: in batches, each of them flushed."""
    ids = []
    for numbers in batches(range(records)):
        ids += env[MODEL].create([{
            "name": f"样本{number}（示例）", "institution_id": home.id, "mobile": f"138{number:08d}",
            "department": f"科室{number % 40}", "gender": "male" if number % 2 else "female",
        } for number in numbers]).ids
        env.cr.flush()
    return ids


def write(env, ids):
    """Another value for each record, flushed in batches."""
    for part in batches(ids):
        for person in env[MODEL].browse(part):
            person.write({"department": f"新科室{person.id}", "education": "doctor"})
        env.cr.flush()


def read(env, ids):
    for part in batches(ids):
        env.invalidate_all()
        env[MODEL].browse(part).read(["name", "department", "gender", "mobile"])


def pages(env, home, records):
    """Every page of the list, as the web client asks for it."""
    domain = [("institution_id", "=", home.id)]
    for offset in range(0, records, PAGE):
        env.invalidate_all()
        env[MODEL].web_search_read(domain, LIST, offset=offset, limit=PAGE)


def search(env):
    for number in range(200):
        env[MODEL].search([("name", "ilike", f"样本{number * 37}")], limit=PAGE)


def verified(env, records):
    """Measure sealing and verification of rows written for it; rolled back too."""
    port, sealer, checker = env["ctsp.audit.port"], env["ctsp.audit.sealer"], env["ctsp.audit.checker"]
    rows = [port._row("export", env.user, {"note": f"行{number}"}, success=True) | {
        "before": {"department": number, "education": None}, "after": {"department": number + 1, "education": "doctor"},
        "record_name": f"样本{number}（示例）",
    } for number in range(records)]
    started = busy(env)
    port._write_rows(env.cr, rows)
    written = busy(env)
    sealer._seal()
    sealed = busy(env)
    env.cr.execute("SELECT max(id) FROM ctsp_audit_seal")
    seal = checker._seal(env.cr.fetchone()[0])
    found, present = checker._read_range([seal])
    findings = checker._check_range([seal], found, present)
    ended = busy(env)
    env.cr.rollback()
    if findings or len(present) < min(records, 20_000):
        raise ValueError(f"{len(present)} rows verified, {len(findings)} findings")
    return {"rows per second": {
        "written": records / (written - started), "sealed": records / (sealed - written),
        "verified": len(present) / (ended - sealed)}}
