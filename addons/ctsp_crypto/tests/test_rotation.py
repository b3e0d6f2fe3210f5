from unittest.mock import patch

from psycopg2.errors import SerializationFailure

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
        one._run_now()

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
        """A renewal goes on where it stopped and does nothing twice; stopped, it is taken up again."""
        one = self.renew("data/integrity.mac")
        with patch("odoo.addons.ctsp_crypto.models.crypto_rotation.RANGE", 50):
            steps = one._range_steps()
            while one.row_count < 60:
                next(steps)
            done = one.row_count
            one._break_off("stopped", stopped=True)
            with self.assertRaises(UserError):
                self.renew("data/integrity.mac")
            one.with_user(self.role("security_admin")).action_resume()
            self.finish(one)
        self.assertGreater(one.row_count, done)
        self.assertLessEqual(one.row_count, one.row_total + 1)
        self.assertEqual(one.state, "done")

    def test_met_another_writer(self):
        """A range that met somebody who wrote the same rows is done again, not broken off."""
        one, real, met = self.renew("data/integrity.mac"), type(self.integrity)._rekey, [SerializationFailure()] * 2

        def rekey(*arguments):
            if met:
                raise met.pop()
            return real(*arguments)

        with (patch.object(type(self.integrity), "_rekey", rekey),
              patch.object(self.env.cr, "rollback") as rolled_back):
            self.assertTrue(list(one._range_tried()))
        self.assertEqual((rolled_back.call_count, one.row_left, bool(one.row_count)), (2, 0, True))

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


@tagged("post_install", "-at_install")
class TestDestruction(IntegrityCase):
    """Old versions are destroyed by two people together, and only what nothing needs any more."""

    def order(self, key_id, version=1):
        key = self.env["ctsp.crypto.key"].search([("key_id", "=", key_id), ("version", "=", version)])
        return self.env["ctsp.crypto.destruction"].with_user(self.role("security_admin")).create(
            {"key_id": key.id, "reason": "轮换后销毁"})

    def test_two_people(self):
        """Renewed, needed by nothing, asked by one, confirmed by another: wiped, and everything still verifies."""
        renewal = self.env["ctsp.crypto.rotation"].create({"key_id": "data/integrity.mac", "reason": "年度轮换"})
        renewal.action_start()
        order = self.order("data/integrity.mac")
        self.assertIn("：", order.needed_text)
        with self.assertRaises(UserError):
            order.action_ask()
        renewal._run_now()
        order.invalidate_recordset()
        self.assertFalse(order.needed_text)
        order.action_ask()
        with self.assertRaises(UserError):
            order.action_confirm()
        other = self.role("security_admin").copy({"login": "second_keeper"})
        order.with_user(other).action_confirm()
        self.assertEqual((order.state, order.key_id.state), ("done", "destroyed"))
        self.assertFalse(order.key_id.sudo().wrapped)
        self.assertFalse(self.found())
        with self.assertRaises(AccessError):
            order.write({"reason": "x"})

    def test_nothing_comes_as_a_default(self):
        """Course and result cannot be sent along in the context either: no confirmation that nobody asked for."""
        admin = self.role("security_admin")
        order = self.order("data/audit.mac")
        sent = {"default_state": "asked", "default_asked_by": self.env.uid}
        other = order.with_context(**sent).create({"key_id": order.key_id.id, "reason": "x"})
        self.assertEqual((other.state, other.asked_by.id), ("draft", False))
        renewal = self.env["ctsp.crypto.rotation"].with_user(admin).with_context(default_state="done").create(
            {"key_id": "data/audit.mac", "reason": "x"})
        check = self.env["ctsp.integrity.verification"].with_user(admin).with_context(default_state="intact").create(
            {"scope": "access"})
        self.assertEqual((renewal.state, check.state), ("draft", "waiting"))

    def test_what_is_needed(self):
        """The key in use; the one that wrote rows of the log; a key about which nobody knows."""
        self.env["ctsp.audit.port"]._log("export", self.env.user)
        self.env["ctsp.crypto.purpose"].create(
            {"code": "test.unknown", "name": "x", "algorithm": "SM4", "domain": "test"})
        keys = self.env["ctsp.crypto.key"]
        for key_id in ("data/audit.mac", "data/test.unknown"):
            with self.assertRaises(UserError):
                self.order(key_id).action_ask()
            keys._rotate(key_id)
            with self.assertRaises(UserError):
                self.order(key_id).action_ask()

    def test_rights(self):
        with self.assertRaises(AccessError):
            self.env["ctsp.crypto.destruction"].with_user(self.role("system_admin")).create(
                {"key_id": self.env["ctsp.crypto.key"].search([], limit=1).id, "reason": "x"})
        order = self.order("data/audit.mac")
        with self.assertRaises(AccessError):
            order.write({"state": "done"})
