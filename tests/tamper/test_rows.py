"""Somebody edits important data and access control by SQL: every change is named by row and field, and nothing else.

Random changes over all protected tables of a loaded database: a field changed, two rows' values exchanged, rows deleted
and put in, links put in, evidence forged, copied and cut off, a row put back to an older state together with it.
"""
import configparser

import psycopg2
import pytest

from conftest import TAMPERS, result

CLEAN = TAMPERS * 25 if TAMPERS < 200 else 100_000  # rows that nobody touches, beside the sample data

MAP = """
import json
found = {}
for name, protection in env["ctsp.integrity"]._map().models.items():
    fields = {}
    for field in protection.names:
        about = env[name]._fields.get(field)
        if about is None or about.translate or field in protection.sealed:
            continue
        fields[field] = [about.type, about.relation if about.type == "many2many" else "",
                         env[about.comodel_name]._table if about.relational else ""]
    found[name] = {"table": protection.table, "fields": fields}
print("RESULT " + json.dumps(found))
"""

FILL = """
model = env["ir.model"]._get("res.partner.category").id
for start in range(0, {count}, 5000):
    env["ir.rule"].create([
        {{"name": "示例 %s" % n, "model_id": model, "active": False, "domain_force": "[('id', '=', %s)]" % n}}
        for n in range(start, min(start + 5000, {count}))])
    env.cr.commit()
rules = env["ir.rule"].with_context(active_test=False).search([("model_id", "=", model)], limit=10)
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


class Database:
    """The tables as whoever got hold of Odoo's role sees them; what the database itself refuses is no attack."""

    def __init__(self, platform):
        parser = configparser.ConfigParser(interpolation=None)
        parser.read(platform.config, encoding="utf-8")
        options = parser["options"]
        self.connection = psycopg2.connect(
            host=options["db_host"], port=options.get("db_port"), user=options["db_user"], dbname=platform.database,
            password=options.get("db_password"))
        self.connection.autocommit = True

    def run(self, sql, *values):
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else cursor.rowcount

    def tried(self, sql, *values):
        """Return the outcome, None where the database refuses or nothing came of it."""
        try:
            return self.run(sql, *values) or None
        except psycopg2.Error:
            return None


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


