from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .test_integrity import IntegrityCase


@tagged("post_install", "-at_install")
class TestRotation(IntegrityCase):
    """Keys are renewed while people work: nothing becomes unreadable, evidence stays valid."""

    def renew(self, key, **values):
        one = self.env["ctsp.crypto.rotation"].with_user(self.role("security_admin")).create(
            {"key_id": key, "reason": "年度轮换", **values})
        one.action_start()
        return one.sudo()

    def finish(self, one):
        while one.state == "running":
            one._step()

    def test_evidence(self):
        """Rows written before, during and after the renewal agree; what was altered before is still found."""
        self.sql("UPDATE ir_rule SET domain_force = '[]' WHERE id = %s", self.other.id)
        one = self.renew("data/integrity.mac")
        self.assertEqual(one.version, 2)
        self.rule.name = "written during the renewal"
        third = self.make("three")
        self.assertEqual(self.found(self.rule, third), set())
        with patch("odoo.addons.ctsp_crypto.models.crypto_rotation.RANGE", 100):
            self.finish(one)
        self.assertEqual((one.state, one.row_left), ("done", 1))
        self.rule.name = "written after the renewal"
        self.end()
        self.assertEqual(self.found(self.rule, self.other, third), {(self.other.id, "altered", "domain_force")})
        latest = self.integrity._latest("ir.rule", self.ids_of(self.rule, third))
        self.assertEqual({entry.key_version for entry in latest.values()}, {2})
        clean = self.env["ctsp.integrity.verification"].create({"scope": "access"})
        clean._run_now()
        self.assertEqual([(i.kind, i.res_id, i.field_name) for i in clean.issue_ids],
                         [("altered", self.other.id, "domain_force")])

    def ids_of(self, *records):
        return SQL("res_id = ANY(%s)", [record.id for record in records])

    def test_interrupted(self):
        """A renewal goes on where it stopped and does nothing twice."""
        one = self.renew("data/integrity.mac")
        with patch("odoo.addons.ctsp_crypto.models.crypto_rotation.RANGE", 50):
            while one.row_count < 60:
                one._step()
            done = one.row_count
            self.finish(one)
        self.assertGreater(one.row_count, done)
        self.assertLessEqual(one.row_count, one.row_total + 1)

    def test_domain_key(self):
        """Wrapping anew touches no data: evidence is valid before and after, without a range to do."""
        one = self.renew("domain/integrity")
        self.finish(one)
        self.assertEqual((one.state, one.row_count), ("done", 0))
        self.assertFalse(self.found())
        self.assertFalse(self.env["ctsp.crypto.key"]._problems())

    def test_rights(self):
        """The security administrator starts a renewal, once, and writes nothing of its course."""
        one = self.renew("data/audit.mac")
        mine = one.with_user(self.role("security_admin"))
        with self.assertRaises(UserError):
            mine.action_start()
        with self.assertRaises(AccessError):
            mine.write({"state": "done"})
        with self.assertRaises(AccessError):
            self.env["ctsp.crypto.rotation"].with_user(self.role("system_admin")).create(
                {"key_id": "data/audit.mac", "reason": "x"})
        self.finish(one)
        port = self.env["ctsp.audit.port"]
        port._log("export", self.env.user)
        self.env.cr.execute("SELECT array_agg(mac_key) FROM ctsp_audit_log WHERE event = 'export'")
        self.assertEqual(self.env.cr.fetchone()[0], ["audit.mac:2"])
