from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_inspection.tests.common import InspectionCase

from .common import PlanCase


@tagged("post_install", "-at_install")
class TestPlanInspection(PlanCase):
    """One planned visit becomes one inspection; what happens on one side is seen on the other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reviewer = cls.role("reviewer")
        cls.library = cls.env["ctsp.clause.library"].create({
            "name": "测试要点（示例）", "code": "test-plan", "number": "T1", "date_from": "2024-03-01",
            "status": "sample",
            "section_ids": [Command.create({"name": "组织机构", "sequence": 1})]})
        clauses = cls.env["ctsp.clause"].create([
            cls.clause("1.1", "critical"), cls.clause("1.2", "major"),
            {**cls.clause("2.1", "minor"), "object": "specialty"}, {**cls.clause("3.1", "minor"), "object": "trial"}])
        cls.checklist = cls.env["ctsp.checklist"].create({
            "name": "测试检查表（示例）", "library_id": cls.library.id, "clause_ids": [Command.set(clauses.ids)]})
        cls.library.action_publish()
        second = cls.inspector_user.copy({"login": "plan_inspector_2"})
        cls.member.user_id = second
        cls.line = cls.published(checklist_id=cls.checklist.id).line_ids

    @classmethod
    def clause(cls, number, grade):
        return {"library_id": cls.library.id, "section_id": cls.library.section_ids.id, "number": number,
                "grade": grade, "object": "institution", "point": f"要点{number}", "content": f"内容{number}"}

    def note(self, line, **values):
        """Record ``values`` on a clause, as its user."""
        [answer] = line.env["ctsp.inspection"].record(line.inspection_id.id, [InspectionCase.operation(line, **values)])
        self.assertEqual(answer["status"], "done", answer)

    def started(self):
        """Return the inspection, begun by its leader from the plan."""
        self.assign(self.line)
        self.line.with_user(self.inspector_user).action_start_inspection()
        return self.line.inspection_id.with_user(self.inspector_user)

    def conclude(self, inspection):
        for member in inspection.member_ids:
            member.with_user(member.user_id).declare(False)
        for line in inspection.line_ids:
            self.note(line, result="conform")
        inspection.action_propose()
        for row in inspection.conclusion_ids:
            row.sound_system = "sound"
            row.decided = row.proposed or "pass"
            row.reason = False if row.proposed else "示例"
        inspection.write({"summary": "检查情况（示例）", "handling": "none"})
        inspection.run_transition("submit")
        reviewed = inspection.with_user(self.reviewer)
        reviewed.run_transition("review")
        reviewed.run_transition("approve")
        return inspection

    def test_list_that_suits(self):
        """A plan without a list takes one with clauses for what is inspected; that its own has none is said."""
        lists = self.env["ctsp.checklist"]
        lists.search([]).active = False
        trial = self.checklist.clause_ids.filtered(lambda clause: clause.object == "trial")
        only, suiting = lists.create([
            {"name": name, "library_id": self.library.id, "kind": "routine", "sequence": sequence,
             "clause_ids": [Command.set(clauses.ids)]}
            for sequence, (name, clauses) in enumerate(
                (("项目（示例）", trial), ("其余（示例）", self.checklist.clause_ids - trial)))])
        self.line.plan_id.checklist_id = False
        self.assertEqual(self.line._checklist(), suiting)
        self.assertFalse(self.line._checklist_warning())
        self.line.plan_id.checklist_id = only
        self.assign(self.line)
        self.assertIn(only.name, self.line.with_user(self.planner).team_warning)

    def test_without_an_account(self):
        """Who has no account cannot declare: the dialog that sends him says so."""
        wizard = self.env["ctsp.plan.assign"].with_user(self.planner).create({"line_ids": self.line.ids})
        row = wizard.row_ids
        row.write({"leader_id": self.leader.id, "member_ids": [Command.set(self.other_member.ids)]})
        self.assertIn(self.other_member.name, row.warning)
        self.assertNotIn(self.leader.name, row.warning)

    def test_starts_from_the_line(self):
        """The leader starts recording from the plan: team, days, clauses and basis are there."""
        inspection = self.started()
        self.assertEqual((inspection.state, self.line.state), ("onsite", "running"))
        self.assertEqual(inspection.leader_id, self.leader)
        self.assertEqual(inspection.member_ids.inspector_id, self.leader | self.member)
        self.assertEqual(len(inspection.line_ids), 2)
        self.assertEqual((inspection.source, inspection.kind), ("plan", "routine"))
        self.assertEqual(str(inspection.date_planned_from), "2026-12-07")
        self.assertEqual(inspection.sudo().plan_line_id, self.line)

    def test_specialties_and_trials(self):
        """Specialties and trials of the planned visit become those of the inspection, with their clauses."""
        specialty, trial = self.specialty, self.trial(self.institution, self.specialty)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.line.write({"trial_ids": [Command.link(self.trial(self.other).id)],
                             "change_reason": "示例"})
        self.line.write({
            "specialty_ids": [Command.set(specialty.ids)], "trial_ids": [Command.set(trial.ids)],
            "change_reason": "重点检查（示例）"})
        self.assertIn(trial.display_name, self.line.change_ids[:1].what)
        self.assign(self.line)
        self.line.action_make_inspections()
        inspection = self.line.inspection_id
        self.assertEqual((inspection.specialty_ids, inspection.trial_ids), (specialty, trial))
        self.assertEqual(inspection.line_ids.mapped("number"), ["1.1", "1.2", "2.1", "3.1"])
        self.assertEqual((inspection.line_ids.specialty_id, inspection.line_ids.trial_id), (specialty, trial))
        self.line.write({"trial_ids": [Command.clear()], "change_reason": "示例"})
        self.assertEqual(inspection.line_ids.mapped("number"), ["1.1", "1.2", "2.1"], "carried over until it begins")

    @classmethod
    def trial(cls, institution, specialty=None):
        return cls.env["ctsp.trial"].create({
            "name": f"{institution.name}的试验（示例）", "site_ids": [Command.create({
                "institution_id": institution.id, "specialty_id": specialty and specialty.id, "role": "lead"})]})

    def test_once_only(self):
        self.assign(self.line)
        self.line.action_make_inspections()
        first = self.line.inspection_id
        self.line.action_make_inspections()
        self.line.with_user(self.inspector_user).action_start_inspection()
        self.assertEqual(self.line.inspection_id, first)
        self.assertEqual(self.env["ctsp.inspection"].search_count([("plan_line_id", "=", self.line.id)]), 1)

    def test_only_its_team(self):
        self.assign(self.line)
        stranger = self.inspector_user.copy({"login": "plan_stranger"})
        with self.assertRaises(AccessError):
            self.line.with_user(stranger).action_start_inspection()
        with self.assertRaises(AccessError):
            self.line.with_user(self.inspector_user).action_make_inspections()

    def test_approval_is_done(self):
        """The approved inspection ends the planned visit on the day it took place."""
        inspection = self.conclude(self.started())
        self.assertEqual((self.line.state, self.line.done_on), ("done", inspection.date_end))
        self.assertEqual(self.line.plan_id.progress, 100)
        self.line.plan_id.run_transition("finish")

    def test_approval_meets_the_deadline(self):
        """The approved first inspection meets the legal limit on the day of the visit (管理规定, 2019年第101号)."""
        filing = self.change()
        self.add_specialty(filing)
        deadline = self.approved(filing).deadline_ids.sudo()
        self.line = deadline.plan_line_id.with_user(self.planner)
        self.line.plan_id.with_user(self.planner).checklist_id = self.checklist
        inspection = self.conclude(self.started())
        self.assertEqual(deadline.state, "met")
        self.assertEqual(deadline.date_closed, inspection.date_end)
        self.assertEqual(self.line.state, "done")
        self.assertEqual(inspection.kind, "first")

    def test_plan_side_carries_over(self):
        """Another team or day moves the inspection that has not begun; calling off cancels it."""
        self.assign(self.line)
        self.line.action_make_inspections()
        inspection = self.line.inspection_id
        self.assertEqual(inspection.state, "assigned")
        self.assign(self.line, leader=self.second_leader, days=("2026-12-14", "2026-12-15"), reason="换人（示例）")
        self.assertEqual(inspection.leader_id, self.second_leader)
        self.assertEqual(str(inspection.date_planned_to), "2026-12-15")
        self.line.run_transition("cancel", "停业（示例）")
        self.assertEqual((inspection.state, self.line.state), ("cancelled", "cancelled"))

    def test_begun_is_not_called_off_from_the_plan(self):
        self.started()
        with self.assertRaises(UserError):
            self.line.run_transition("cancel", "示例")

    def test_cancelled_inspection_falls_back(self):
        """An inspection that is cancelled leaves the visit to be done: a new one can be made of it."""
        inspection = self.started()
        inspection.with_user(self.planner).run_transition("cancel", "机构停电（示例）")
        self.assertEqual((self.line.state, self.line.inspection_id.id), ("assigned", False))
        self.line.action_make_inspections()
        self.assertNotEqual(self.line.inspection_id, inspection)

    def test_history_raises_the_risk(self):
        """An approved inspection with an issued finding is part of the next score."""
        inspection = self.started()
        line = inspection.line_ids[0]
        for member in inspection.member_ids:
            member.with_user(member.user_id).declare(False)
        self.note(line, result="nonconform", description="缺陷（示例）")
        inspection.finding_ids.sudo()._set_state("issued", "示例")
        facts = self.env["ctsp.plan.risk"]._facts(self.institution, clock.today())[self.institution.id]
        self.assertEqual(facts.critical, 1)
        self.assertLess(facts.months_since_visit, 1)
        others = self.env["ctsp.plan.risk"]._facts(self.other, clock.today())[self.other.id]
        self.assertIsNone(others.months_since_visit)
