from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .test_check import CheckCase


@tagged("post_install", "-at_install")
class TestRule(CheckCase):
    """Rules raise one alert per record and close it when the risk is gone."""

    def setUp(self):
        super().setUp()
        self.rule = self.env["ctsp.risk.rule"].with_user(self.analyst).create({
            "name": "Low score", "target": "ctsp.test.checked", "domain": "[('score', '<', 3)]", "level": "serious"})
        self.bad = self.record(score=1)
        self.good = self.record(score=9)

    def alerts(self):
        return self.env["ctsp.risk.alert"].with_user(self.analyst).search([("rule_id", "=", self.rule.id)])

    def run_all(self):
        self.env["ctsp.risk.rule"]._cron_run()

    def test_one_alert_per_record_however_often_it_runs(self):
        self.run_all()
        self.run_all()
        alert = self.alerts()
        self.assertEqual((alert.res_model, alert.res_id, alert.level), ("ctsp.test.checked", self.bad.id, "serious"))
        self.assertEqual(alert.res_name, self.bad.display_name)
        self.assertGreater(alert.date_deadline, alert.create_date.date())
        self.assertEqual(self.rule.open_alert_count, 1)

    def test_alerts_speak_the_authoritys_language(self):
        """The nightly run has no language of its own; what it writes down is in that of the authority."""
        self.env.company.partner_id.lang = "zh_CN"
        self.rule.with_context(lang="zh_CN").name = "得分过低"
        self.env["ctsp.risk.rule"].with_context(lang=None)._cron_run()
        self.assertEqual(self.alerts().name, "得分过低")

    def test_alert_closes_by_itself_and_comes_back(self):
        self.run_all()
        alert = self.alerts()
        self.bad.score = 5
        self.run_all()
        self.assertEqual(alert.state, "closed")
        self.bad.score = 0
        self.run_all()
        self.assertEqual(sorted(self.alerts().mapped("state")), ["closed", "new"])

    def test_dismissed_alert_stays_silent_while_the_risk_lasts(self):
        self.run_all()
        self.alerts().run_transition("dismiss", reason="known")
        self.run_all()
        self.assertEqual(self.alerts().mapped("state"), ["dismissed"])
        self.bad.score = 5
        self.run_all()
        self.bad.score = 0
        self.run_all()
        self.assertEqual(sorted(self.alerts().mapped("state")), ["dismissed", "new"])

    def test_rule_on_a_registered_check(self):
        self.rule.write({"kind": "check", "check_id": self.score.id, "domain": "[('name', '=', 'watched')]"})
        self.bad.name = "watched"
        self.record(score=0)
        self.run_all()
        self.assertEqual(self.alerts().mapped("res_id"), self.bad.ids)

    def test_a_broken_rule_stops_no_other(self):
        broken = self.rule.copy({"name": "Broken", "sequence": 1})
        self.env.cr.execute("UPDATE ctsp_risk_rule SET domain = '[(''gone'', ''='', 1)]' WHERE id = %s", [broken.id])
        broken.invalidate_recordset()
        self.run_all()
        self.assertTrue(broken.last_error)
        self.assertFalse(self.rule.last_error)
        self.assertEqual(len(self.alerts()), 1)

    def test_rule_with_an_assignee_assigns_at_once(self):
        self.rule.user_id = self.officer
        self.run_all()
        self.assertEqual(self.alerts().state, "assigned")
        self.assertEqual(self.alerts().activity_ids.user_id, self.officer)

    def test_bad_conditions_are_refused(self):
        for domain in ("[]", "[('gone', '=', 1)]", "nonsense"):
            with self.subTest(domain=domain), self.assertRaises(ValidationError):
                self.rule.domain = domain

    def test_only_analysts_run_and_change_rules(self):
        for user in (self.officer, *self.others):
            with self.assertRaises(AccessError):
                self.rule.with_user(user).action_run()
            with self.assertRaises(AccessError):
                self.rule.with_user(user).domain = "[('score', '<', 1)]"
