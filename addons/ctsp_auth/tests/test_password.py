from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import SECRET, AuthCase

OTHERS = ("Gelb-8-Tasse-kaffee", "Rot-9-Teppich-flug", "Lila-3-Wolken-band")


@tagged("post_install", "-at_install")
class TestPassword(AuthCase):
    """Rules, history and age of passwords that people choose themselves."""

    def change(self, old, new):
        self.env["res.users"].with_user(self.user).change_password(old, new)
        self.env.flush_all()

    def test_rules_on_every_way(self):
        for weak in ("Ab1#", "alllettersonly", "P@ssw0rd!1", f"{self.user.login}-A7", "Xy7#-12345-aa", SECRET):
            with self.assertRaises(UserError):
                self.change(SECRET, weak)
            with self.assertRaises(UserError):
                self.user.with_user(self.user)._replace_one_time_password(weak)
        self.check(SECRET)

    def test_wizard_of_odoo(self):
        wizard = self.env["change.password.own"].with_user(self.user).sudo().create(
            {"new_password": "short", "confirm_password": "short"})
        with self.assertRaises(UserError):
            wizard.with_user(self.user).sudo().change_password()

    def test_history(self):
        self.policy("password_history", "3")
        before = SECRET
        for new in OTHERS[:2]:
            self.change(before, new)
            before = new
        for old in (SECRET, OTHERS[0]):
            with self.assertRaises(UserError):
                self.change(before, old)
        self.change(before, OTHERS[2])
        self.change(OTHERS[2], SECRET)
        self.assertEqual(self.env["ctsp.auth.password"].search_count([("user_id", "=", self.user.id)]), 3)

    def test_nobody_reads_the_history(self):
        for role in ("security_admin", "system_admin", "audit_admin"):
            with self.assertRaises(AccessError):
                self.env["ctsp.auth.password"].with_user(self.role(role)).search([])

    def grow_old(self, days, user=None):
        self.env.cr.execute(SQL(
            "UPDATE res_users SET password_date = %s WHERE id = %s",
            fields.Datetime.now() - timedelta(days=days), (user or self.user).id))
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def test_age(self):
        self.grow_old(89)
        self.assertFalse(self.user._owes_password())
        self.grow_old(91)
        self.assertTrue(self.user._owes_password())
        with self.assertRaises(AccessDenied):
            self.check(SECRET, interactive=False)
        self.change(SECRET, OTHERS[0])
        self.assertFalse(self.user._owes_password())
        self.grow_old(1000)
        self.policy("password_days", "0")
        self.assertFalse(self.user._owes_password())

    def test_nobody_owes_one_after_the_upgrade(self):
        self.env.cr.execute(SQL("UPDATE res_users SET password_date = NULL"))
        self.env["res.users"]._start_password_age()
        self.env.registry.clear_cache()
        self.assertFalse(self.user._owes_password())

    def test_machines_do_not_choose_passwords(self):
        machine = self.role("interface")
        self.grow_old(1000, machine)
        self.assertFalse(machine._owes_password())

    def test_policy_is_the_security_administrators(self):
        parameters = self.env["ctsp.parameter"]
        length = parameters.search([("code", "=", "auth.password_length")])
        security, system = self.role("security_admin"), self.role("system_admin")
        length.value_ids.with_user(security).write({"value": "12"})
        self.assertEqual(parameters._get("auth.password_length"), 12)
        with self.assertRaises(AccessError):
            length.value_ids.with_user(system).write({"value": "1"})
        self.assertFalse(parameters.with_user(system).search([("code", "=like", "auth.%")]))
        others = parameters.search([("code", "not =like", "auth.%")], limit=1)
        with self.assertRaises(AccessError):
            others.value_ids.with_user(security).write({"value": "1"})
        self.assertTrue(parameters.with_user(system).search([]))
        with self.assertRaises(AccessError):
            length.with_user(self.role("audit_admin")).read(["name"])