class Attacker:
    """Makes changes and says what a verification must answer; each row is used once."""

    def __init__(self, database, hands, chance, models, aged):
        self.database, self.hands, self.chance, self.models, self.aged = database, hands, chance, models, aged
        self.rows = {
            name: [row[0] for row in database.run(f'SELECT id FROM "{about["table"]}" ORDER BY id')]
            for name, about in models.items()}
        chance.shuffle(self.aged)

    def run(self, count):
        attacks = (self.change, self.change, self.delete, self.insert, self.swap, self.link, self.forge, self.copy,
                   self.roll_back, self.cut)
        expected, done = set(), 0
        while done < count:
            answer = attacks[done % len(attacks)]()
            if answer is None and attacks[done % len(attacks)] in (self.roll_back, self.cut) and not self.aged:
                answer = self.change()
            if answer:
                expected |= answer
                done += 1
        return expected

    def pick(self, wanted=None):
        """Return (model, table, id) of a row that was not touched yet; every model as likely as any other."""
        name = wanted or self.chance.choice([name for name, rows in self.rows.items() if rows])
        row = self.rows[name].pop(self.chance.randrange(len(self.rows[name])))
        return name, self.models[name]["table"], row

    def field(self, name, *kinds):
        fields = [field for field, about in self.models[name]["fields"].items() if not kinds or about[0] in kinds]
        return self.chance.choice(fields) if fields else None

    def change(self):
        name, table, row = self.pick()
        field = self.field(name, *CHANGES)
        if not field:
            return None
        kind, _relation, other = self.models[name]["fields"][field]
        value = CHANGES[kind].format(f=f'"{field}"', other=f'"{other}"')
        done = self.database.tried(f'UPDATE "{table}" SET "{field}" = {value} WHERE id = %s'
                                   f' AND "{field}" IS DISTINCT FROM {value}', row)
        return done and {("altered", name, row, field)}

    def delete(self):
        name, table, row = self.pick(self.chance.choice(["ir.rule", "ir.model.access", "ctsp.trial"]))
        return self.database.tried(f'DELETE FROM "{table}" WHERE id = %s', row) and {("missing", name, row, "")}

    def insert(self):
        name, table, row = self.pick(self.chance.choice(["ir.rule", "ir.model.access"]))
        columns = [one[0] for one in self.database.run(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
            " AND attname <> 'id'", table)]
        names = ", ".join(f'"{column}"' for column in columns)
        made = self.database.tried(
            f'INSERT INTO "{table}" ({names}) SELECT {names} FROM "{table}" WHERE id = %s RETURNING id', row)
        return made and {("added", name, made[0][0], "")}

    def swap(self):
        """Two rows exchange the values of a field."""
        name, table, first = self.pick(self.chance.choice(["ir.rule", "ir.model.access", "ctsp.trial"]))
        _name, _table, second = self.pick(name)
        field = self.field(name, "char", "text")
        done = self.database.tried(
            f'UPDATE "{table}" a SET "{field}" = b."{field}" FROM "{table}" b WHERE a.id IN (%s, %s)'
            f' AND b.id IN (%s, %s) AND a.id <> b.id AND a."{field}" IS DISTINCT FROM b."{field}"',
            first, second, first, second)
        return done and {("altered", name, row, field) for row in (first, second)}

    def link(self):
        """Give somebody a role, or a rule a group."""
        name, _table, row = self.pick(self.chance.choice(["res.users", "ir.rule"]))
        field = self.field(name, "many2many")
        _kind, relation, other = self.models[name]["fields"][field]
        own, theirs = {"res.users": ("uid", "gid"), "ir.rule": ("rule_group_id", "group_id")}[name]
        done = self.database.tried(
            f'INSERT INTO "{relation}" ("{own}", "{theirs}") SELECT %s, id FROM "{other}" WHERE id NOT IN'
            f' (SELECT "{theirs}" FROM "{relation}" WHERE "{own}" = %s) ORDER BY id LIMIT 1', row, row)
        return done and {("altered", name, row, field)}

    def forge(self):
        """Change a row and its evidence to match, without the key."""
        name, table, row = self.pick("ir.rule")
        self.database.run(f'UPDATE "{table}" SET domain_force = %s WHERE id = %s', "[(1, '=', 1)]", row)
        self.hands("UPDATE ctsp_integrity_entry SET digests = repeat('0', length(digests)) WHERE model = %s"
                   " AND res_id = %s", name, row)
        return {("evidence", name, row, "")}

    def copy(self):
        """Evidence, or a signature, of another row."""
        name, _table, first = self.pick("ir.model.access")
        _name, _table, second = self.pick(name)
        self.hands(
            "UPDATE ctsp_integrity_entry a SET digests = b.digests, mac = b.mac, signature = b.signature"
            " FROM ctsp_integrity_entry b WHERE a.model = %s AND a.res_id = %s AND b.model = %s AND b.res_id = %s",
            name, first, name, second)
        return {("evidence", name, first, "")}

    def roll_back(self):
        """A row put back to what it was."""
        if not self.aged:
            return None
        row = self.aged.pop()
        if row not in self.rows["ir.rule"]:
            return None
        self.rows["ir.rule"].remove(row)
        self.database.run("UPDATE ir_rule SET name = replace(name, '（修改）', ''), domain_force ="
                          " '[(''id'', ''='', ' || substring(name from '[0-9]+') || ')]' WHERE id = %s", row)
        return {("rolled_back", "ir.rule", row, "")}

    def cut(self):
        """A row put back, and the newest of its evidence taken away."""
        if not (found := self.roll_back()):
            return None
        row = next(iter(found))[2]
        self.hands("DELETE FROM ctsp_integrity_entry e WHERE model = 'ir.rule' AND res_id = %s AND revision ="
                   " (SELECT max(revision) FROM ctsp_integrity_entry WHERE model = e.model AND res_id = e.res_id)", row)
        return found


#: type of a field → another value of it
CHANGES = {
    "char": "coalesce({f}, '') || 'x'", "text": "coalesce({f}, '') || 'x'", "selection": "coalesce({f}, '') || 'x'",
    "integer": "coalesce({f}, 0) + 1", "boolean": "NOT coalesce({f}, false)",
    "date": "coalesce({f}, '2026-01-01') + 1", "datetime": "coalesce({f}, '2026-01-01') + interval '1 second'",
    "float": "coalesce({f}, 0) + 1", "many2one": "(SELECT id FROM {other} WHERE id IS DISTINCT FROM {f} LIMIT 1)",
}
