from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .test_account import QUIET, AccountCase


@tagged("post_install", "-at_install")
class TestRole(AccountCase):
    def roles(self, by=None):
        return self.env["ctsp.role"].with_user(by or self.security)

    def combined(self, *names):
        return [Command.set([self.env.ref(f"ctsp_base.group_{name}").id for name in names])]

    def test_role_from_others(self):
        with Form(self.roles()) as form:
            form.name = "备案与计划"
            form.comment = "办理备案并编制检查计划"
            form.combined_ids.add(self.roles().browse(self.env.ref("ctsp_base.group_filing_officer").id))
            form.combined_ids.add(self.roles().browse(self.env.ref("ctsp_base.group_planner").id))
        role = form.save()
        self.assertEqual(role.kind, "custom")
        self.assertEqual(role.group_id.sudo().privilege_id.category_id, self.env.ref("ctsp_base.module_category"))
        user = self.env["res.users"].browse(self.accounts.create({"name": "x", "login": "x"}).id)
        action = self.account(user, self.security).action_roles()
        grant = self.env["ctsp.role.grant"].with_user(self.security).browse(action["res_id"])
        grant.line_ids.filtered(lambda line: line.role_id == role).granted = True
        grant.action_apply()
        self.assertTrue(user.has_group("ctsp_base.group_planner"))
        self.assertEqual(role.account_count, 1)
        role.write({"combined_ids": self.combined("planner")})
        self.assertFalse(user.has_group("ctsp_base.group_filing_officer"))
        with self.assertRaises(UserError):
            role.unlink()
        user.group_ids -= role.group_id.sudo()
        role.invalidate_recordset()
        group = role.group_id.sudo()
        role.unlink()
        self.assertFalse(group.exists())

    @mute_logger(*QUIET)
    def test_refused_combinations(self):
        for names in (("system_admin",), ("filing_officer", "audit_admin"), ("institution_user",), ("interface",), ()):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.roles().create({"name": "x", "combined_ids": self.combined(*names)})
        for name in ("base.group_system", "base.group_erp_manager", "base.group_user"):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.roles().create({"name": "x", "combined_ids": [Command.set(self.env.ref(name).ids)]})
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.roles().create({"name": "x", "combined_ids": [Command.create({"name": "y"})]})

    @mute_logger(*QUIET)
    def test_platform_roles_stay(self):
        role = self.roles().browse(self.env.ref("ctsp_base.group_leader").id)
        for attack in (
            lambda: role.write({"name": "x"}),
            lambda: role.write({"combined_ids": self.combined("filing_officer")}),
            lambda: role.write({"group_id": self.env.ref("base.group_system").id}),
            lambda: role.unlink(),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                attack()

    @mute_logger(*QUIET)
    def test_only_the_security_administrator(self):
        for user in (self.system, self.auditor, self.officer, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                self.roles(user).create({"name": "x", "combined_ids": self.combined("planner")})
