from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.ctsp_base.tests.common import CtspCase


class CheckCase(CtspCase):
    """A registered blocking check, a registered warning and a condition, all on the test model."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.analyst = cls.role("risk_analyst")
        cls.officer = cls.role("filing_officer")
        cls.others = [cls.role(name) for name in ("leader", "inspector", "data_steward")]
        cls.checks = cls.env["ctsp.check"].with_user(cls.analyst)
        cls.score = cls.checks.create({
            "name": "Score", "code": "test.score", "kind": "code", "target": "ctsp.test.checked", "level": "blocking",
            "basis_document": "GCP", "basis_article": "Article 19"})
        cls.secret = cls.checks.create({
            "name": "Secret", "code": "test.secret", "kind": "code", "target": "ctsp.test.checked", "level": "warning"})
        cls.dated = cls.checks.create({
            "name": "Dated", "code": "test.dated", "kind": "domain", "target": "ctsp.test.checked", "level": "warning",
            "domain": "[('date', '=', False)]", "field_name": "date", "message": "The date is missing"})
        cls.records = cls.env["ctsp.test.checked"]

    def record(self, **values):
        return self.records.create({"name": "x", "score": 5, "secret": "s", "date": "2026-01-01", **values})

    def run_as(self, user, record):
        return self.env["ctsp.check"].with_user(user)._run("ctsp.test.checked", record.with_user(user))


@tagged("post_install", "-at_install")
class TestCheck(CheckCase):
    """Running checks: results, levels, parameters, rights, cost."""

    def test_results_name_field_level_and_reason(self):
        record = self.record(score=1, date=False)
        results = self.run_as(self.officer, record)
        failed = results.filtered(lambda result: not result.passed)
        self.assertEqual(
            [(r.field_name, r.field_label, r.level, r.message) for r in failed.sorted("sequence")],
            [("score", "Score", "blocking", "1 is below 3"), ("date", "Date", "warning", "The date is missing")])
        self.assertEqual(results.filtered("passed").mapped("check_name"), ["Secret"])
        self.assertEqual(failed.sorted("sequence")[0].basis, "GCP Article 19")

    def test_second_run_replaces_the_first(self):
        record = self.record(score=1)
        self.run_as(self.officer, record)
        record.score = 4
        self.run_as(self.officer, record)
        self.assertEqual(len(record.check_result_ids), 3)
        self.assertEqual(record.check_state, "passed")

    def test_checks_see_fields_hidden_from_the_runner(self):
        record = self.record()
        with self.assertRaises(AccessError):
            record.with_user(self.officer).read(["secret"])
        self.assertTrue(all(self.run_as(self.officer, record).mapped("passed")))

    def test_gate_stops_on_blocking_only(self):
        record = self.record(score=1).with_user(self.officer)
        with self.assertRaisesRegex(UserError, "Score：1 is below 3"):
            record._raise_if_blocking()
        self.score.level = "warning"
        record._raise_if_blocking()
        self.assertEqual(record.check_warning_count, 1)
        self.assertEqual(record.check_blocking_count, 0)

    def test_off_and_archived_checks_do_not_run(self):
        self.score.level = "off"
        self.dated.active = False
        results = self.run_as(self.officer, self.record(score=0, date=False))
        self.assertEqual(results.check_id, self.secret)

    def test_parameters_change_the_verdict(self):
        record = self.record(score=5)
        self.score.parameters = '{"minimum": 6}'
        self.assertIn("5 is below 6", self.run_as(self.officer, record).mapped("message"))

    def test_bad_parameters_are_refused_when_saved(self):
        for text in ('{"minimum": "6"}', '{"least": 6}', "[1]", "{", '{"minimum": true}'):
            with self.subTest(text=text), self.assertRaises(ValidationError):
                self.score.parameters = text

    def test_bad_conditions_are_refused_when_saved(self):
        for text in ("[('nothing', '=', 1)]", "[]", "[(", "__import__('os')", "[('name', 'foo', 1)]", "1"):
            with self.subTest(text=text), self.assertRaises(ValidationError):
                self.dated.domain = text

    def test_unregistered_code_is_refused(self):
        with self.assertRaises(ValidationError):
            self.checks.create({"name": "x", "code": "test.none", "kind": "code", "target": "ctsp.test.checked"})

    def test_search_by_outcome(self):
        good, warned, bad, unchecked = (
            self.record(), self.record(date=False), self.record(score=0, date=False), self.record())
        self.run_as(self.officer, good + warned + bad)
        ours = [("id", "in", (good + warned + bad + unchecked).ids)]
        model = self.records.with_user(self.officer)
        for state, record in (("passed", good), ("warning", warned), ("blocking", bad), ("none", unchecked)):
            self.assertEqual(model.search([*ours, ("check_state", "=", state)]), record, state)

    def test_only_the_engine_writes_results(self):
        result = self.run_as(self.officer, self.record())[0]
        for user in (self.analyst, self.officer, *self.others):
            with self.assertRaises(AccessError):
                result.with_user(user).write({"passed": True})
            with self.assertRaises(AccessError):
                result.with_user(user).unlink()

    def test_only_the_analyst_sets_checks(self):
        for user in (self.officer, *self.others):
            with self.assertRaises(AccessError):
                self.score.with_user(user).level = "off"

    def test_outside_users_read_their_own_results_only(self):
        company_a, user_a = self.outside("A")
        company_b, user_b = self.outside("B")
        record_a, record_b = self.record(owner_partner_id=company_a.id), self.record(owner_partner_id=company_b.id)
        self.run_as(user_a, record_a)
        self.run_as(user_b, record_b)
        self.assertEqual(
            self.env["ctsp.check.result"].with_user(user_a).search([]).mapped("res_id"), record_a.ids * 3)
        self.assertEqual(record_a.with_user(user_a).check_state, "passed")
        with self.assertRaises(AccessError):
            self.run_as(user_a, record_b)
        with self.assertRaises(AccessError):
            record_b.with_user(user_a).action_run_checks()
        with self.assertRaises(AccessError):
            self.score.with_user(user_a).read(["domain"])

    def test_results_go_with_the_record(self):
        record = self.record()
        results = self.run_as(self.officer, record)
        record.with_user(self.officer).unlink()
        self.assertFalse(results.exists())

    def test_cost_does_not_grow_with_the_records(self):
        self.run_as(self.officer, self.record())
        counts = []
        for size in (10, 30):  # at most 100 rows: the ORM inserts in batches of that size
            records = self.records.create([{"name": "x", "score": 1} for _ in range(size)])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.run_as(self.officer, records)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_list_of_80_counts_in_one_query(self):
        records = self.records.create([{"name": "x"} for _ in range(80)])
        self.env.flush_all()
        self.record().with_user(self.analyst).mapped("check_state")
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            records.with_user(self.analyst).mapped("check_state")
