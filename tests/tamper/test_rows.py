"""Somebody edits important data and access control by SQL: every change is named by row and field, and nothing else.

Random changes over all protected tables of a loaded database: a field changed, two rows' values exchanged, rows deleted
and put in, links put in, evidence forged, copied and cut off, a row put back to an older state together with it.
"""
import configparser
from collections import Counter

import psycopg2
import pytest

from conftest import TAMPERS, result

TRIES = 60  # what the database refuses is no attack
NEWEST_SIGNED = """
SELECT DISTINCT ON (model, res_id) model, res_id, id FROM ctsp_integrity_entry e
 WHERE signature IS NOT NULL AND revision = (
       SELECT max(revision) FROM ctsp_integrity_entry WHERE model = e.model AND res_id = e.res_id)
"""
CLEAN = TAMPERS * 25 if TAMPERS < 200 else 100_000  # rows that nobody touches, beside the sample data

MAP = """
import json
mapped = env["ctsp.integrity"]._map()
linked = {field.comodel_name for one in mapped.models.values() for field in one.links.values()}
vital = {"ctsp.crypto.purpose": {"code", "algorithm", "domain", "locators"}}  # without it nobody verifies anything
found = {}
for name, protection in mapped.models.items():
    fields, ciphers = {}, []
    for field in protection.versions[min(protection.versions)]:  # older rows have no evidence of fields named later
        about = env[name]._fields.get(field)
        if field in protection.sealed:
            ciphers.append(field)
        elif about is None or not about.store:  # a column that is no field of the ORM
            fields[field] = ["char", "", "", "", ""]
        elif not about.translate and field not in vital.get(name, ()):
            many = about.type == "many2many"
            fields[field] = [
                about.type, about.relation if many else "", env[about.comodel_name]._table if about.relational else "",
                about.column1 if many else "", about.column2 if many else ""]
    found[name] = {"table": protection.table, "fields": fields, "ciphers": ciphers, "bare": [],
                   "leaf": name not in mapped.below and name not in linked}
for name, fields in env["ctsp.integrity.verification"]._bare_ciphers().items():
    one = found.setdefault(name, {"table": env[name]._table, "fields": {}, "ciphers": [], "leaf": False})
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


class Attacker:
    """Makes changes and says what a verification must answer; each row is used once.

    Whatever model the registry protects is attacked: a new one is covered by being there.
    """

    def __init__(self, database, hands, chance, models, aged):
        self.database, self.hands, self.chance, self.models, self.aged = database, hands, chance, models, aged
        self.rows = {
            name: [row[0] for row in database.run(f'SELECT id FROM "{about["table"]}" WHERE id > 1 ORDER BY id')]
            for name, about in models.items()}
        self.signed = [tuple(row) for row in hands(NEWEST_SIGNED)]
        chance.shuffle(self.aged)
        chance.shuffle(self.signed)
        self.done = Counter()

    def run(self, count):
        attacks = (self.change, self.delete, self.insert, self.swap, self.link, self.forge, self.copy, self.roll_back,
                   self.cipher, self.change, self.swap_ciphers, self.copy_signature, self.cut)
        expected = set()
        for number in range(count):
            attack = attacks[number % len(attacks)]
            answer = next(filter(None, (attack() for _try in range(TRIES))), None)
            while answer is None:  # nothing left of that kind
                attack, answer = self.change, self.change()
            self.done[attack.__name__] += 1
            expected |= answer
        return expected

    def pick(self, suitable=lambda about: True, name=None):
        """Return (model, table, id) of a row that was not touched yet; every suitable model as likely as any other."""
        names = [one for one, rows in self.rows.items() if rows and (one == name or not name) and suitable(
            self.models[one])]
        if not names:
            return None, None, None
        name = self.chance.choice(names)
        row = self.rows[name].pop(self.chance.randrange(len(self.rows[name])))
        return name, self.models[name]["table"], row

    def fields(self, name, *kinds):
        return [field for field, about in self.models[name]["fields"].items() if about[0] in kinds]

    def change(self):
        name, table, row = self.pick(lambda about: any(one[0] in CHANGES for one in about["fields"].values()))
        field = self.chance.choice(self.fields(name, *CHANGES))
        kind, _relation, other, _own, _theirs = self.models[name]["fields"][field]
        value = CHANGES[kind].format(f=f'"{field}"', other=f'"{other}"')
        done = self.database.tried(f'UPDATE "{table}" SET "{field}" = {value} WHERE id = %s'
                                   f' AND "{field}" IS DISTINCT FROM {value}', row)
        return done and {("altered", name, row, field)}

    def delete(self):
        """A row on which no other protected one hangs."""
        name, table, row = self.pick(lambda about: about["leaf"])
        return self.database.tried(f'DELETE FROM "{table}" WHERE id = %s', row) and {("missing", name, row, "")}

    def insert(self):
        """A copy of a genuine row; its ciphertexts do not open there."""
        name, table, row = self.pick(lambda about: about["fields"])
        columns = [one[0] for one in self.database.run(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
            " AND attname NOT IN ('id', 'crypto_uuid')", table)]
        names = ", ".join(f'"{column}"' for column in columns)
        made = self.database.tried(
            f'INSERT INTO "{table}" ({names}) SELECT {names} FROM "{table}" WHERE id = %s RETURNING id', row)
        if not made:
            return None
        new = made[0][0]
        return {("added", name, new, "")} | {
            ("altered", name, new, field) for field in self.models[name]["bare"]
            if self.database.run(f'SELECT FROM "{table}" WHERE id = %s AND "{field}" IS NOT NULL', new)}

    def swap(self):
        """Two rows exchange the values of a field."""
        name, table, first = self.pick(
            lambda about: any(one[0] in ("char", "text") for one in about["fields"].values()))
        _name, _table, second = self.pick(name=name)
        field = self.chance.choice(self.fields(name, "char", "text"))
        return self.exchange(name, table, field, first, second)

    def exchange(self, name, table, field, first, second):
        done = second and self.database.tried(
            f'UPDATE "{table}" a SET "{field}" = b."{field}" FROM "{table}" b WHERE a.id IN (%s, %s)'
            f' AND b.id IN (%s, %s) AND a.id <> b.id AND a."{field}" IS DISTINCT FROM b."{field}"',
            first, second, first, second)
        return done and {("altered", name, row, field) for row in (first, second)}

    def cipher(self):
        """One bit of a ciphertext."""
        name, table, row = self.pick(lambda about: about["ciphers"])
        field = name and self.chance.choice(self.models[name]["ciphers"])
        done = name and self.database.tried(
            f'UPDATE "{table}" SET "{field}" = set_byte("{field}", length("{field}") - 1,'
            f' get_byte("{field}", length("{field}") - 1) # 1) WHERE id = %s AND "{field}" IS NOT NULL', row)
        return done and {("altered", name, row, field)}

    def swap_ciphers(self):
        """Two rows exchange their ciphertexts of a field: each opens under the key, in its own place only."""
        name, table, first = self.pick(lambda about: about["ciphers"])
        field = name and self.chance.choice(self.models[name]["ciphers"])
        if not name or not self.database.run(f'SELECT FROM "{table}" WHERE id = %s AND "{field}" IS NOT NULL', first):
            return None
        others = [row[0] for row in self.database.run(f'SELECT id FROM "{table}" WHERE "{field}" IS NOT NULL')]
        second = next((row for row in self.rows[name] if row in set(others)), None)
        if second:
            self.rows[name].remove(second)
        return self.exchange(name, table, field, first, second)

    def link(self):
        """Give somebody a role, a rule a group, a plan a trial."""
        name, _table, row = self.pick(lambda about: any(one[1] for one in about["fields"].values()))
        field = self.chance.choice(self.fields(name, "many2many"))
        _kind, relation, other, own, theirs = self.models[name]["fields"][field]
        done = self.database.tried(
            f'INSERT INTO "{relation}" ("{own}", "{theirs}") SELECT %s, id FROM "{other}" WHERE id NOT IN'
            f' (SELECT "{theirs}" FROM "{relation}" WHERE "{own}" = %s) ORDER BY id LIMIT 1', row, row)
        return done and {("altered", name, row, field)}

    def forge(self):
        """Change a row and its evidence to match, without the key."""
        if changed := self.change():
            (_kind, name, row, _field), = changed
            if not self.hands("UPDATE ctsp_integrity_entry SET digests = repeat('0', length(digests)) WHERE model = %s"
                              " AND res_id = %s", name, row):
                return changed
            return {("evidence", name, row, "")}
        return None

    def copy(self):
        """Evidence of another row."""
        name, _table, first = self.pick(lambda about: about["fields"])
        _name, _table, second = self.pick(name=name)
        done = second and self.hands(
            "UPDATE ctsp_integrity_entry a SET digests = b.digests, mac = b.mac"
            " FROM ctsp_integrity_entry b WHERE a.model = %s AND a.res_id = %s AND b.model = %s AND b.res_id = %s",
            name, first, name, second)
        return {("evidence", name, first, "")} if done else None

    def copy_signature(self):
        """The signature under another row, put under this one."""
        if len(self.signed) < 2:
            return None
        (name, row, entry), other = self.signed.pop(), self.signed[0]
        if row not in self.rows[name]:
            return None
        self.rows[name].remove(row)
        self.hands("UPDATE ctsp_integrity_entry a SET signature = b.signature, signature_key = b.signature_key,"
                   " signer = b.signer FROM ctsp_integrity_entry b WHERE a.id = %s AND b.id = %s", entry, other[2])
        return {("evidence", name, row, "")}

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
    "float": "coalesce({f}, 0) + 1", "monetary": "coalesce({f}, 0) + 1",
    "many2one": "(SELECT id FROM {other} WHERE id IS DISTINCT FROM {f} LIMIT 1)",
}
