from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import TrialCase


@tagged("post_install", "-at_install")
class TestTrialAccess(TrialCase):
    """Users of institutions A and B see their own part and nothing of the other's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.both = cls.trial("Both", institutions=[cls.a, cls.b])
        cls.only_b = cls.trial("Only B", institutions=[cls.b])
        for site in cls.both.site_ids + cls.only_b.site_ids:
            site.contract_ids = [Command.create({"name": f"C{site.id}", "date": "2025-01-01", "amount": 1000})]
        (cls.both + cls.only_b).protocol_ids = [Command.create({"version": "V1", "date": "2025-01-01"})]
        cls.part_a = cls.both.site_ids.filtered(lambda site: site.institution_id == cls.a)
        cls.part_b = cls.both.site_ids - cls.part_a
        cls.env.flush_all()
        cls.env.invalidate_all()  # a cache filled by the superuser would show more than the database gives

    def test_trials_are_seen_through_the_own_part(self):
        self.assertEqual(self.env["ctsp.trial"].with_user(self.user_a).search([]), self.both)
        self.assertEqual(self.env["ctsp.trial"].with_user(self.user_b).search([]), self.both + self.only_b)

    def test_parts_contracts_and_protocols(self):
        for model, own in (
            ("ctsp.trial.site", self.part_a), ("ctsp.trial.contract", self.part_a.contract_ids),
            ("ctsp.trial.protocol", self.both.protocol_ids),
        ):
            self.assertEqual(self.env[model].with_user(self.user_a).search([]), own, model)
        self.assertEqual(self.both.with_user(self.user_a).site_ids, self.part_a)
        self.assertEqual(self.both.with_user(self.user_a).contract_ids, self.part_a.contract_ids)

    def test_what_would_tell_about_others_is_hidden(self):
        trial = self.both.with_user(self.user_a)
        for field in ("institution_id", "specialty_id", "pi_id", "local_actual", "local_planned", "note", "sponsor_id",
                      "create_uid"):
            with self.assertRaises(AccessError, msg=field):
                trial.read([field])
        self.assertEqual(trial.read(["name", "phase_id", "sponsor_names"])[0]["name"], "Both")

    def test_other_records_are_refused_however_they_are_asked_for(self):
        for record in (self.only_b, self.part_b, self.part_b.contract_ids, self.only_b.protocol_ids):
            with self.assertRaises(AccessError):
                record.with_user(self.user_a).read(["display_name"])
        self.assertFalse(self.env["ctsp.trial"].with_user(self.user_a).name_search("Only B"))
        self.assertFalse(self.env["ctsp.trial.site"].with_user(self.user_a)._read_group(
            [("institution_id", "=", self.b.id)], ["trial_id"]))
        for model in ("ctsp.trial.party", "ctsp.trial.report", "ctsp.institution.report", "ctsp.query"):
            with self.assertRaises(AccessError, msg=model):
                self.env[model].with_user(self.user_a).search([])

    def test_nothing_is_written(self):
        for record, values in (
            (self.both, {"name": "x"}), (self.part_a, {"actual": 99}),
            (self.part_a, {"owner_partner_id": self.company_b.id}),
            (self.part_a.contract_ids, {"amount": 1}), (self.both.protocol_ids, {"version": "x"}),
        ):
            with self.assertRaises(UserError):  # of which AccessError is one
                record.with_user(self.user_a).write(values)
            with self.assertRaises(AccessError):
                record.with_user(self.user_a).unlink()
        with self.assertRaises(AccessError):
            self.env["ctsp.trial.site"].with_user(self.user_a).create(
                {"trial_id": self.only_b.id, "institution_id": self.a.id})

    def test_public_methods_open_nothing(self):
        for method in ("action_open_sites", "action_open_contracts", "action_run_checks"):
            with self.assertRaises(AccessError):
                getattr(self.only_b.with_user(self.user_a), method)()

    def test_the_rule_uses_the_index(self):
        """The sub-select of the rule goes by an index on the owner, not over the whole table."""
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute(
            "EXPLAIN SELECT trial_id FROM ctsp_trial_site WHERE owner_partner_id = %s", [self.company_a.id])
        plan = "\n".join(row[0] for row in self.env.cr.fetchall())
        self.assertIn("Index Cond: (owner_partner_id = ", plan)
