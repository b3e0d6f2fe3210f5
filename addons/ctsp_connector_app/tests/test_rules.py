from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import AppCase


@tagged("post_install", "-at_install")
class TestRules(AppCase):
    """Who gets an account by himself, and with which roles."""

    def roles(self, user):
        return set(user.group_ids.ids)

    def test_an_account_by_rule(self):
        self.rule()
        self.assertEqual(self.enter().status_code, 303)
        person = self.person()
        self.assertEqual((person.state, person.by_rule, person.user_id.login), ("active", True, "u1001"))
        self.assertEqual(person.user_id.name, "赵示例（示例）")
        self.assertEqual(person.user_id.lang, "zh_CN")
        self.assertTrue(person.user_id.has_group("ctsp_base.group_inspector"))
        self.assertFalse(self.stored(person.user_id), "no password")
        self.assertEqual(self.who(), "u1001")
        self.enter()
        self.assertEqual(len(self.people.search([("user_id", "=", person.user_id.id)])), 1)

    def test_a_login_that_is_taken(self):
        """Somebody else's account of that login is not given away."""
        self.user.login = "u1001"
        self.rule()
        self.enter()
        self.assertEqual(self.person().user_id.login, "app:u1001")
        self.assertNotEqual(self.person().user_id, self.user)

    def test_roles_follow(self):
        """A role by rule is taken back when the rule fits no longer; what was granted by hand stays."""
        self.rule()
        planner = self.env.ref("ctsp_base.group_planner")
        leader = self.rule(name="负责人（示例）", posts="负责人, 组长",
                           role_ids=[(6, 0, self.env.ref("ctsp_base.group_leader").ids)])
        self.enter(self.app.ticket(posts=["检查员", "组长"]))
        user = self.person().user_id
        self.assertTrue(user.has_group("ctsp_base.group_leader"))
        user.group_ids = [(4, planner.id)]
        self.enter(self.app.ticket(posts=["检查员"]))
        self.assertFalse(user.has_group("ctsp_base.group_leader"))
        self.assertIn(planner, user.group_ids)
        leader.active = False
        self.enter(self.app.ticket(posts=["司机"]))
        self.assertFalse(user.has_group("ctsp_base.group_inspector"))

    def test_conditions(self):
        rule = self.rule(organisations="310000，310100", app_roles="inspector")
        self.rule(name="别处", posts="", organisations="440000")
        for number, (facts, fits) in enumerate((
            ({}, True), ({"organisation": "310100"}, True), ({"organisation": "320000"}, False),
            ({"posts": ["会计"]}, False), ({"roles": []}, False),
        )):
            ticket = self.app.ticket(subject=f"u30{number}", **facts)
            status = self.enter(ticket).status_code
            self.assertEqual(status == 303, fits, facts)
        self.assertEqual(rule.person_count, 2)

    def test_what_a_rule_never_grants(self):
        for group in ("system_admin", "security_admin", "audit_admin", "personal_data", "interface",
                      "institution_user"):
            role = self.env.ref(f"ctsp_base.group_{group}")
            with self.assertRaises(ValidationError):
                self.rule(role_ids=[(6, 0, role.ids)])
        with self.assertRaises(ValidationError):
            self.rule(posts=" ， ")
        with self.assertRaises(ValidationError):
            self.rule(role_ids=[])

    def test_a_rule_put_in_by_sql(self):
        self.rule(posts="别的岗位")
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE ctsp_app_rule SET posts = '检查员'"))
        self.env.invalidate_all()
        self.assertEqual(self.enter().status_code, 403)

    def test_by_hand(self):
        """The security administrator assigns; nobody else does, and no administrator's account is opened."""
        self.enter()
        person = self.person()
        self.assertEqual(person.state, "pending")
        for role in ("system_admin", "inspector", "leader"):
            with self.assertRaises(AccessError):
                person.with_user(self.role(role)).action_bind()
        mine = person.with_user(self.guardian)
        for user in (self.role("system_admin"), self.role("audit_admin"), self.env.ref("base.user_admin"),
                     self.env["res.users"]):
            mine.user_id = user
            with self.assertRaises(ValidationError):
                mine.action_bind()
        with self.assertRaises(AccessError):
            mine.write({"state": "active"})
        self.user.name = person.name
        self.assertEqual(mine.suggested_user_id, self.user)
        mine.action_take_suggestion()
        mine.action_bind()
        self.assertEqual(self.enter().status_code, 303)
        self.assertEqual(self.who(), self.user.login)
        with self.assertRaises(UserError):
            mine.user_id = self.role("planner")
        other = self.people.create({"subject": "u2", "name": "钱示例（示例）"}).with_user(self.guardian)
        other.user_id = self.user
        with self.assertRaises(ValidationError):
            other.action_bind()
        with self.assertRaises(UserError):
            mine.sudo().unlink()

    def test_the_end(self):
        person = self.bind(self.user)
        self.enter()
        person.with_user(self.guardian).action_end()
        self.env.flush_all()
        self.assertIsNone(self.who())
        self.assertEqual(self.enter().status_code, 403)
        self.assertEqual(self.reason(), "app_ended")
        person.with_user(self.guardian).action_reopen()
        self.assertEqual((person.state, person.user_id.id), ("pending", False))

    def test_reopened(self):
        """Whose access was ended and reopened gets his own account back, with its roles, not a second one."""
        self.rule()
        self.enter()
        person = self.person()
        mine, account = person.with_user(self.guardian), person.user_id
        mine.action_end()
        mine.action_reopen()
        self.assertEqual(self.enter().status_code, 303)
        self.assertEqual((person.state, person.by_rule, person.user_id), ("active", True, account))
        self.assertTrue(account.has_group("ctsp_base.group_inspector"))
        mine.action_end()
        mine.action_reopen()
        self.bind(account, "u2")  # meanwhile it is somebody else's
        self.assertEqual(self.enter().status_code, 303)
        self.assertNotEqual(person.user_id, account)
        self.assertTrue(person.user_id.has_group("ctsp_base.group_inspector"))
