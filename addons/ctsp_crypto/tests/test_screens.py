from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from ctsp_crypto.errors import ProviderUnavailable

from ..tools import machine
from .test_integrity import IntegrityCase


@tagged("post_install", "-at_install")
class TestScreens(IntegrityCase):
    """What the security administrator sees, and nobody else."""

    def setUp(self):
        super().setUp()
        self.admin = self.role("security_admin")

    def test_state(self):
        action = self.env["ctsp.crypto.status"].with_user(self.admin).action_open()
        status = self.env["ctsp.crypto.status"].with_user(self.admin).browse(action["res_id"])
        self.assertTrue(status.ready)
        self.assertTrue(status.software, "the tests' root key lies in a file, and the screen says so")
        self.assertGreaterEqual(status.key_count, 8)
        self.assertEqual(status.line_ids.mapped("name"), ["Software（standard）"])
        with self.assertRaises(AccessError):
            self.env["ctsp.crypto.status"].with_user(self.role("system_admin")).action_open()

    def test_coverage(self):
        coverage = self.env["ctsp.crypto.coverage"].with_user(self.admin)
        coverage.action_open()
        rules = coverage.search([("model", "=", "ir.rule")])
        self.assertEqual((rules.kind, rules.covered_count, rules.share), ("access", rules.row_count, 100.0))
        self.assertTrue(rules.model_label)
        with self.assertRaises(AccessError):
            self.env["ctsp.crypto.coverage"].with_user(self.role("inspector")).action_open()

    def covered(self, kind, model, name=None):
        """Count anew; return ``(rows, rows protected)``."""
        self.env["ctsp.crypto.coverage"].with_user(self.admin).action_open()
        row = self.env["ctsp.crypto.coverage"].search([
            ("kind", "=", kind), ("model", "=", model), *([("field_name", "=", name)] if name else [])])
        return row.row_count, row.covered_count

    def test_rows_without_evidence(self):
        """A row put in by SQL is none that is protected, and one taken away is none that makes up for it."""
        rows, covered = self.covered("access", "ir.rule")
        self.sql("INSERT INTO ir_rule (name, model_id, active) VALUES ('put in', %s, TRUE)", self.model.id)
        self.sql("DELETE FROM ir_rule WHERE id = %s", self.other.id)
        self.assertEqual(self.covered("access", "ir.rule"), (rows, covered - 1))

    def test_values_in_clear(self):
        """Clear bytes in an encrypted column are a value, and no ciphertext."""
        self.admin.phone = "13812345678"
        rows, covered = self.covered("encryption", "res.users", "phone")
        self.assertEqual(rows, covered)
        self.sql("UPDATE res_users SET phone = '13812345678'::bytea WHERE id = %s", self.admin.id)
        self.assertEqual(self.covered("encryption", "res.users", "phone"), (rows, covered - 1))

    def test_files(self):
        """Files of our models are listed, those that are not encrypted as such; others need not be."""
        files = self.env["ir.attachment"]
        made = files.create([
            {"name": f"{model}.txt", "res_model": model, "res_id": 1, "raw": b"some text"}
            for model in ("ctsp.crypto.purpose", "ctsp.crypto.purpose", "res.partner")])
        self.assertEqual(self.covered("files", "ctsp.crypto.purpose"), (2, 2))
        row = self.env["ctsp.crypto.coverage"].search([("kind", "=", "files"), ("model", "=", "ctsp.crypto.purpose")])
        self.assertEqual(row.field_label, "Attachments")
        self.sql("UPDATE ir_attachment SET store_fname = '00/0000' WHERE id = %s", made[0].id)
        self.assertEqual(self.covered("files", "ctsp.crypto.purpose"), (2, 1))
        self.assertFalse(row.search([("model", "=", "res.partner"), ("kind", "=", "files")]))

    def test_cost_of_coverage(self):
        """A query for each table, whatever it holds."""
        tables = len(self.integrity._map().models) + len(self.env["ctsp.encrypted.mixin"]._crypto_models())
        coverage = self.env["ctsp.crypto.coverage"]
        coverage._refresh()
        self.end()
        before = self.env.cr.sql_log_count
        coverage._refresh()
        self.env.flush_all()
        self.assertLess(self.env.cr.sql_log_count - before, tables + 12)

    def test_home(self):
        """What another one asked for waits on the home screen, one's own does not; what was found altered, too."""
        def cards(user):
            found = {card["key"]: card["count"] for card in self.env["ctsp.home"].with_user(user)._cards()}
            return found.get("crypto_export"), found.get("crypto_findings")

        other = self.admin.copy({"login": "second_keeper"})
        order = self.env["ctsp.crypto.export"].with_user(self.admin).create(
            {"reason": "年度保管（示例）", "phrase": "first passphrase", "phrase_again": "first passphrase"})
        order.action_ask()
        verification = self.env["ctsp.integrity.verification"].create({"scope": "access", "state": "broken"})
        verification.issue_ids.create({
            "verification_id": verification.id, "kind": "altered", "model": "ir.rule", "res_id": 1,
            "field_name": "domain_force"})
        self.assertEqual(cards(self.admin), (0, 1))
        self.assertEqual(cards(other), (1, 1))
        self.assertEqual(cards(self.role("system_admin")), (None, None))
        issues = self.env["ctsp.integrity.issue"].with_user(other)
        self.assertIn("field_label", issues._export_default_paths(), "the list is handed to assessors as a file")

    def test_marks(self):
        """Whatever is protected is marked; a level is changed by one role only, and a change by SQL is found."""
        marks = self.env["ctsp.security.mark"]
        marks._complete()
        self.assertEqual(self.integrity._map().models.keys() - set(marks.search([]).mapped("model")), set())
        mark = marks.with_user(self.admin).search([("model", "=", "ir.rule")])
        self.assertEqual(mark.level, "important")
        mark.write({"level": "sensitive", "reason": "含全部访问规则"})
        with self.assertRaises(AccessError):
            mark.write({"model": "res.partner"})
        self.sql("UPDATE ctsp_security_mark SET level = 'internal' WHERE id = %s", mark.id)
        self.assertEqual({(one.kind, one.name) for one in self.integrity._check("ctsp.security.mark", mark.ids)},
                         {("altered", "level")})

    def test_signed_later(self):
        """While the provider cannot be reached a binding row is saved and queued; afterwards it gets its signature."""
        def down(*_args):
            raise ProviderUnavailable("no answer")

        signatures = self.env["ctsp.integrity.signature"]
        protection = self.integrity._map().models["ir.rule"]
        with patch.object(protection, "signed", {"name": ("binding",)}):
            with patch.object(machine.providers(), "sign_many", down, create=True):
                rule = self.make("binding")
                self.assertEqual(signatures._queued_rows(), {"ir.rule": [rule.id]})
                signatures._cron_sign_queued()
                self.assertEqual(signatures._queued_count(), 1)
            signatures._cron_sign_queued()
            self.assertEqual(signatures._queued_count(), 0)
            entry = self.integrity._latest("ir.rule", self.where(rule))[rule.id]
            self.assertEqual((entry.signer, entry.signature_key, entry.revision), ("system", "integrity.sign:1", 2))
            self.assertFalse(self.found(rule))

    def where(self, rule):
        return SQL("res_id = %s", rule.id)

    def test_paper(self):
        """What an assessor asks for, on paper: algorithms, keys, coverage, last verification; the administrator's."""
        action = self.env["ctsp.crypto.status"].with_user(self.admin).action_open()
        status = self.env["ctsp.crypto.status"].with_user(self.admin).browse(action["res_id"])
        printed = status.action_paper()
        self.assertEqual(printed["report_name"], "ctsp_crypto.report_crypto_status")
        reports = self.env["ir.actions.report"].with_user(self.admin)
        html = reports._render_qweb_html(printed["report_name"], status.ids)[0].decode()
        for expected in ("HMAC-SM3", "SM4", "SM2", "SM4-GCM", "Nothing was verified yet"):
            self.assertIn(expected, html)
        self.assertIn(self.env["ctsp.crypto.purpose"].search([], limit=1).name, html)
        with self.assertRaises(AccessError):
            status.with_user(self.role("inspector")).action_paper()
