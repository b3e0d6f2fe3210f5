"""What the log costs: the same work on 10,000 people of an institution with the log and without (`paired`).

“Without” means that no model is declared and nothing is written to the log. Who looks at people is logged, too. Then
what one core writes, seals and verifies of the log.
"""
import json
from contextlib import ExitStack
from unittest.mock import patch

from encryption import officer
from inside import Inside
from paired import RECORDS, Paired, batches, busy, read

MODEL, PAGE = "ctsp.person", 80


def measure(env):
    """Print one line of JSON: `{operation: {"with": s, "without": s, "ratio": …}, "rows per second": {…}}`."""
    env = env(context={**env.context, "lang": "zh_CN"})
    home = env["ctsp.institution"].search([], limit=1) or env["ctsp.institution"].create({
        "name": "示例第一医院（示例）"})
    person = officer(env, "bench_people", "personal_data")
    screens = Inside(env, person.user.login)
    screens.load_views(MODEL)
    paired = Paired(env, lambda: silence(env))
    paired.run(lambda: create(env, home), lambda ids: write(env, ids), {
        "read": lambda ids: read(person, MODEL, ids, ["name", "department", "gender", "mobile"]),
        "list screens": lambda ids: pages(screens, home, len(ids)),
        "search": lambda _ids: search(screens),
    })
    print(json.dumps(paired.figures() | verified(env)))


def silence(env):
    """Return a context manager in which nothing is logged."""
    stack = ExitStack()
    stack.enter_context(patch.object(type(env["ctsp.audit.scope"]), "_levels", lambda _self: {}))
    stack.enter_context(patch.object(type(env["ctsp.audit.port"]), "_write_rows", lambda *_rows, **_how: None))
    return stack


def create(env, home):
    """As an import does it: in batches, each of them flushed."""
    ids = []
    for numbers in batches(range(RECORDS)):
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


def pages(screens, home, records):
    """Every page of the list with its own columns, as the web client asks an officer's for it."""
    for offset in range(0, records, PAGE):
        screens.env.invalidate_all()
        screens.open_list(MODEL, [("institution_id", "=", home.id)], limit=PAGE, offset=offset)


def search(screens):
    for number in range(200):
        screens.search(MODEL, f"样本{number * 37}")


def verified(env):
    """Measure sealing and verification of rows written for it; rolled back too."""
    port, sealer, checker = env["ctsp.audit.port"], env["ctsp.audit.sealer"], env["ctsp.audit.checker"]
    rows = [port._row("export", env.user, {"note": f"行{number}"}, success=True) | {
        "before": {"department": number, "education": None}, "after": {"department": number + 1, "education": "doctor"},
        "record_name": f"样本{number}（示例）",
    } for number in range(RECORDS)]
    started = busy(env.cr)
    port._write_rows(env.cr, rows)
    written = busy(env.cr)
    count = sealer._seal()  # what was not sealed before as well
    sealed = busy(env.cr)
    env.cr.execute("SELECT id FROM ctsp_audit_seal ORDER BY id DESC LIMIT 2")  # the last may be the rest of many rows
    seals = [checker._seal(number) for number, in env.cr.fetchall()]
    found, present = checker._read_range(seals)
    findings = checker._check_range(seals, found, present)
    ended = busy(env.cr)
    env.cr.rollback()
    if findings or len(present) < RECORDS:
        raise ValueError(f"{len(present)} rows verified, {len(findings)} findings")
    return {"rows per second": {
        "written": RECORDS / (written - started), "sealed": count / (sealed - written),
        "verified": len(present) / (ended - sealed)}}
