from unittest.mock import patch

from odoo.exceptions import AccessDenied
from odoo.tests import tagged

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

    def test_group_removed(self):
        """Deleting a role through the platform takes it from its holders without an alarm."""
        group = self.env["res.groups"].create({"name": "g", "user_ids": [(4, self.user.id)]})
        self.end()
        self.assertFalse(self.names())
        group.unlink()
        self.end()
        self.assertFalse(self.names())
