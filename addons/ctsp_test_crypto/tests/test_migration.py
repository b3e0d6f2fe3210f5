from odoo.tests import tagged
from odoo.tools import sql

from odoo.addons.ctsp_crypto.tools import columns, migration

from .common import SecretCase

OLD = {"mobile": "varchar", "born_on": "date", "facts": "jsonb"}
VALUES = {"mobile": "13712345678", "born_on": "1985-05-05", "facts": '{"a": ["甲"]}'}


@tagged("post_install", "-at_install")
class TestMigration(SecretCase):
    """A table of yesterday, clear, becomes one of today without losing a value."""

    def make_old(self, count):
        """Put the table into the form of an older release, with ``count`` rows."""
        self.env.flush_all()
        cr = self.env.cr
        cr.execute("DELETE FROM ctsp_test_secret")
        for name, type_ in OLD.items():
            cr.execute(f"ALTER TABLE ctsp_test_secret DROP COLUMN {name}, ADD COLUMN {name} {type_}")
        cr.execute("ALTER TABLE ctsp_test_secret ALTER COLUMN mobile SET NOT NULL, DROP COLUMN crypto_uuid")
        cr.execute(
            "INSERT INTO ctsp_test_secret (name, mobile, born_on, facts) "
            "SELECT 'N' || n, %s, CASE WHEN n %% 2 = 0 THEN %s::date END, %s FROM generate_series(1, %s) n",
            [VALUES["mobile"], VALUES["born_on"], VALUES["facts"], count])
        self.env.invalidate_all(flush=False)

    def update(self, stop_after=None):
        """Do what an update of the module does; an interruption after some batches is an exception."""
        registry, queue = self.env.registry, []
        self.patch(registry, "post_init", lambda function, *args: queue.append((function, args)))
        self.patch(type(self.Secret), "_table_has_rows", lambda model: True)
        present = sql.table_columns(self.env.cr, "ctsp_test_secret")
        for name in ("crypto_uuid", *OLD):
            self.Secret._fields[name].update_db(self.Secret, present)
        ends = iter(range(stop_after)) if stop_after else None

        def commit():
            if ends is not None and next(ends, None) is None:
                raise InterruptedError

        for function, args in queue:
            if function is migration.encrypt_table:
                function(*args, commit=commit)

    def test_update(self):
        self.make_old(7)
        self.patch(migration, "BATCH", 3)
        self.update()
        present = sql.table_columns(self.env.cr, "ctsp_test_secret")
        self.assertFalse([name for name in present if name.startswith("crypto_clear_")])
        self.assertEqual({present[name]["udt_name"] for name in OLD}, {"bytea"})
        self.env.cr.execute("SELECT t::text FROM ctsp_test_secret t")
        dump = str(self.env.cr.fetchall())
        for value in (VALUES["mobile"], VALUES["born_on"], "甲"):
            self.assertNotIn(value, dump)
        self.env.invalidate_all()
        rows = self.Secret.search([])
        self.assertEqual(len(rows), 7)
        self.assertEqual(rows.mapped("mobile"), [VALUES["mobile"]] * 7)
        self.assertEqual([bool(row.born_on) for row in rows.sorted("id")], [False, True] * 3 + [False])
        self.assertEqual(rows[0].facts, {"a": ["甲"]})
        self.assertEqual(self.Secret.search_count([("mobile", "=", "137 1234 5678")]), 7)
        self.assertEqual(self.Secret.search_count([("born_on", "=", "1985-05-05")]), 3)
        self.assertEqual(len(set(rows.mapped("crypto_uuid"))), 7)

    def test_interrupted(self):
        """Killed in between, the next update goes on with what is left."""
        self.make_old(7)
        self.patch(migration, "BATCH", 3)
        try:  # assertRaises would roll back
            self.update(stop_after=1)
        except InterruptedError:
            pass
        waiting = migration.waiting_fields(self.Secret)
        self.assertTrue(waiting)
        self.update()
        self.assertFalse(migration.waiting_fields(self.Secret))
        self.env.invalidate_all()
        self.assertEqual(self.Secret.search([]).mapped("mobile"), [VALUES["mobile"]] * 7)

    def test_refuses_to_drop(self):
        """A column that still holds a value is not dropped."""
        self.make_old(2)
        present = sql.table_columns(self.env.cr, "ctsp_test_secret")
        self.patch(self.env.registry, "post_init", lambda *args: None)
        columns.set_aside(self.Secret._fields["mobile"], self.Secret, present)
        with self.assertRaises(AssertionError):
            migration.drop(self.Secret, [self.Secret._fields["mobile"]])
