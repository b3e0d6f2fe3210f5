from concurrent.futures import ThreadPoolExecutor

import psycopg2.errors

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

from odoo.addons.ctsp_base.tests.common import CtspCase

CODE = "ctsp.test.number"


@tagged("post_install", "-at_install")
class TestConcurrency(BaseCase):
    """Several real transactions at once: what they leave behind is committed, so it is cleaned away afterwards."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())

    def environment(self, cursor):
        return api.Environment(cursor, SUPERUSER_ID, {"lang": "en_US"})

    def committed(self, work):
        with self.registry.cursor() as cursor:
            return work(self.environment(cursor))

    def test_numbers_without_gap_or_duplicate(self):
        """Eight transactions at once, every third rolled back, the year's first number among them: 1, 2, 3 …"""
        sequence_id = self.committed(lambda env: env["ir.sequence"].create({
            "name": "Test", "code": f"{CODE}.committed", "implementation": "no_gap", "use_date_range": True,
            "prefix": "沪检字〔%(range_year)s〕", "suffix": "号", "padding": 4,
        }).id)
        self.addCleanup(self.committed, lambda env: self.clean(env, sequence_id))
        kept = []
        for turn in range(6):
            # cursors are opened here: while tests run, another thread cannot look up the registry
            cursors = [self.registry.cursor() for _thread in range(8)]
            environments = [self.environment(cursor) for cursor in cursors]
            for env in environments:
                env["res.users"].search_count([])  # every snapshot is older than the numbers of the others
            with ThreadPoolExecutor(len(cursors)) as pool:
                kept += pool.map(self.draw, environments, [(turn + thread) % 3 for thread in range(8)])
            for cursor in cursors:
                cursor.close()
        kept = list(filter(None, kept))
        self.assertEqual(sorted(kept), [f"沪检字〔2031〕{number:04}号" for number in range(1, 33)])

    def draw(self, env, keep):
        """Draw a number in the transaction of ``env`` and commit it, or take it back."""
        text = env["ir.sequence"]._draw(f"{CODE}.committed", on="2031-05-05")
        env.flush_all()
        if keep:
            env.cr.commit()
            return text
        return env.cr.rollback()

    def clean(self, env, sequence_id):
        env["ctsp.sequence.number"].search([("sequence_id", "=", sequence_id)]).unlink()
        env["ir.sequence"].browse(sequence_id).unlink()

    def test_two_people_at_one_document(self):
        """The second is told so at once while the first is at it; after the commit his stale view is turned back."""
        document_id = self.committed(lambda env: env["ctsp.test.document"].create({"name": "both"}).id)
        self.addCleanup(self.committed, lambda env: self.remove(env, document_id))
        with self.registry.cursor() as first, self.registry.cursor() as second:
            theirs = self.environment(second)["ctsp.test.document"].browse(document_id)
            self.assertEqual(theirs.state, "draft")
            self.environment(first)["ctsp.test.document"].browse(document_id).run_transition("submit")
            first.flush()
            with self.assertRaisesRegex(UserError, "same moment"):
                theirs.run_transition("submit")
            first.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.SerializationFailure):
                theirs.run_transition("submit")  # the server retries this with a fresh view …
            second.rollback()
            theirs.invalidate_recordset()
            with self.assertRaisesRegex(UserError, "Submitted"):
                theirs.run_transition("submit")  # … which says what is the matter

    def test_a_row_at_the_moment_of_handing_in(self):
        """No row slips into what is just handed in: whoever comes second waits, then is made to look again."""
        document_id = self.committed(lambda env: env["ctsp.test.document"].create({"name": "rows"}).id)
        self.addCleanup(self.committed, lambda env: self.remove(env, document_id))
        row_id = self.committed(lambda env: env["ctsp.test.document.row"].create({
            "document_id": document_id, "name": "before"}).id)
        with self.registry.cursor() as first, self.registry.cursor() as second:
            handing_in = self.environment(first)["ctsp.test.document"].browse(document_id)
            rows = self.environment(second)["ctsp.test.document.row"]
            # a row is committed after the step looked at the content: the step has to look again
            self.assertEqual(handing_in.state, "draft")
            rows.create({"document_id": document_id, "name": "meanwhile"})
            second.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.SerializationFailure):
                handing_in.run_transition("submit")
            first.rollback()
            # the row is not committed yet: the step is told so at once
            rows.browse(row_id).name = "uncommitted"
            second.flush()
            with self.assertRaisesRegex(UserError, "same moment"):
                handing_in.run_transition("submit")
            first.rollback()
            second.commit()
            # the step is not committed yet: the row waits, and is refused when it is
            handing_in.run_transition("submit")
            first.flush()
            for write in (lambda: rows.browse(row_id).write({"name": "late"}),
                          lambda: rows.create({"document_id": document_id, "name": "late"}),
                          lambda: rows.browse(row_id).unlink()):
                second.execute("SET LOCAL lock_timeout = '50ms'")
                with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.LockNotAvailable):
                    write()
                second.rollback()
            self.assertEqual(rows.browse(row_id).document_id.state, "draft", "an old view")
            first.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.SerializationFailure):
                rows.browse(row_id).name = "late"
            second.rollback()
            with self.assertRaisesRegex(UserError, "fixed"):
                rows.browse(row_id).name = "late"

    def remove(self, env, document_id):
        env.cr.execute("DELETE FROM ctsp_test_document WHERE id = %s", [document_id])  # and its rows with it
        env.cr.execute(
            "DELETE FROM ctsp_workflow_log WHERE res_model = 'ctsp.test.document' AND res_id = %s", [document_id]
        )


