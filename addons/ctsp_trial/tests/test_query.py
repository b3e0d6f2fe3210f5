from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import TrialCase


@tagged("post_install", "-at_install")
class TestQuery(TrialCase):
    """Combined queries in plain words: what they find, whose they are, what they refuse."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.phase_1 = cls.item("trial_phase", "i")
        cls.trial("Phase I at A", institutions=[cls.a], phase_id=cls.phase_1.id)
        cls.trial("Phase III at B", institutions=[cls.b], year=2025)
        cls.queries = cls.env["ctsp.query"].with_user(cls.officer)

    def query(self, level, *conditions, **values):
        keys = ("section", "field", "operator", "value")
        return self.queries.create({
            "name": "Q", "level": level, **values,
            "conditions": [dict(zip(keys, row, strict=True)) for row in conditions]})

    def found(self, level, *conditions):
        query = self.query(level, *conditions)
        action = query.action_open_results()
        records = self.env[action["res_model"]].with_user(self.officer).search(action["domain"])
        self.assertEqual(query.result_count, len(records))
        return records & (self.a | self.b) if level == "institution" else records

    def test_institutions_by_trial_and_specialty(self):
        phase = ("trial", "phase_id", "in", [self.phase_1.id])
        discipline = ("specialty", "discipline_id", "in", [self.discipline.id])
        self.assertEqual(self.found("institution", phase, discipline), self.a)
        self.assertEqual(self.found("institution", discipline), self.a + self.b)

    def test_hits_are_exported_at_once(self):
        """The button opens the export dialog for just the hits, whatever their number and level."""
        query = self.query("institution", ("specialty", "discipline_id", "in", [self.discipline.id]))
        action = query.action_export()
        wizard = self.env[action["res_model"]].with_user(self.officer).with_context(**action["context"]).create({})
        self.assertEqual((wizard.res_model, wizard.scope, wizard.all_count), (
            "ctsp.institution", "all", query.result_count))

    def test_conditions_meet_in_the_same_trial(self):
        """A runs a phase I trial and has PI A; asking for phase I under PI B finds nobody."""
        self.pi_b.name = "Somebody else"
        self.assertFalse(self.found(
            "institution", ("trial", "phase_id", "in", [self.phase_1.id]), ("person", "name", "is", "Somebody else")))

    def test_trials_by_institution(self):
        trials = self.found("trial", ("institution", "name", "contains", "示例甲"))
        self.assertEqual(trials.mapped("name"), ["Phase I at A"])

    def test_people_by_title_and_trials(self):
        people = self.found("person", ("trial", "name", "is", "Phase III at B"), ("person", "is_pi", "yes", None))
        self.assertEqual(people, self.pi_b)

    def test_what_cannot_be_understood_is_refused_with_a_reason(self):
        for condition in (
            ("trial", "create_uid", "in", [1]), ("users", "login", "is", "admin"), ("trial", "name", "anything", "x"),
            ("trial", "name", "contains", ""), ("trial", "planned_total", "between", [5, 1]),
            ("trial", "first_public_date", "from", "soon"), ("trial", "phase_id", "in", []),
        ):
            with self.subTest(condition=condition), self.assertRaises(ValidationError):
                self.query("trial", condition)
        with self.assertRaises(ValidationError):
            self.queries.create({"name": "Q", "conditions": ["x"]})

    def test_half_typed_condition_counts_nothing_and_says_why(self):
        query = self.queries.new({"name": "Q", "level": "trial", "conditions": [
            {"section": "trial", "field": "name", "operator": "contains", "value": None}]})
        self.assertEqual(query.result_count, 0)
        self.assertIn("the value is missing", query.problem)

    def test_catalogue_offers_plain_fields_and_what_administrators_add(self):
        self.env["ir.model.fields"].create({
            "name": "x_batch", "model_id": self.env["ir.model"]._get("ctsp.trial").id, "ttype": "char",
            "field_description": "Batch"})
        catalogue = self.env["ctsp.query.catalogue"].with_user(self.officer).get_catalogue()
        fields = {field["name"]: field for field in catalogue["sections"]["trial"]["fields"]}
        self.assertEqual(fields["x_batch"]["label"], "Batch")
        self.assertEqual(fields["phase_id"]["kind"], "choice")
        self.assertNotIn("create_uid", fields)

    def test_own_and_shared(self):
        own = self.query("trial", ("trial", "name", "contains", "Phase"))
        other = own.with_user(self.inspector)
        with self.assertRaises(AccessError):
            other.read(["name"])
        own.shared = True
        self.assertEqual(other.read(["name"])[0]["name"], "Q")
        for attempt in (lambda: other.write({"name": "x"}), other.unlink):
            with self.assertRaises(AccessError):
                attempt()
        copy = other.copy()
        self.assertEqual((copy.user_id, copy.shared), (self.inspector, False))
        with self.assertRaises(AccessError):
            self.queries.create({"name": "Q", "user_id": self.inspector.id})

    def test_queries_are_for_regulators(self):
        for user in (self.user_a, self.role("system_admin")):
            with self.assertRaises(AccessError):
                self.env["ctsp.query"].with_user(user).search([])
            with self.assertRaises(AccessError):
                self.env["ctsp.query.catalogue"].with_user(user).get_catalogue()
