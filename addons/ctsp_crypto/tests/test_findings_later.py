from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo.exceptions import ConcurrencyError, UserError
from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from ..tools.evidence import Finding
from .test_findings import FindingsCase


@tagged("post_install", "-at_install")
class TestFindingsLater(FindingsCase):
    """What becomes of findings that an older release kept, that changed once more, or that are there no more."""

    def test_changed_once_more(self):
        """Of what was found before an alteration was altered itself one may take note, once a verification says so."""
        self.alter(self.rule, "x")
        former = self.verify()[0].issue_ids
        self.alter(self.rule, "y")
        with self.assertRaisesRegex(UserError, "not what was found"):
            self.close(former, "known")
        now = self.verify()[0].issue_ids
        with self.assertRaisesRegex(UserError, "is still found"):
            self.close(former, "restored")
        self.close(former | now, "known")
        self.assertEqual((former | now).mapped("state"), ["known", "known"])
        self.assertFalse(self.verify()[1])

    def test_of_an_older_release(self):
        """Findings without an identity are those that are found where they say, and are closed like others."""
        self.alter(self.rule, "x")
        self.alter(self.other, "x")
        old = self.verify()[0].issue_ids
        old.write({"identity": False})
        self.end()
        again = self.verify()[0].issue_ids
        self.assertEqual((again, again.mapped("gone_on")), (old, [False, False]))
        self.assertEqual(len(set(old.mapped("identity")) - {False}), 2)
        self.close(old, "known")

    def test_copies_of_an_older_release(self):
        """Of copies of one finding the first stays, with all verifications that met it and the day of the last."""
        nights = self.env["ctsp.integrity.verification"].create([{"scope": "access"}] * 3)
        rows = self.env["ctsp.integrity.issue"].create([
            {"kind": "altered", "model": "ir.rule", "res_id": self.rule.id, "field_name": "name",
             "verification_id": night.id} for night in (*nights, nights.browse())])
        other = self.env["ctsp.integrity.issue"].create({"kind": "missing", "model": "ir.rule", "res_id": 5})
        for day, row in enumerate(rows, 1):
            self.sql("UPDATE ctsp_integrity_issue SET create_date = %s WHERE id = %s", f"2020-01-0{day}", row.id)
        path = file_path("ctsp_crypto/migrations/19.0.1.1.0/post-findings.py")
        load_script(path, "findings").migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        left = self.env["ctsp.integrity.issue"].search([("identity", "=", False)])
        self.assertEqual(left, rows[0] + other)
        self.assertEqual((rows[0].verification_ids, rows[0].verification_id), (nights, nights[0]))
        self.assertEqual((str(rows[0].create_date), str(rows[0].last_date)),
                         ("2020-01-01 00:00:00", "2020-01-04 00:00:00"))

    def test_ciphertext_without_evidence(self):
        """What is opened only, in tables that no evidence covers, is not found any more when it opens."""
        found = Finding("altered", "ctsp.import.row", 1, "values")
        self.assertNotIn(found.model, self.integrity._map().models)
        name = next(iter(self.env["ctsp.integrity.verification"]._bare_ciphers()[found.model]))
        issue = self.env["ctsp.integrity.issue"]._note([found._replace(name=name)])
        issue.last_date = "2000-01-01"
        self.env["ctsp.integrity.verification"].create({"scope": "access"})._run_now()
        self.assertFalse(issue.gone_on, "these are not opened where access control is verified")
        self.env["ctsp.integrity.verification"].create({"scope": "data"})._run_now()
        self.assertTrue(issue.gone_on)
        self.close(issue, "known")

    def test_told_again_when_it_is_back(self):
        """What is gone is no excuse for what comes later: altered in the same way, it is new to the next sign-in."""
        self.alter(self.rule, "x")
        issue = self.verify()[0].issue_ids
        self.assertIn(issue.identity, self.integrity._known("ir.rule"))
        self.alter(self.rule, "one")
        self.verify()
        self.assertNotIn(issue.identity, self.integrity._known("ir.rule"))

    def test_two_at_once(self):
        """Who tells of the same as another request at that moment begins anew, and finds it told."""
        self.alter(self.rule, "x")
        found = self.integrity._check("ir.rule", self.rule.ids)
        with self.assertRaises(ConcurrencyError), \
                patch.object(self.registry["ctsp.audit.alert"], "_raise", side_effect=UniqueViolation):
            self.integrity._announce_rights(found)
