"""Somebody edits important data and access control by SQL: every change is named by row and field, and nothing else.

Random changes over all protected tables of a loaded database: a field changed, two rows' values exchanged, rows deleted
and put in, links put in, evidence forged, copied and cut off, a row put back to an older state together with it.
"""
import pytest
from attacker import Attacker, Database

from conftest import TAMPERS, result

CLEAN = TAMPERS * 25 if TAMPERS < 200 else 100_000  # rows that nobody touches, beside the sample data

MAP = """
import json
mapped = env["ctsp.integrity"]._map()
vital = {"ctsp.crypto.purpose": {"code", "algorithm", "domain", "locators"}}  # without it nothing is written any more
spared = {"ir.config_parameter": "t.key <> 'database.uuid'"}  # what the files beside the database are named by
found = {}
for name, protection in mapped.models.items():
    fields, ciphers = {}, []
    for field in protection.names:
        about = env[name]._fields.get(field)
        if field in protection.sealed:
            ciphers.append(field)
        elif about is None or not about.store:  # a column that is no field of the ORM
            fields[field] = ["char", "", "", "", ""]
        elif about.translate and field in protection.spoken:
            fields[field] = ["spoken", "", "", "", ""]
        elif not about.translate and field not in vital.get(name, ()):
            many = about.type == "many2many"
            fields[field] = [
                about.type, about.relation if many else "", env[about.comodel_name]._table if about.relational else "",
                about.column1 if many else "", about.column2 if many else ""]
    found[name] = {"table": protection.table, "fields": fields, "ciphers": ciphers, "bare": [],
                   "rows": f"({env[name]._integrity_rows}) AND {spared.get(name, 'TRUE')}",
                   "leaf": name not in mapped.below and name not in mapped.linked and name not in vital}
for name, fields in env["ctsp.integrity.verification"]._bare_ciphers().items():
    one = found.setdefault(name, {"table": env[name]._table, "fields": {}, "ciphers": [], "rows": "TRUE",
                                    "leaf": False})
    one["ciphers"] += fields
    one["bare"] = list(fields)  # looked at by themselves, not with the evidence of their row
print("RESULT " + json.dumps(found))
"""

FILL = """
model = env["ir.model"]._get("res.partner.category").id
for start in range(0, {count}, 5000):
    env["ir.rule"].create([
        {{"name": "示例 %s" % n, "model_id": model, "active": False, "domain_force": "[('id', '=', %s)]" % n}}
        for n in range(start, min(start + 5000, {count}))])
    env.cr.commit()
qweb = env["ir.qweb"]
qweb._get_asset_bundle("web.assets_frontend_minimal", css=False).js()
for options in ({{}}, {{"rtl": True}}, {{"autoprefix": True}}):
    qweb._get_asset_bundle("web.report_assets_pdf", js=False, **options).css()
rules = env["ir.rule"].with_context(active_test=False).search([("model_id", "=", model)], limit=40)
for rule in rules:  # they have a past
    rule.write({{"name": rule.name + "（修改）", "domain_force": "[]"}})
env.cr.commit()
env["ctsp.audit.sealer"]._seal_evidence()
env.cr.commit()
print("RESULT " + __import__("json").dumps(rules.ids))
"""

VERIFY = """
import json
from unittest.mock import patch
with patch("odoo.addons.ctsp_crypto.models.integrity_verification.SHOWN", 100000):
    one = env["ctsp.integrity.verification"].create({"scope": "all"})
    one._run_now()
env.cr.commit()
print("RESULT " + json.dumps({
    "rows": one.row_count, "count": one.issue_count, "state": one.state,
    "issues": [[i.kind, i.model, i.res_id, i.field_name or ""] for i in one.issue_ids]}))
"""


@pytest.fixture(scope="module")
def database(platform):
    found = Database(platform)
    yield found
    found.connection.close()


def test_every_change_is_named(platform, hands, chance, database):
    aged = result(platform, FILL.format(count=CLEAN))
    models = result(platform, MAP)
    clean = result(platform, VERIFY)
    assert clean["count"] == 0, f"false alarm: {clean['issues'][:5]}"
    assert clean["rows"] >= CLEAN

    attacker = Attacker(database, hands, chance, models, aged)
    expected = attacker.run(TAMPERS)
    print(f"{sum(attacker.done.values())} changes: {dict(attacker.done)}")
    found = result(platform, VERIFY)
    issues = {tuple(issue) for issue in found["issues"] if issue[0] != "manifest"}
    assert issues == expected, (
        f"not found: {sorted(expected - issues)[:5]}; not done: {sorted(issues - expected)[:5]}")
    assert found["state"] == "broken"


def test_the_end_cut_off(platform, hands):
    """The newest link goes with all it covers: the checkpoint outside the database knows better."""
    last = hands("SELECT max(id) FROM ctsp_integrity_seal")[0][0]
    hands("DELETE FROM ctsp_integrity_seal_row WHERE seal_id = %s", last)
    hands("DELETE FROM ctsp_integrity_seal WHERE id = %s", last)
    assert "cut" in {issue[0] for issue in result(platform, VERIFY)["issues"]}
