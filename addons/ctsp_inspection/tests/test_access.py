from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import InspectionCase

PARTS = ("ctsp.inspection.member", "ctsp.inspection.line", "ctsp.inspection.operation", "ctsp.inspection.conclusion",
         "ctsp.finding")


@tagged("post_install", "-at_install")
class TestAccess(InspectionCase):
    """Who sees which inspections and their parts, and what a list of them costs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls.recorded(cls.begun())
        cls.theirs = cls.begun()
        planner = cls.theirs.with_user(cls.planner)
        planner.member_ids.unlink()
        planner.member_ids = [Command.create({"inspector_id": cls.people[2].id, "role": "leader"})]
        cls.note(cls.theirs.with_user(cls.stranger).line_ids[0], result="nonconform", description="别人的")

    def test_inspector_sees_his_own(self):
        """An inspector finds his inspections and their parts, those of others neither by search nor by id."""
        for model in ("ctsp.inspection", *PARTS):
            with self.subTest(model):
                field = "id" if model == "ctsp.inspection" else "inspection_id"
                rows = self.env[model].with_user(self.inspector).search([])
                self.assertIn(self.mine.id, rows.mapped(field) if field == "id" else rows.inspection_id.ids)
                self.assertNotIn(self.theirs.id, rows.mapped(field) if field == "id" else rows.inspection_id.ids)
                foreign = self.env[model].search([(field, "=", self.theirs.id)])
                if foreign:
                    with self.assertRaises(AccessError):
                        foreign.with_user(self.inspector).read(["display_name"])
        with self.assertRaises(AccessError):
            self.env["ctsp.inspection"].with_user(self.inspector).record_open(self.theirs.id)

    def test_not_before_it_is_assigned(self):
        """A draft is the planner's: the team does not see it yet."""
        draft = self.make()
        self.assertFalse(self.env["ctsp.inspection"].with_user(self.inspector).search([("id", "=", draft.id)]))
        draft.run_transition("assign")
        self.assertTrue(self.env["ctsp.inspection"].with_user(self.inspector).search([("id", "=", draft.id)]))

    def test_who_leaves_the_team(self):
        """Taken off the team, an inspector sees nothing of it any more."""
        self.mine.member_ids[1].with_user(self.planner).unlink()
        with self.assertRaises(AccessError):
            self.mine.with_user(self.second).read(["name"])

    def test_readers(self):
        """Planners, reviewers and leaders read all; officers, analysts and stewards nothing."""
        for user in (self.planner, self.reviewer, self.leader):
            self.assertEqual((self.mine | self.theirs).with_user(user).mapped("kind"), ["routine", "routine"])
        for user in (self.officer, self.steward, self.role("risk_analyst")):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.mine.with_user(user).read(["name"])

    def test_nobody_puts_himself_on_a_team(self):
        """An inspector neither adds himself to a team nor makes himself its leader."""
        for values in ({"member_ids": [Command.create({"inspector_id": self.people[0].id})]},
                       {"leader_id": self.people[0].id}):
            with self.assertRaises(AccessError):
                self.theirs.with_user(self.inspector).write(values)
        with self.assertRaises(AccessError):
            self.env["ctsp.inspection.member"].with_user(self.inspector).create({
                "inspection_id": self.theirs.id, "inspector_id": self.people[0].id})
        with self.assertRaises(AccessError):
            self.mine.member_ids[1].with_user(self.second).write({"role": "leader"})
        with self.assertRaises(AccessError):
            self.env["ctsp.inspection"].with_user(self.inspector).create({"institution_id": self.a.id})

    def test_leader_of_the_house_changes_nothing(self):
        for values in ({"name": "x"}, {"summary": "x"}, {"handling": "none"}):
            with self.assertRaises(AccessError):
                self.mine.with_user(self.leader).write(values)

    def test_member_does_not_decide(self):
        """Conclusions and handling are the team leader's."""
        with self.assertRaises(AccessError):
            self.mine.conclusion_ids[:1].with_user(self.second).write({"decided": "fail"})
        with self.assertRaises(AccessError):
            self.mine.with_user(self.second).write({"handling": "none"})
        with self.assertRaises(AccessError):
            self.mine.conclusion_ids[:1].write({"proposed": "pass"})

    def test_institution(self):
        """An institution's user sees the findings issued to it, without the regulator's fields, and nothing else."""
        findings = self.env["ctsp.finding"].with_user(self.user_a)
        self.assertFalse(findings.search([]))
        self.approved(self.mine).run_transition("rectify")
        seen = findings.search([])
        self.assertEqual(seen.mapped("description"), ["培训记录不完整（示例）"])
        self.assertFalse(self.env["ctsp.finding"].with_user(self.user_b).search([]))
        with self.assertRaises(AccessError):
            seen.with_user(self.user_b).read(["description"])
        for name in ("line_id", "grade_reason", "recorded_by"):
            with self.subTest(name), self.assertRaises(AccessError):
                seen.read([name])
        with self.assertRaises(AccessError):
            seen.write({"objection": "x"})
        for model in ("ctsp.inspection", "ctsp.inspection.evidence", "ctsp.inspection.version", *PARTS[:-1]):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(self.user_a).search([])
        with self.assertRaises(AccessError):
            self.env["ctsp.inspection"].with_user(self.user_a).record_open(self.mine.id)

    def test_list_of_eighty(self):
        """A list of 80 inspections takes the same number of queries as one of eight."""
        self.make()._lines_make()
        many = self.env["ctsp.inspection"].concat(*[self.make() for _number in range(80)])
        many.run_transition("assign")
        names = ("number", "name", "kind", "district_id", "date_planned_from", "leader_id", "progress", "finding_count",
                 "conclusion", "state", "team_names")
        spec = {name: {"fields": {"display_name": {}}} if name.endswith("_id") else {} for name in names}
        counts = []
        for size in (8, 80):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = self.env["ctsp.inspection"].with_user(self.inspector).web_search_read([], spec, limit=size)
            self.assertEqual(len(rows["records"]), size)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1, counts)
        self.assertLess(counts[1], 25)
