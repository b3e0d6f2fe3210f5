from datetime import timedelta

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_base.tests.common import CtspCase
from odoo.addons.ctsp_base.tools import clock


@tagged("post_install", "-at_install")
class TestAlert(CtspCase):
    """An alert's life and who may take part in it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.analyst, cls.officer = cls.role("risk_analyst"), cls.role("filing_officer")
        cls.inspector, cls.leader = cls.role("inspector"), cls.role("leader")
        cls.admins = [cls.role(name) for name in ("system_admin", "security_admin", "audit_admin")]
        cls.alerts = cls.env["ctsp.risk.alert"]

    def raise_one(self, key="k", **values):
        return self.alerts._raise([{"key": key, "name": "Risk", **values}]).with_user(self.analyst)

    def assign(self, alert, user):
        self.env["ctsp.risk.alert.assign"].with_user(self.analyst).create(
            {"alert_ids": alert.ids, "user_id": user.id, "date_deadline": "2030-01-04"}).action_apply()

    def test_one_open_alert_per_key(self):
        alert = self.raise_one()
        self.assertEqual(self.raise_one(), alert)
        self.assertEqual(len(self.alerts._raise([{"key": "n", "name": "a"}, {"key": "n", "name": "b"}])), 1)
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError), self.cr.savepoint():
            alert.sudo().copy({"dedup_key": "k"}).flush_recordset()

    def test_a_closed_key_is_free_again(self):
        alert = self.raise_one()
        self.alerts._resolve(["k"])
        self.assertEqual(alert.state, "closed")
        self.assertNotEqual(self.raise_one(), alert)

    def test_assigned_handled_closed(self):
        alert = self.raise_one()
        self.assign(alert, self.officer)
        self.assertEqual(alert.state, "assigned")
        self.assertEqual(alert.activity_ids.user_id, self.officer)
        alert.with_user(self.officer).run_transition("handle", reason="Talked to them")
        self.assertEqual(alert.handling, "Talked to them")
        self.assertFalse(alert.activity_ids)
        alert.run_transition("close")
        self.assertEqual(alert.state, "closed")

    def test_assigning_needs_a_name(self):
        with self.assertRaises(UserError):
            self.raise_one().run_transition("assign")

    def test_only_the_assignee_or_an_analyst_reports_it_handled(self):
        alert = self.raise_one(role_id=self.env.ref("ctsp_base.group_inspector").id)
        self.assign(alert, self.officer)
        with self.assertRaises(UserError):
            alert.with_user(self.inspector).run_transition("handle", reason="x")

    def test_officers_see_what_is_theirs(self):
        mine, role, other = (
            self.raise_one("a"), self.raise_one("b", role_id=self.env.ref("ctsp_base.group_filing_officer").id),
            self.raise_one("c"))
        self.assign(mine, self.officer)
        seen = self.alerts.with_user(self.officer).search([("id", "in", (mine + role + other).ids)])
        self.assertEqual(seen, (mine + role).with_user(self.officer))
        for user in (self.leader, self.analyst):
            self.assertEqual(
                self.alerts.with_user(user).search_count([("id", "in", (mine + role + other).ids)]), 3)

    def test_leaders_and_officers_change_nothing(self):
        alert = self.raise_one(role_id=self.env.ref("ctsp_base.group_filing_officer").id)
        for user in (self.leader, self.officer):
            with self.assertRaises(AccessError):
                alert.with_user(user).write({"level": "notice"})
            with self.assertRaises(UserError):
                alert.with_user(user).run_transition("dismiss", reason="no")

    def test_administrators_and_outside_users_see_nothing(self):
        self.raise_one()
        for user in [*self.admins, self.outside("A")[1]]:
            with self.assertRaises(AccessError):
                self.alerts.with_user(user).search([])

    def test_overdue(self):
        today = clock.today()
        late = self.raise_one("late", date_deadline=today - timedelta(days=1))
        self.raise_one("due", date_deadline=today)
        self.assertTrue(late.is_overdue)
        self.assertEqual(
            self.alerts.search([("is_overdue", "=", True), ("dedup_key", "in", ("late", "due"))]).ids, late.ids)

    def test_list_of_80_in_a_constant_number_of_queries(self):
        self.alerts._raise([{"key": f"q{i}", "name": "Risk", "level": "notice"} for i in range(80)])
        self.env.flush_all()
        fields_ = {"name": {}, "level": {}, "state": {}, "is_overdue": {}, "owner_name": {}, "date_deadline": {},
                   "user_id": {"fields": {"display_name": {}}}}
        alerts = self.alerts.with_user(self.analyst)
        alerts.search([], limit=1)
        self.env.invalidate_all()
        with self.assertQueryCount(4):
            alerts.web_search_read([], fields_, limit=80)
