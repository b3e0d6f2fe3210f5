from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.ctsp_base.tests.common import CtspCase

QUIET = ("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")


class AccountCase(CtspCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system, cls.security = cls.role("system_admin"), cls.role("security_admin")
        cls.auditor, cls.officer = cls.role("audit_admin"), cls.role("filing_officer")
        cls.accounts = cls.env["ctsp.account"].with_user(cls.system)

    def account(self, user, by=None):
        return self.env["ctsp.account"].with_user(by or self.system).browse(user.id)

    def grant(self, user, *roles, by=None):
        """Grant ``roles`` (and take back the others) the way the screen does."""
        action = self.account(user, by or self.security).action_roles()
        grant = self.env[action["res_model"]].with_user(by or self.security).browse(action["res_id"])
        wanted = [self.env.ref(f"ctsp_base.group_{role}").id for role in roles]
        for line in grant.line_ids:
            line.granted = line.role_id.id in wanted
        grant.action_apply()
        return grant


@tagged("post_install", "-at_install")
class TestAccount(AccountCase):
    def test_create_platform_user(self):
        """The system administrator creates an account by the form; it holds a user type and no role."""
        with Form(self.accounts) as form:
            form.name = "王明（示例）"
            form.login = "wangming"
            form.email = "wangming@example.org"
        account = form.save()
        user = self.env["res.users"].browse(account.id)
        self.assertEqual(user.login, "wangming")
        self.assertEqual(user.group_ids, self.env.ref("base.group_user"))
        self.assertEqual((account.kind, account.has_role), ("internal", False))
        self.assertIn(account, self.accounts.search([("has_role", "=", False)]))
        row = self.env["ctsp.audit.event"].search([("event", "=", "account")], limit=1)
        self.assertEqual((row.login, row.res_ids), (self.system.login, user.ids))
        account.write({"phone": "13812345678"})
        row = self.env["ctsp.audit.event"].search([("event", "=", "account")], limit=1)
        self.assertEqual((row.detail["fields"], row.res_ids), (["phone"], user.ids))

    def test_create_institution_user(self):
        institution = self.env["res.partner"].create({"name": "示例医院", "is_company": True})
        account = self.accounts.create({
            "name": "李四（示例）", "login": "lisi", "kind": "institution", "institution_id": institution.id,
        })
        user = self.env["res.users"].browse(account.id)
        self.assertTrue(user.share)
        self.assertEqual(user.partner_id.commercial_partner_id, institution)
        self.assertEqual(account.institution_id, institution)

    def test_institution_is_checked(self):
        person = self.env["res.partner"].create({"name": "Person"})
        for values in (
            {"kind": "institution"},
            {"kind": "institution", "institution_id": person.id},
            {"kind": "internal", "institution_id": self.env.company.partner_id.id},
        ):
            with self.assertRaises(ValidationError):
                self.accounts.create({"name": "x", "login": "x", **values})

    @mute_logger(*QUIET)
    def test_only_the_system_administrator_keeps_accounts(self):
        for user in (self.security, self.auditor, self.officer, self.env.ref("base.user_admin")):
            accounts = self.env["ctsp.account"].with_user(user)
            for attack in (
                lambda a=accounts: a.create({"name": "x", "login": "x"}),
                lambda a=accounts: a.browse(self.officer.id).write({"active": False}),
                lambda a=accounts: a.browse(self.officer.id).action_one_time_password(),
            ):
                with self.assertRaises(AccessError):
                    attack()
        with self.assertRaises(AccessError):
            self.env["ctsp.account"].with_user(self.officer).search([])

    def test_edit_and_archive(self):
        account = self.account(self.officer)
        account.write({"name": "New Name", "phone": "13812345678"})
        self.assertEqual((self.officer.name, account.name, account.phone), ("New Name", "New Name", "13812345678"))
        account.action_archive()
        self.assertFalse(self.officer.active)
        self.assertNotIn(account, self.accounts.search([]))
        self.assertIn(account, self.accounts.with_context(active_test=False).search([]))
        account.action_unarchive()
        self.assertTrue(self.officer.active)
        with mute_logger(*QUIET), self.assertRaises(AccessError):
            account.unlink()
        with self.assertRaises(UserError):
            account.sudo().unlink()

    @mute_logger(*QUIET)
    def test_nothing_else_can_be_written(self):
        """Groups, password, user type and the like do not slip through the account's write or create."""
        for name, value in (
            ("group_ids", [Command.link(self.env.ref("base.group_system").id)]),
            ("role_ids", [Command.link(self.env.ref("ctsp_base.group_leader").id)]),
            ("user_id", self.system.id), ("kind", "institution"), ("password", "x"), ("share", False),
        ):
            with self.assertRaises(AccessError):
                self.account(self.officer).write({name: value})
        account = self.accounts.create({
            "name": "x", "login": "sneaky", "group_ids": [Command.link(self.env.ref("base.group_system").id)],
            "role_ids": [Command.link(self.env.ref("ctsp_base.group_leader").id)], "password": "x",
        })
        self.assertEqual(self.env["res.users"].browse(account.id).group_ids, self.env.ref("base.group_user"))
        context = {"default_group_ids": self.env.ref("base.group_system").ids, "default_password": "x"}
        account = self.accounts.with_context(**context).create({"name": "x", "login": "sneaky2"})
        self.assertEqual(self.env["res.users"].browse(account.id).group_ids, self.env.ref("base.group_user"))

    @mute_logger(*QUIET)
    def test_administrators_are_guarded(self):
        """Taking over another administrator by password, login or archive would undo the separation."""
        admin = self.env.ref("base.user_admin")
        manager = self.env["res.users"].create({
            "name": "m", "login": "m", "group_ids": [Command.link(self.env.ref("base.group_erp_manager").id)],
        })
        for user in (self.security, self.auditor, admin, manager):
            account = self.account(user)
            self.assertTrue(account.is_guarded)
            for attack in (
                lambda a=account: a.action_one_time_password(),
                lambda a=account: a.write({"login": "x"}),
                lambda a=account: a.write({"email": "x@example.org"}),
                lambda a=account: a.action_archive(),
                lambda a=account, o=self.officer: (self.account(o) + a).write({"active": False}),
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    attack()
        self.assertFalse(self.account(self.officer).is_guarded)

    def test_one_time_password(self):
        """The password works, is shown once and stored nowhere in clear."""
        action = self.account(self.officer).action_one_time_password()
        password = action["context"]["default_password"]
        self.assertGreaterEqual(len(password), 14)
        credential = {"login": self.officer.login, "password": password, "type": "password"}
        self.assertTrue(self.officer.with_user(self.officer)._check_credentials(credential, {"interactive": True}))
        self.assertFalse(self.env["ctsp.account.password"].sudo().search([]))
        self.env.cr.flush()
        table = SQL.identifier(self.env["ctsp.audit.event"]._table)  # the kernel's, or an audit engine's
        self.env.cr.execute(SQL("SELECT string_agg(row_to_json(log)::text, ' ') FROM %s log", table))
        logged = self.env.cr.fetchone()[0]
        self.assertIn(self.officer.login, logged)
        self.assertNotIn(password, logged)

    def test_technical_users_are_not_shown(self):
        shown = self.accounts.with_context(active_test=False).search([])
        for name in ("base.user_root", "base.public_user", "base.template_portal_user_id"):
            self.assertNotIn(self.env.ref(name).id, shown.ids)

    def test_list_takes_constant_queries(self):
        self.env["res.users"].with_context(no_reset_password=True).create([
            {"name": f"u{n}", "login": f"u{n}", "group_ids": [Command.set(self.officer.group_ids.ids)]}
            for n in range(80)
        ])
        self.env.flush_all()
        spec = {"name": {}, "login": {}, "kind": {}, "role_ids": {"fields": {"display_name": {}}}, "is_guarded": {},
                "last_sign_in": {}, "has_role": {}, "institution_id": {"fields": {"display_name": {}}}}
        self.accounts.web_search_read([], spec, limit=2)
        self.env.invalidate_all()
        with self.assertQueryCount(20):
            self.assertEqual(len(self.accounts.web_search_read([], spec, limit=80)["records"]), 80)


@tagged("post_install", "-at_install")
class TestRoleGrant(AccountCase):
    def test_grant_and_take_back(self):
        user = self.env["res.users"].browse(self.accounts.create({"name": "x", "login": "x"}).id)
        self.grant(user, "inspector", "personal_data")
        self.assertTrue(user.has_group("ctsp_base.group_inspector"))
        self.assertTrue(user.has_group("ctsp_base.group_personal_data"))
        row = self.env["ctsp.audit.event"].search([("event", "=", "permission")], limit=1)
        self.assertEqual((row.login, row.res_ids, len(row.detail["added"])), (self.security.login, user.ids, 2))
        self.grant(user, "inspector")
        self.assertFalse(user.has_group("ctsp_base.group_personal_data"))
        self.assertTrue(user.has_group("base.group_user"))
        self.assertEqual(self.account(user).role_ids.mapped("name"), ["Inspector"])

    def test_lines_say_what_a_role_may_do(self):
        action = self.account(self.officer, self.security).action_roles()
        lines = self.env["ctsp.role.grant"].with_user(self.security).browse(action["res_id"]).line_ids
        self.assertTrue(all(lines.mapped("comment")))
        self.assertEqual(lines.filtered("granted").mapped("name"), ["Filing Officer"])
        self.assertNotIn("Institution User", lines.mapped("name"))

    def test_institution_user_gets_the_outside_role_only(self):
        company = self.env["res.partner"].create({"name": "X", "is_company": True})
        account = self.accounts.create({
            "name": "x", "login": "x", "kind": "institution", "institution_id": company.id,
        })
        user = self.env["res.users"].browse(account.id)
        grant = self.grant(user, "institution_user")
        self.assertEqual(grant.line_ids.mapped("name"), ["Institution User"])
        self.assertTrue(user.has_group("ctsp_base.group_institution_user"))
        self.assertTrue(user.share)

    @mute_logger(*QUIET)
    def test_refused(self):
        """Not to oneself, not to the emergency account, not by anybody else."""
        with self.assertRaises(AccessError):
            self.grant(self.security, "leader")
        with self.assertRaises(AccessError):
            self.grant(self.env.ref("base.user_admin"), "leader")
        for user in (self.system, self.auditor, self.officer, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                self.grant(self.officer, "leader", by=user)

    @mute_logger(*QUIET)
    def test_forged_lines(self):
        """Lines sent by hand cannot name an almighty group, another account or a role not meant for the account."""
        grants = self.env["ctsp.role.grant"].with_user(self.security)
        outsider = self.outside("X")[1]
        for user, role in (
            (self.officer, "base.group_system"), (self.officer, "base.group_erp_manager"),
            (self.officer, "ctsp_base.group_institution_user"), (outsider, "ctsp_base.group_leader"),
        ):
            group = self.env.ref(role)
            before = user.group_ids
            try:
                with self.cr.savepoint():
                    grant = grants.create({
                        "account_id": user.id, "line_ids": [Command.create({"role_id": group.id, "granted": True})],
                    })
                    grant.action_apply()
            except (AccessError, UserError):
                continue
            self.assertNotIn(group, user.group_ids)
            user.group_ids = before
        grant = grants.create({"account_id": self.officer.id})
        with self.assertRaises(AccessError):
            grant.write({"account_id": self.security.id})
            grant.action_apply()

    def test_two_administrators_are_refused(self):
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.grant(self.system, "system_admin", "audit_admin")
