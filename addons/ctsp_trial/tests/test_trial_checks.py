from odoo.fields import Command, Date
from odoo.tests import tagged

from odoo.addons.ctsp_base.tools import clock

from .common import TrialCase


@tagged("post_install", "-at_install")
class TestTrialChecks(TrialCase):
    """Compliance of a trial (合规性审查): each check fires on its fault and is silent without it."""

    def setUp(self):
        super().setUp()
        self.good = self.trial(
            institutions=[self.a], ctr_no="CTR20990201", approval_no="2099LP00001", approval_date="2025-01-10",
            first_enrolled_date="2025-05-06", planned_total=10, actual_total=4,
            party_ids=[Command.create({"organization_id": self.sponsor.id})],
            protocol_ids=[Command.create({"version": "V1", "date": "2025-01-10", "ethics_date": "2025-02-10"})])
        self.part = self.good.site_ids
        self.part.write({
            "ethics_date": "2025-02-10", "ethics_review_date": clock.today(), "start_date": "2025-05-06",
            "contract_ids": [Command.create({"name": "C1", "date": "2025-03-01", "amount": 1})]})

    def failing(self):
        self.env["ctsp.check"].with_user(self.officer)._run("ctsp.trial", self.good.with_user(self.officer))
        failed = self.good.check_result_ids.filtered(lambda result: not result.passed)
        return {result.check_id.code.removeprefix("trial.") for result in failed} - {"investigator"}

    def test_a_compliant_trial_passes(self):
        self.assertFalse(self.failing())

    def test_each_fault_is_found(self):
        faults = {
            "ctr_no": (self.good, {"ctr_no": False}),
            "approval": (self.good, {"approval_no": False}),
            "approval_before_enrolment": (self.good, {"approval_date": "2025-06-01"}),
            "sponsor": (self.good, {"party_ids": [Command.clear()]}),
            "protocol": (self.good.protocol_ids, {"ethics_date": False}),
            "enrolment": (self.good, {"actual_total": 11}),
            "institution": (self.specialty_a, {"state": "cancelled"}),
            "ethics": (self.part, {"ethics_date": "2025-05-07"}),
            "contract": (self.part.contract_ids, {"date": "2025-06-01"}),
            "ethics_follow_up": (self.part, {"ethics_review_date": Date.subtract(clock.today(), months=13)}),
        }
        for code, (record, values) in faults.items():
            with self.subTest(code=code), self.cr.savepoint() as savepoint:
                record.write(values)
                self.assertEqual(self.failing(), {code})
                savepoint.rollback()
                self.env.invalidate_all()

    def test_be_trials_need_no_approval(self):
        self.good.write({"approval_no": False, "phase_id": self.item("trial_phase", "be").id})
        self.assertNotIn("approval", self.failing())

    def test_investigator_without_senior_title(self):
        self.pi_a.title_id = self.item("professional_title", "attending_physician")
        self.good.with_user(self.officer).action_run_checks()
        result = self.good.check_result_ids.filtered(lambda result: result.check_id.code == "trial.investigator")
        self.assertIn("no senior professional title", result.message)

    def test_parameters_of_the_follow_up_check(self):
        self.part.ethics_review_date = Date.subtract(clock.today(), months=13)
        self.env.ref("ctsp_trial.ctsp_check_ethics_follow_up").parameters = '{"months": 24}'
        self.assertFalse(self.failing())

    def test_nightly_rules_raise_and_close_alerts(self):
        rule = self.env.ref("ctsp_trial.ctsp_risk_rule_ethics_follow_up")
        self.part.write({"ethics_date": "2024-01-01", "ethics_review_date": False})
        rule._run()
        alert = rule.alert_ids.filtered(lambda alert: alert.res_id == self.good.id)
        self.assertEqual((alert.state, alert.owner_name), ("new", self.a.name))
        self.part.ethics_review_date = clock.today()
        rule._run()
        self.assertEqual(alert.state, "closed")
