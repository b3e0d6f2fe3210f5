import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TrialCase


@tagged("post_install", "-at_install")
class TestTrial(TrialCase):
    """What the register of trials knows, derives and refuses."""

    def test_what_follows_from_the_parts(self):
        trial = self.trial(institutions=[self.a, self.b], first_public_date="2025-03-01", ctr_no=" ctr20990101 ")
        self.assertEqual(
            (trial.ctr_no, trial.year, trial.institution_id, trial.specialty_id, trial.pi_id, trial.lead_name),
            ("CTR20990101", 2025, self.a, self.specialty_a, self.pi_a, self.a.name))
        self.assertEqual((trial.site_count, trial.local_actual, trial.is_local_lead), (2, 8, True))

    def test_lead_elsewhere(self):
        trial = self.trial(institutions=[self.b])
        trial.site_ids.role = "part"
        trial.site_ids = [Command.create({"name": "Elsewhere", "role": "lead"})]
        self.assertEqual(
            (trial.lead_name, trial.is_local_lead, trial.institution_id), ("Elsewhere", False, self.b))

    def test_sponsors_in_order(self):
        other = self.sponsor.copy({"name": "Second", "uscc": False})
        trial = self.trial(party_ids=[
            Command.create({"organization_id": other.id, "sequence": 20}),
            Command.create({"organization_id": self.sponsor.id, "sequence": 10})])
        self.assertEqual(trial.sponsor_id, self.sponsor)
        self.assertEqual(trial.sponsor_names, f"{self.sponsor.name}、Second")

    def test_search_by_number_title_drug_and_pinyin(self):
        trial = self.trial("替尼片治疗肺癌", ctr_no="CTR20990102", drug_name="安罗替尼")
        model = self.env["ctsp.trial"].with_user(self.inspector)
        for text in ("CTR20990102", "治疗肺癌", "安罗替尼", "tnpzlfa"):
            self.assertIn(trial.id, [row[0] for row in model.name_search(text)], text)

    def test_bad_values_are_refused(self):
        trial = self.trial(institutions=[self.a])
        for values in (
            {"ctr_no": "CTR123"}, {"first_enrolled_date": "2026-02-01", "completed_date": "2026-01-01"},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                trial.with_user(self.officer).write(values)
        with self.assertRaises(ValidationError):
            trial.site_ids = [Command.create({"institution_id": self.b.id, "role": "lead"})]
        with self.assertRaises(ValidationError):
            trial.site_ids = [Command.create({"institution_id": self.b.id, "specialty_id": self.specialty_a.id})]

    def test_numbers_are_unique(self):
        self.trial(ctr_no="CTR20990103")
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError), self.cr.savepoint():
            self.trial(ctr_no="ctr20990103")
        trial = self.trial(institutions=[self.a])
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError), self.cr.savepoint():
            trial.site_ids.copy({"role": "part"})

    def test_a_part_stays_with_its_institution(self):
        trial = self.trial(institutions=[self.a])
        with self.assertRaises(UserError):
            trial.site_ids.with_user(self.steward).write({"institution_id": self.b.id, "specialty_id": False})

    def test_counters_count_trials_not_parts(self):
        second = self.env["ctsp.specialty"].create({
            "institution_id": self.a.id, "discipline_id": self.discipline.id, "name": "Second",
            "filed_date": "2021-01-01"})
        trial = self.trial(institutions=[self.a])
        trial.site_ids.copy({"specialty_id": second.id, "role": "part"})
        self.trial(institutions=[self.a], status_id=self.item("trial_status", "completed").id)
        a = self.a.with_user(self.leader)
        self.assertEqual((a.trial_count, a.running_trial_count), (2, 1))
        self.assertEqual(self.specialty_a.trial_count, 2)
        self.assertEqual(self.env["ctsp.trial"].search_count(a.action_open_trials()["domain"]), 2)

    def test_leaders_and_inspectors_change_nothing(self):
        trial = self.trial(institutions=[self.a])
        for user in (self.leader, self.inspector):
            for record, values in ((trial, {"name": "x"}), (trial.site_ids, {"planned": 1})):
                with self.assertRaises(AccessError):
                    record.with_user(user).write(values)

    def test_list_of_80_in_a_constant_number_of_queries(self):
        spec = {
            name: {} for name in (
                "ctr_no", "name", "drug_name", "is_international", "sponsor_names", "first_public_date", "year",
                "check_state", "is_running", "lead_name")
        } | {name: {"fields": {"display_name": {}}} for name in (
            "phase_id", "status_id", "institution_id", "specialty_id", "pi_id", "tag_ids")}
        counts = []
        model = self.env["ctsp.trial"].with_user(self.officer)
        for size in (5, 80):
            for index in range(size):
                self.trial(f"Trial {size}-{index}", institutions=[self.a])
            self.env.flush_all()
            model.web_search_read([], spec, limit=1)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            model.web_search_read([("name", "=like", f"Trial {size}-%")], spec, limit=100)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
