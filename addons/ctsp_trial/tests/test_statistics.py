from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import TrialCase


@tagged("post_install", "-at_install")
class TestStatistics(TrialCase):
    """Figures of the statistics, against trials counted by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        done = cls.item("trial_status", "completed").id
        cls.trial("T1", institutions=[cls.a, cls.b], first_public_date="2024-03-01", is_international=True)
        cls.trial("T2", institutions=[cls.b], first_public_date="2025-03-01", status_id=done)
        cls.trial("T3", institutions=[cls.a], first_public_date="2025-06-01",
                  phase_id=cls.item("trial_phase", "i").id,
                  scope_id=cls.item("trial_scope", "international").id)
        cls.elsewhere = cls.trial("T4", first_public_date="2025-08-01")
        cls.env.flush_all()

    def test_a_trial_of_two_institutions_counts_once(self):
        report = self.env["ctsp.trial.report"].with_user(self.leader)
        ours = [("institution_id", "in", (self.a + self.b).ids)]
        groups = report._read_group(ours, ["year"], ["trial_id:count_distinct", "__count"])
        self.assertEqual(groups, [("2024", 1, 2), ("2025", 2, 2)])

    def test_trials_without_local_institutions_are_there(self):
        row = self.env["ctsp.trial.report"].with_user(self.leader).search([("trial_id", "=", self.elsewhere.id)])
        self.assertEqual((len(row), row.is_local, row.year), (1, False, "2025"))

    def test_institution_figures(self):
        row = self.env["ctsp.institution.report"].with_user(self.leader).search([("institution_id", "=", self.a.id)])
        self.assertEqual(
            (row.trial_count, row.running_count, row.lead_count, row.international_count, row.phase1_count, row.actual,
             row.specialty_count, row.pi_count),
            (2, 2, 2, 1, 1, 8, 1, 1))

    def test_specialty_and_people_figures(self):
        row = self.env["ctsp.specialty.report"].with_user(self.leader).search(
            [("specialty_id", "=", self.specialty_b.id)])
        self.assertEqual((row.trial_count, row.running_count, row.lead_count), (2, 1, 1))
        row = self.env["ctsp.person.report"].with_user(self.leader).search([("person_id", "=", self.pi_b.id)])
        self.assertEqual((row.trial_count, row.specialty_count), (2, 1))

    def test_archived_trials_do_not_count(self):
        self.env["ctsp.trial"].search([("name", "=", "T3")]).active = False
        row = self.env["ctsp.institution.report"].search([("institution_id", "=", self.a.id)])
        self.assertEqual(row.trial_count, 1)

    def test_saved_filters_belong_to_everybody_and_work(self):
        filters = self.env["ir.filters"].search([("model_id", "in", (
            "ctsp.trial.report", "ctsp.institution.report", "ctsp.specialty.report", "ctsp.person.report"))])
        self.assertGreaterEqual(len(filters), 11)
        for saved in filters:
            self.assertFalse(saved.user_ids)
            self.env[saved.model_id].with_user(self.leader).search(saved._get_eval_domain(), limit=1)

    def test_statistics_are_for_regulators(self):
        for role in ("system_admin", "audit_admin"):
            with self.assertRaises(AccessError):
                self.env["ctsp.trial.report"].with_user(self.role(role)).search([])
