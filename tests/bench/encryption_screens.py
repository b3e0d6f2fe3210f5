"""How much of the work on real people and their screens is encryption: CPU time of the process, and its share.

Runs inside an Odoo shell on a database with the registry and commits nothing::

    scripts/shell --database NAME < tests/bench/encryption_screens.py
"""
import logging
import statistics
import time

from lxml import etree

from odoo.fields import Command
from odoo.service.model import call_kw

from odoo.addons.ctsp_crypto.tools import sealing

COUNT, ROUNDS, CONTEXT = 1_000, 7, {"lang": "zh_CN"}
spent = [0.0]


def timed(function):
    def inner(*args, **kwargs):
        started = time.process_time()
        try:
            return function(*args, **kwargs)
        finally:
            spent[0] += time.process_time() - started
    return inner


def officer(env, login, *more):
    groups = [env.ref(f"ctsp_base.group_{name}").id for name in ("filing_officer", *more)]
    user = env["res.users"].with_context(no_reset_password=True).create(
        {"name": login, "login": login, "lang": "zh_CN", "group_ids": [Command.set(groups)]})
    return env(user=user, context=CONTEXT)


def report(env, label, function, rounds=1):
    rows = []
    for _round in range(rounds + (rounds > 1)):
        env.invalidate_all()
        spent[0], started = 0.0, time.process_time()
        function()
        env.flush_all()
        rows.append((time.process_time() - started, spent[0]))
    total, share = (statistics.median(row[kind] for row in rows[rounds > 1:]) for kind in (0, 1))
    ratio = total / (total - share)
    print(f"{label:32} {total * 1000:9.1f} ms, of it encryption {share * 1000:7.1f} ms, ratio {ratio:.2f}")


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


logging.disable(logging.INFO)
for name in ("opened", "seal", "blinds"):
    setattr(sealing, name, timed(getattr(sealing, name)))
clear, masked = officer(env, "bench_clear", "personal_data"), officer(env, "bench_masked")  # noqa: F821
home = clear["ctsp.institution"].create({"name": "示例测速医院（示例）"})
people, made = clear["ctsp.person"], []
report(clear, f"create {COUNT}", lambda: made.append(people.create([person(n, home) for n in range(COUNT)])))
report(clear, "create 100 one by one", lambda: [people.create(person(5000 + n, home)) for n in range(100)])
report(clear, f"write {COUNT} one by one",
       lambda: [one.write({"mobile": f"139{n:08}"}) for n, one in enumerate(made[0])])
report(clear, "list of 80, shown in clear", list_call(clear), ROUNDS)
report(masked, "list of 80, shown masked", list_call(masked), ROUNDS)
report(clear, "list of 80, not shown", list_call(clear, ("mobile", "email")), ROUNDS)
report(clear, "50 searches by telephone",
       lambda: [people.search([("mobile", "=", f"139{n:08}")]) for n in range(50)], ROUNDS)
report(clear, f"read all of {COUNT}",
       lambda: made[0].read(["name", "mobile", "email", "birth_date", "id_number"]), ROUNDS)
env.cr.rollback()  # noqa: F821
