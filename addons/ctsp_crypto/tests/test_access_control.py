from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessDenied
from odoo.tests import tagged

from ..models import access_control
from .test_integrity import IntegrityCase


@tagged("post_install", "-at_install")
class TestAccessControl(IntegrityCase):
    """Who may do what: changed by SQL, it is found when he signs in."""

    def setUp(self):
        super().setUp()
        self.user = self.role("inspector")
        self.end()

    def names(self):
        return {(found.model, found.res_id, found.kind, found.name) for found in self.integrity._check_user(self.user)}

    def grant_by_sql(self):
        group = self.env.ref("ctsp_base.group_filing_officer")
        self.sql("INSERT INTO res_groups_users_rel (uid, gid) VALUES (%s, %s)", self.user.id, group.id)

    def test_clean(self):
        """A new password, a role given by either end: nothing is found."""
        self.user.password = "Long-enough-1!"
        self.env.ref("ctsp_base.group_reviewer").user_ids = [(4, self.user.id)]
        self.end()
        self.assertFalse(self.names())

    def test_role_by_sql(self):
        self.grant_by_sql()
        self.assertEqual(self.names(), {("res.users", self.user.id, "altered", "group_ids")})

    def test_password_by_sql(self):
        self.sql("UPDATE res_users SET password = 'x' WHERE id = %s", self.user.id)
        self.assertEqual(self.names(), {("res.users", self.user.id, "altered", "password")})

    def test_implied_role_by_sql(self):
        group = self.env.ref("ctsp_base.group_inspector")
        self.sql("INSERT INTO res_groups_implied_rel (gid, hid) VALUES (%s, %s)",
                 group.id, self.env.ref("base.group_system").id)
        self.assertEqual(self.names(), {("res.groups", group.id, "altered", "implied_ids")})

    def test_right_by_sql(self):
        """A right on a model, a wider rule, one for more roles: whose it is is kept out, others not; all is told."""
        inspector = self.env.ref("ctsp_base.group_inspector")
        rule = self.env["ir.rule"].create({
            "name": "own", "model_id": self.env.ref("base.model_res_partner").id, "groups": [(4, inspector.id)],
            "domain_force": "[('id', '=', 1)]", "perm_unlink": False})
        self.end()
        other, told = self.role("leader"), []
        with patch.object(type(self.integrity), "_announce_rights", lambda _self, found: told.extend(found)):
            self.assertFalse(self.names())
            self.sql("""INSERT INTO ir_model_access (name, model_id, group_id, active, perm_read, perm_write)
                        VALUES ('x', %s, %s, true, true, true)""",
                     self.env.ref("base.model_res_users").id, inspector.id)
            (model, _id, kind, _name), = self.names()
            self.assertEqual((model, kind), ("ir.model.access", "added"))
            self.assertFalse(self.integrity._check_user(other))
            self.sql("DELETE FROM ir_model_access WHERE name = 'x'")
            self.sql("UPDATE ir_rule SET domain_force = '[]' WHERE id = %s", rule.id)
            self.assertEqual(self.names(), {("ir.rule", rule.id, "altered", "domain_force")})
            self.assertFalse(self.integrity._check_user(other))
            self.sql("UPDATE ir_rule SET domain_force = '[(''id'', ''='', 1)]' WHERE id = %s", rule.id)
            self.assertFalse(self.names())
            self.sql("INSERT INTO rule_group_rel (rule_group_id, group_id) VALUES (%s, %s)",
                     rule.id, self.env.ref("ctsp_base.group_reviewer").id)
            self.assertEqual(self.names(), {("ir.rule", rule.id, "altered", "groups")})
        self.assertEqual({found.model for found in told}, {"ir.model.access", "ir.rule"})

    def test_rule_for_everybody_locks_nobody_up(self):
        everybody = self.env["ir.rule"].search([("groups", "=", False)], limit=1)
        told = []
        with patch.object(type(self.integrity), "_announce_rights", lambda _self, found: told.extend(found)):
            self.assertFalse(self.names())
            self.sql("UPDATE ir_rule SET domain_force = '[]' WHERE id = %s", everybody.id)
            self.assertFalse(self.names())
            self.assertFalse(self.names())
        self.assertEqual([(found.res_id, found.name) for found in told], [(everybody.id, "domain_force")], "once")

    def test_sign_in(self):
        """An altered account is kept out, the emergency account is not."""
        self.user.password = "Long-enough-1!"
        self.end()
        credential = {"login": self.user.login, "password": "Long-enough-1!", "type": "password"}
        told = []
        with patch.object(type(self.integrity), "_announce", lambda _self, user, found: told.append((user, found))):
            self.env["res.users"]._login(credential, {"interactive": True})
            self.grant_by_sql()
            with self.assertRaises(AccessDenied):
                self.env["res.users"]._login(credential, {"interactive": True})
            self.assertEqual(told[0][0], self.user)
            admin = self.env.ref("base.user_admin")
            self.sql("UPDATE res_users SET share = NOT share WHERE id = %s", admin.id)
            self.assertFalse(self.integrity._is_blocked(admin))
        self.assertEqual(len(told), 2)

    def test_superuser_by_sql(self):
        """Whoever was made a superuser past the platform is kept out, by group and by implication."""
        with patch.object(type(self.integrity), "_announce", lambda *_args: None):
            self.assertFalse(self.integrity._is_blocked(self.user))
            system = self.env.ref("base.group_system")
            self.sql("INSERT INTO res_groups_users_rel (uid, gid) VALUES (%s, %s)", self.user.id, system.id)
            self.env.registry.clear_cache()
            self.assertTrue(self.user.has_group("base.group_system"))
            self.assertTrue(self.integrity._is_blocked(self.user))
            self.sql("DELETE FROM res_groups_users_rel WHERE uid = %s AND gid = %s", self.user.id, system.id)
            self.assertFalse(self.integrity._is_blocked(self.user))
            self.sql("INSERT INTO res_groups_implied_rel (gid, hid) VALUES (%s, %s)",
                     self.env.ref("ctsp_base.group_inspector").id, system.id)
            self.assertTrue(self.integrity._is_blocked(self.user))
            admin = self.env.ref("base.user_admin")
            self.sql("INSERT INTO res_groups_users_rel (uid, gid) VALUES (%s, %s)",
                     admin.id, self.env.ref("ctsp_base.group_inspector").id)
            self.assertFalse(self.integrity._is_blocked(admin), "somebody must be able to repair")
            self.sql("UPDATE res_users SET password = NULL WHERE id = %s", admin.id)
            self.assertTrue(self.integrity._is_blocked(admin), "but not with a password that was put in")

    def test_remote_calls(self):
        """Passwords and keys of remote calls open nothing either, also where they were remembered; nothing says
        that he signed in.
        """
        self.user.password = "Long-enough-1!"
        self.end()
        users = self.env["res.users"].sudo(False)
        keys = self.env["res.users.apikeys"].with_user(self.user).sudo()
        key = keys._generate("rpc", "x", fields.Datetime.add(fields.Datetime.now(), hours=1))
        users._check_uid_passwd(self.user.id, "Long-enough-1!")
        self.assertEqual(keys._check_credentials(scope="rpc", key=key), self.user.id)
        self.grant_by_sql()
        seen = self.signed_in()
        with patch.object(type(self.integrity), "_announce", lambda *_args: None), patch.object(
                access_control, "RECENT", 0):
            with self.assertRaises(AccessDenied):
                users._check_uid_passwd(self.user.id, "Long-enough-1!")
            self.env.registry.clear_cache()
            with self.assertRaises(AccessDenied):
                users._check_uid_passwd(self.user.id, "Long-enough-1!")
            with self.enter_registry_test_mode():
                self.assertFalse(keys._check_credentials(scope="rpc", key=key))
                with self.assertRaises(AccessDenied):
                    users._login({"login": self.user.login, "password": "Long-enough-1!", "type": "password"},
                                 {"interactive": True})
        self.assertEqual(self.signed_in(), seen)

    def signed_in(self):
        self.end()
        return (self.env["res.users.log"].search_count([("create_uid", "=", self.user.id)]),
                self.env["ctsp.audit.event"].search_count([
                    ("event", "=", "sign_in"), ("success", "=", True), ("user_id", "=", self.user.id)]))

    def test_a_grant_washes_nothing_clean(self):
        """A role that SQL added stays a finding when the platform grants another one, from either end, until the
        platform takes it back.
        """
        finding = {("res.users", self.user.id, "altered", "group_ids")}
        reviewer, leader = self.env.ref("ctsp_base.group_reviewer"), self.env.ref("ctsp_base.group_leader")
        self.grant_by_sql()
        self.user.group_ids = [(4, reviewer.id)]
        self.end()
        self.assertEqual(self.names(), finding)
        leader.user_ids = [(4, self.user.id)]
        self.end()
        self.assertEqual(self.names(), finding)
        self.user.group_ids = [(3, group.id) for group in (
            reviewer, leader, self.env.ref("ctsp_base.group_filing_officer"))]
        self.end()
        self.assertFalse(self.names(), "as it was before")
        reviewer.user_ids = [(4, self.user.id)]
        self.user.group_ids = [(4, leader.id)]
        self.end()
        self.assertFalse(self.names(), "and goes on from there")

    def test_group_removed(self):
        """Deleting a role through the platform takes it from its holders without an alarm."""
        group = self.env["res.groups"].create({"name": "g", "user_ids": [(4, self.user.id)]})
        self.end()
        self.assertFalse(self.names())
        group.unlink()
        self.end()
        self.assertFalse(self.names())
