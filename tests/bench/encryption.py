"""How much of the work on real people and their screens is encryption: CPU time of the process, and its share.

Telephone, e-mail and birth of each person are encrypted and found by blind indexes. The ratio compares the whole work
with the same less what is spent on sealing, opening and indexing. Nothing is committed.
"""
import json
import statistics
import time
from unittest.mock import patch

from lxml import etree

from odoo.fields import Command
from odoo.service.model import call_kw

from odoo.addons.ctsp_crypto.tools import sealing

RECORDS, BATCH, SEARCHES, ROUNDS, CONTEXT = 10_000, 500, 200, 7, {"lang": "zh_CN"}


class Share:
    """CPU seconds spent inside the functions that encrypt, decrypt and index."""

    def __init__(self):
        self.seconds = 0.0

    def of(self, function):
        def timed(*args, **kwargs):
            started = time.process_time()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds += time.process_time() - started
        return timed


def measure(env):
    """Print as JSON ``{work: {"seconds", "encryption", "ratio"}}``."""
    clear, masked = officer(env, "bench_clear", "personal_data"), officer(env, "bench_masked")
    share = Share()
    patches = [patch.object(sealing, name, share.of(getattr(sealing, name))) for name in ("opened", "seal", "blinds")]
    for one in patches:
        one.start()
    try:
        figures = {label: timed(clear, share, work, rounds) for label, work, rounds in works(clear, masked)}
    finally:
        for one in patches:
            one.stop()
        env.cr.rollback()
    print(json.dumps(figures))


def works(clear, masked):
    """Yield ``(what, function, rounds)``; what is made by one is used by the next."""
    home = clear["ctsp.institution"].create({"name": "示例测速医院（示例）"})
    people = clear["ctsp.person"]
    made = people.browse()

    def create():
        nonlocal made
        for start in range(0, RECORDS, BATCH):
            made += people.create([person(number, home) for number in range(start, start + BATCH)])
            people.env.flush_all()

    def write():
        for number, one in enumerate(made):
            one.write({"mobile": f"139{number:08}"})
            if number % BATCH == BATCH - 1:
                people.env.flush_all()

    def search():
        for number in range(0, RECORDS, RECORDS // SEARCHES):
            people.search([("mobile", "=", f"139{number:08}")])

    yield "create", create, 1
    yield "write", write, 1
    yield "list of 80, in clear", list_call(clear), ROUNDS
    yield "list of 80, masked", list_call(masked), ROUNDS
    yield "list of 80, neither shown", list_call(clear, ("mobile", "email")), ROUNDS
    yield f"{SEARCHES} searches by telephone", search, 1
    yield "read all values", lambda: made.read(["name", "mobile", "email", "birth_date", "id_number"]), 1


def timed(env, share, work, rounds):
    """Run once more than ``rounds`` where there are several: the first only fills caches."""
    rows = []
    for _round in range(rounds + (rounds > 1)):
        env.invalidate_all()
        share.seconds, started = 0.0, time.process_time()
        work()
        env.flush_all()
        rows.append((time.process_time() - started, share.seconds))
    total, spent = (statistics.median(row[kind] for row in rows[rounds > 1:]) for kind in (0, 1))
    return {"seconds": total, "encryption": spent, "ratio": total / (total - spent)}


def officer(env, login, *more):
    groups = [env.ref(f"ctsp_base.group_{name}").id for name in ("filing_officer", *more)]
    user = env["res.users"].with_context(no_reset_password=True).create(
        {"name": login, "login": login, "lang": "zh_CN", "group_ids": [Command.set(groups)]})
    return env(user=user, context=CONTEXT)


def list_call(env, left_out=()):
    """Return the call of the web client that loads a page of people."""
    model = env["ctsp.person"]
    arch = etree.fromstring(model.get_views([(False, "list")])["views"]["list"]["arch"])
    fields = [model._fields[node.get("name")] for node in arch.iter("field")]
    specification = {
        field.name: {"fields": {"display_name": {}}} if field.type == "many2one" else {}
        for field in fields if field.type not in ("one2many", "many2many") and field.name not in left_out}
    return lambda: call_kw(
        model, "web_search_read", [[]], {"specification": specification, "limit": 80, "context": CONTEXT})


def person(number, institution):
    return {"name": f"张示例{number}", "institution_id": institution.id, "gender": "male", "department": "心内科",
            "mobile": f"138{number:08}", "email": f"{number}@example.org", "birth_date": "1980-01-01"}