@tagged("post_install", "-at_install")
class TestNumbers(CtspCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sequence = cls.env["ir.sequence"].create({
            "name": "Test", "code": CODE, "implementation": "no_gap", "use_date_range": True,
            "prefix": "T%(range_year)s-", "padding": 3,
        })

    def draw(self, on=None, user=None):
        Sequence = self.env["ir.sequence"].with_user(user or self.role("filing_officer"))
        return Sequence._draw(CODE, on=on)

    def test_a_series_per_year(self):
        self.assertEqual(
            [self.draw("2026-12-31"), self.draw("2027-01-01"), self.draw("2026-01-01")],
            ["T2026-001", "T2027-001", "T2026-002"],
        )
        self.assertEqual(self.draw("2026-12-31 16:00:00"), "T2027-002", "new year in China")

    def test_a_rollback_takes_the_number_back(self):
        self.assertEqual(self.draw("2026-01-01"), "T2026-001")
        try:
            with self.env.cr.savepoint():
                self.assertEqual(self.draw("2026-01-01"), "T2026-002")
                raise UserError("no")
        except UserError:
            pass
        self.assertEqual(self.draw("2026-01-01"), "T2026-002")

    def test_odoo_itself_draws_from_it(self):
        """next_by_code, which other code calls, gives numbers of the same series."""
        self.assertEqual(self.draw("2026-01-01"), "T2026-001")
        self.assertEqual(self.env["ir.sequence"].next_by_code(CODE, sequence_date="2026-02-01"), "T2026-002")

    def test_an_older_series_is_continued(self):
        """An administrator who moves over in the middle of a year enters the next number in the date range."""
        self.sequence.date_range_ids = [
            (0, 0, {"date_from": "2026-01-01", "date_to": "2026-12-31", "number_next_actual": 38}),
        ]
        self.assertEqual([self.draw("2026-05-01"), self.draw("2026-05-01")], ["T2026-038", "T2026-039"])

    def test_outside_users_get_numbers_and_unknown_codes_are_refused(self):
        self.assertEqual(self.draw("2026-01-01", self.outside("Hospital")[1]), "T2026-001")
        with self.assertRaises(UserError):
            self.env["ir.sequence"]._draw("ctsp.test.unknown")
