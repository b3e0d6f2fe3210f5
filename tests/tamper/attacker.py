"""Somebody with the database in his hands: makes changes past the platform and says what a verification must answer."""
import configparser
from collections import Counter

import psycopg2

TRIES = 60  # what the database refuses is no attack
NEWEST_SIGNED = """
SELECT DISTINCT ON (model, res_id) model, res_id, id FROM ctsp_integrity_entry e
 WHERE signature IS NOT NULL AND revision = (
       SELECT max(revision) FROM ctsp_integrity_entry WHERE model = e.model AND res_id = e.res_id)
"""
#: type of a field → another value of it
CHANGES = {
    "char": "coalesce({f}, '') || 'x'", "text": "coalesce({f}, '') || 'x'", "selection": "coalesce({f}, '') || 'x'",
    "integer": "coalesce({f}, 0) + 1", "boolean": "NOT coalesce({f}, false)",
    "date": "coalesce({f}, '2026-01-01') + 1", "datetime": "coalesce({f}, '2026-01-01') + interval '1 second'",
    "float": "coalesce({f}, 0) + 1", "monetary": "coalesce({f}, 0) + 1",
    "spoken": "jsonb_set({f}, '{{zh_CN}}', to_jsonb(coalesce({f}->>'zh_CN', {f}->>'en_US') || 'x'))",
    "many2one": "(SELECT id FROM {other} WHERE id IS DISTINCT FROM {f} LIMIT 1)",
}


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


class Attacker:
    """Makes changes and says what a verification must answer; each row is used once.

    Whatever model the registry protects is attacked: a new one is covered by being there.
    """

    def __init__(self, database, hands, chance, models, aged):
        self.database, self.hands, self.chance, self.models, self.aged = database, hands, chance, models, aged
        self.rows = {
            name: [row[0] for row in database.run(
                f'SELECT id FROM "{about["table"]}" t WHERE id > 1 AND {about["rows"]} ORDER BY id')]
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
