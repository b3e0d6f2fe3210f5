import os

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_base.tests.common import CtspCase
from odoo.addons.ctsp_base.tools import incoming

from .access import business_models
from .methods import COLUMNS, arguments, changes, needs_leave, public_methods, read_table, write_table
from .world import World

QUIET = ("odoo.sql_db", "odoo.models", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule",
         "py.warnings", "odoo.addons.mail")
@tagged("post_install", "-at_install")
class TestPublicMethods(CtspCase):
    """Every public method of every model, called by who has no business with it.

    What came of a call is a letter: ``-`` it was refused, ``r`` it ran and changed nothing, ``w`` it changed something.
    The regulator's people may read; whatever else is possible stands in ``public_methods.csv`` with its reason. Run
    with CTSP_METHOD_TABLE=<path> to write what is observed, for review.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world_a = World(cls.env, *cls.outside("Hospital A"), "A")
        cls.world_b = World(cls.env, *cls.outside("Hospital B"), "B")
        records = cls.world_b.records
        cls.samples = {
            "inspection_id": records["ctsp.inspection"].id, "line_id": records["ctsp.inspection.line"].id,
            "clause_id": records["ctsp.clause"].id, "phrase_id": records["ctsp.finding.phrase"].id,
            "phrase_ids": records["ctsp.finding.phrase"].ids, "version_id": records["ctsp.law.version"].id,
            "operations": [], "revisions": {}, "has_conflict": True, "first": "2026-01-01", "last": "2026-01-31",
            "values": {"file_name": "a.pdf", "data": b"JVBERi0xLjQ="}, "partner_ids": [], "reason": "x",
        }

    def outcome(self, record, name, user, argument):
        """Call one method as ``user`` and undo it; return the letter of what came of it."""
        self.env.invalidate_all()
        record = record.with_user(user)
        savepoint = self.env.cr.savepoint()
        try:
            with changes() as tables:
                incoming.check_call(record.env, record._name, name, [record.ids], {})
                method = getattr(record, name)
                given = {"code": argument, "reason": "x"} if argument else arguments(method.__func__, self.samples)
                method(**given)
                self.env.flush_all()
            return "w" if tables else "r"
        except (UserError, ValueError, TypeError, KeyError, AttributeError, AssertionError, psycopg2.Error):
            return "-"
        finally:
            self.env.cr.precommit.clear()
            self.env.cr.postcommit.clear()
            savepoint.close(rollback=True)
            self.env.transaction.clear()

    def callers(self):
        """Yield ``(column, user, world whose record is used)``."""
        yield "own", self.world_a.user, self.world_a
        yield "other", self.world_a.user, self.world_b
        for role in COLUMNS[2:]:
            yield role, self.role(role), self.world_b

    def observe(self):
        observed = {}
        callers = list(self.callers())
        with mute_logger(*QUIET):
            for model, method, argument in public_methods(self.env, business_models(self.env)):
                observed[model, method] = {
                    column: self.outcome(
                        world.records.get(model, self.env[model]), method.partition(":")[0], user, argument)
                    for column, user, world in callers}
        return observed

    def test_table(self):
        """Nobody can do more by any method than the table allows; nothing at all on another institution's record."""
        observed = self.observe()
        if path := os.environ.get("CTSP_METHOD_TABLE"):
            write_table(observed, path)
        table = read_table()
        self.assertGreater(len(observed), 600)
        for key, row in observed.items():
            with self.subTest(method=".".join(key)):
                if key[0] not in self.world_b.shared:
                    self.assertEqual(row["other"], "-", "on another institution's record nothing is called")
                if needs_leave(row):
                    self.assertIn(key, table, f"this needs a reason in the table: {row}")
                    self.assertEqual(row, {column: table[key][column] for column in COLUMNS})

    def test_reasons(self):
        """Each row of the table says why, and institutions change what is their own alone."""
        for key, row in read_table().items():
            with self.subTest(method=".".join(key)):
                self.assertGreater(len(row["reason"]), 10)
                self.assertNotEqual(row["other"], "w")
