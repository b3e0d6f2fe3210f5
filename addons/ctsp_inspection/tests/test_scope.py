from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PROOF, InspectionCase


@tagged("post_install", "-at_install")
class TestScope(InspectionCase):
    """What is inspected by which clauses, what is concluded from them, and what an empty inspection is worth."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.trial_clause = cls.env["ctsp.clause.library"].create({
            "name": "测试项目要点（示例）", "code": "T2", "number": "T2", "date_from": "2024-03-01", "status": "sample",
            "section_ids": [Command.create({"name": "知情同意", "sequence": 1})]})
        cls.env["ctsp.clause"].create([
            cls.clause("3.1", "major", library_id=cls.trial_clause.id, section_id=cls.trial_clause.section_ids.id,
                       object="trial")])
        cls.trial_list = cls.checklist(cls.trial_clause, "项目", kind="special")
        cls.trial_clause.action_publish()
        cls.short_list = cls.checklist(cls.library, "短表", cls.clauses[:2], kind="cause")

    @classmethod
    def checklist(cls, library, name, clauses=None, **values):
        return cls.env["ctsp.checklist"].create({
            "name": f"{name}（示例）", "library_id": library.id,
            "clause_ids": [Command.set((clauses or library.clause_ids).ids)], **values})

    def numbers(self, inspection):
        return inspection.line_ids.mapped("number")

    # ---- lines follow while it is planned --------------------------------------------------------------------------

    def test_follow_while_assigned(self):
        """Another specialty or check list while it is assigned gives the lines anew."""
        inspection = self.make()
        inspection.run_transition("assign")
        self.assertEqual(self.numbers(inspection), ["1.1", "1.2", "1.3", "2.1"])
        inspection.specialty_ids = False
        self.assertEqual(self.numbers(inspection), ["1.1", "1.2", "1.3"])
        inspection.checklist_id = self.short_list
        self.assertEqual(self.numbers(inspection), ["1.1", "1.2"])
        inspection.write({"checklist_id": False, "specialty_ids": [Command.set(self.specialty_a.ids)]})
        self.assertEqual(self.numbers(inspection), ["1.1", "1.2", "1.3", "2.1"])

    def test_follow_in_a_draft(self):
        """A draft whose lines were filled in is brought up to date, too, before it is assigned."""
        draft = self.make(specialty_ids=False)
        draft.action_make_lines()
        draft.specialty_ids = self.specialty_a
        draft.run_transition("assign")
        self.assertEqual(self.numbers(draft), ["1.1", "1.2", "1.3", "2.1"])

    def test_trial_list_needs_trials(self):
        """A list about trials makes no inspection without a trial: nothing would be checked."""
        draft = self.make(library_id=self.trial_clause.id, checklist_id=self.trial_list.id, specialty_ids=False)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            draft.run_transition("assign")
        trial = self.trial(institutions=[self.a])
        draft.trial_ids = trial
        draft.run_transition("assign")
        self.assertEqual(draft.line_ids.trial_id, trial)

    def test_not_once_recorded(self):
        """While recording nobody changes the scope by a field; the dialog says what happens and loses nothing."""
        inspection = self.begun()
        specialty_line = inspection.line_ids.filtered("specialty_id")
        self.note(specialty_line, result="conform")
        photo_line = inspection.line_ids.filtered(lambda line: line.number == "1.3")
        self.env["ctsp.inspection.evidence"].with_user(self.inspector).create({
            "inspection_id": inspection.id, "line_id": photo_line.id, **PROOF})
        for user in (self.planner, self.inspector):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                inspection.with_user(user).write({"specialty_ids": False})
        scope = self.env["ctsp.inspection.scope"].with_user(self.inspector).create({"inspection_id": inspection.id})
        self.assertEqual(scope.specialty_ids, self.specialty_a)
        scope.write({"specialty_ids": False, "checklist_id": self.short_list.id})
        self.assertIn("2 clauses stay", scope.preview)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            scope.action_apply()
        scope.reason = "现场调整（示例）"
        scope.action_apply()
        self.assertEqual(self.numbers(inspection), ["1.1", "1.2", "1.3", "2.1"])
        self.assertEqual((specialty_line.result, len(photo_line.evidence_ids)), ("conform", 1))
        self.assertIn("现场调整（示例）", str(inspection.sudo().message_ids[:1].body))

    def test_extend_on_site(self):
        """The leader adds the whole library on site; a member of the team does not."""
        inspection = self.begun(checklist_id=self.short_list.id)
        values = {"inspection_id": inspection.id, "checklist_id": False, "reason": "扩大检查（示例）"}
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.env["ctsp.inspection.scope"].with_user(self.second).create(values)
        self.env["ctsp.inspection.scope"].with_user(self.inspector).create(values).action_apply()
        self.assertEqual(self.numbers(inspection), ["1.1", "1.2", "1.3", "2.1"])

    def test_dialog_tells_nothing(self):
        """The dialog shows what an inspection says to nobody who may not change it, by whichever call."""
        foreign, own = self.begun(), self.begun()
        scopes = self.env["ctsp.inspection.scope"].with_user(self.stranger)
        spec = {name: {} for name in ("institution_id", "specialty_ids", "preview")}
        for attempt in (lambda: scopes.create({"inspection_id": foreign.id}),
                        lambda: scopes.onchange({"inspection_id": foreign.id}, ["inspection_id"], spec)):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                attempt()
        own.with_user(self.planner).member_ids[:1].inspector_id = self.people[2]
        mine = scopes.create({"inspection_id": own.id})
        self.assertEqual(mine.institution_id, self.a)
        with self.assertRaises(AccessError):
            mine.inspection_id = foreign

    # ---- defaults by business type ---------------------------------------------------------------------------------

    def test_regulation_kind(self):
        """The regulation's type follows from the business type; another one takes a reason (办法: 日常/有因/其他)."""
        every = ("first", "routine", "special", "cause", "joint")
        kinds = {kind: self.make(kind=kind).regulation_kind for kind in every}
        self.assertEqual(kinds, {
            "first": "other", "routine": "routine", "special": "other", "cause": "cause", "joint": "other"})
        inspection = self.make(kind="special")
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            inspection.regulation_kind = "cause"
        inspection.write({"regulation_kind": "cause", "regulation_kind_reason": "由投诉线索启动（示例）"})
        self.assertEqual((inspection.regulation_kind, inspection.regulation_kind_differs), ("cause", True))
        inspection.kind = "routine"
        self.assertEqual((inspection.regulation_kind, inspection.regulation_kind_differs), ("routine", False))

    def test_default_list(self):
        """An inspection made by hand gets the newest list for its type; a chosen list or library stays."""
        newer = self.library.copy({"code": "T1-newer", "date_from": "2025-01-01"})
        newer.action_publish()
        lists = self.env["ctsp.checklist"]
        expected = newer.checklist_ids.filtered(lambda row: row.kind == "cause")
        others = lists.search([("kind", "=", "cause"), ("library_id.date_from", ">", "2025-01-01")])
        others.active = False
        self.assertEqual(lists._for("cause"), expected)
        made = self.make(kind="cause", library_id=False)
        self.assertEqual((made.checklist_id, made.library_id), (expected, newer))
        made.checklist_id = self.short_list
        self.assertEqual(made.library_id, self.library)
        self.assertFalse(self.make(kind="cause").checklist_id, "the whole library was chosen")
        with self.assertRaises(ValidationError):
            self.make(checklist_id=self.trial_list.id)

    def test_versions_are_frozen(self):
        """The next version of the clauses does not touch an inspection that is running, nor one that is assigned."""
        running, assigned = self.begun(), self.make()
        assigned.run_transition("assign")
        before = [(line.clause_id.id, line.content, line.clause_grade) for line in running.line_ids]
        newer = self.library.copy({"code": "T1-next", "date_from": "2025-01-01"})
        newer.clause_ids[0].write({"content": "新条文（示例）", "grade": "minor"})
        newer.action_publish()
        self.assertEqual([(line.clause_id.id, line.content, line.clause_grade) for line in running.line_ids], before)
        self.assertEqual((running.library_id, assigned.library_id), (self.library, self.library))
        assigned.action_make_lines()
        self.assertNotIn("新条文（示例）", assigned.line_ids.mapped("content"))
        with self.assertRaises(UserError):
            self.clauses[0].content = "改（示例）"
        with self.assertRaises(UserError):
            self.library.action_withdraw()

    # ---- what an inspection is worth -------------------------------------------------------------------------------

    def test_nothing_checked(self):
        """Nothing checked: no conclusion is made, nothing is handed in."""
        inspection = self.begun()
        inspection.action_propose()
        self.assertFalse(inspection.conclusion_ids)
        with self.assertRaises(UserError) as caught:
            inspection.run_transition("submit")
        self.assertIn("No clause was checked yet", str(caught.exception))
        for line in inspection.line_ids:
            self.note(line, result="na")
        inspection.action_propose()
        self.assertFalse(inspection.conclusion_ids, "what does not apply is no ground for a conclusion")

    def test_no_lines(self):
        """An inspection whose clauses are gone is not handed in."""
        inspection = self.begun()
        inspection.sudo().line_ids._engine().unlink()
        with self.assertRaises(UserError) as caught:
            inspection.run_transition("submit")
        self.assertIn("no clauses", str(caught.exception))

    def test_conclusions_by_what_was_checked(self):
        """A specialty nobody looked at gets no conclusion and a warning; the other objects do."""
        inspection = self.begun()
        for line in inspection.line_ids.filtered(lambda line: line.object == "institution"):
            self.note(line, result="na" if line.photo_required else "conform")
        inspection.action_propose()
        self.assertEqual(inspection.conclusion_ids.mapped("object"), ["institution"])
        self.env["ctsp.check"]._run("ctsp.inspection", inspection)
        result = inspection.sudo().check_result_ids.filtered(lambda row: row.field_name == "specialty_ids")
        self.assertEqual((result.level, result.passed), ("warning", False))
        self.note(inspection.line_ids.filtered("specialty_id"), result="conform")
        with self.assertRaises(UserError):
            inspection.run_transition("submit")

    def test_required_unchecked(self):
        """While a clause that must be checked is open nothing is proposed; the grades are a dated parameter."""
        inspection = self.begun()
        self.note(inspection.line_ids[1], result="conform")
        inspection.action_propose()
        row = inspection.conclusion_ids
        self.assertFalse(row.proposed)
        self.assertIn("1.1", row.proposed_reason)
        self.note(inspection.line_ids[0], result="conform")
        inspection.action_propose()
        self.assertEqual(row.proposed, "pass")
        self.assertIn("1 clauses were not checked", row.proposed_reason)
        self.env.ref("ctsp_inspection.parameter_inspection_required_grades_2019").value = '["critical", "minor"]'
        inspection.action_propose()
        self.assertFalse(row.proposed)

    def test_sound_system(self):
        """符合要求 needs a sound quality system (2023年第9号): the leader states it, and why where it is not."""
        inspection = self.begun()
        for line in inspection.line_ids:
            self.note(line, result="na" if line.photo_required else "conform")
        inspection.action_propose()
        inspection.write({"summary": "示例", "handling": "none"})
        row = inspection.conclusion_ids[0]
        self.assertEqual((row.proposed, row.asks_system), ("pass", True))
        self.assertIn("still to state", row.proposed_reason)
        inspection.conclusion_ids.write({"decided": "pass"})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            inspection.run_transition("submit")
        row.sound_system = "unsound"
        self.assertEqual(row.proposed, "rectify")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            inspection.run_transition("submit")
        row.write({"system_reason": "质量管理制度未执行（示例）", "decided": "rectify"})
        self.assertIn("质量管理制度未执行（示例）", row.proposed_reason)
        inspection.conclusion_ids[1:].sound_system = "sound"
        inspection.run_transition("submit")
        self.assertEqual(inspection.conclusion, "rectify")
        with self.assertRaises(UserError):
            row.sound_system = "sound"
        with self.assertRaises(AccessError):
            self.begun().conclusion_ids.create({"inspection_id": inspection.id, "object": "institution"})

    # ---- whom one sends --------------------------------------------------------------------------------------------

    def test_bars_are_settings(self):
        """A conflict of interest bars always; what else bars is a setting, by hand as by plan."""
        draft = self.make()
        self.assertIn(self.people[0].name, draft.team_warning, "no certificate: told")
        value = self.env.ref("ctsp_inspection.parameter_inspection_team_blocking_2019")
        value.value = '{"inspection": ["certificate"]}'
        with self.assertRaises(UserError), self.env.cr.savepoint():
            draft.run_transition("assign")
        value.value = "{}"
        self.env["ctsp.inspector.conflict"].create({
            "inspector_id": self.people[1].id, "institution_id": self.a.id, "kind": "family"})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            draft.run_transition("assign")
        self.env["ctsp.inspector.conflict"].search([]).unlink()
        draft.run_transition("assign")
