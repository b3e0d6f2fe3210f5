from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.ctsp_base.tools import clock

from .test_inspector import InspectorCase


@tagged("post_install", "-at_install")
class TestInspectorDraw(InspectorCase):
    """A drawing is kept as it happened, excludes who may not go, and can be repeated."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.partner_id.lang = "en_US"  # the language of what is written down for good
        cls.env["ctsp.inspector"].search([]).unit = "另一单位（示例）"
        cls.crowd = cls.zhao + cls.qian + cls.sun
        cls.crowd += cls.env["ctsp.inspector"].concat(*[
            cls.make_inspector("周示例", number, is_leader=False, level="junior") for number in range(10, 15)])
        cls.crowd.unit = "抽取单位（示例）"

    def draw(self, user=None, **values):
        return self.env["ctsp.inspector.draw"].with_user(user or self.planner).create({
            "institution_id": self.a.id, "date_from": "2026-03-02", "date_to": "2026-03-04", "seed": "20260301",
            "unit": "抽取单位（示例）", **values})

    def drawn(self, **values):
        draw = self.draw(**values)
        draw.run_transition("draw")
        return draw

    def test_result_is_reproducible(self):
        """Same seed and candidates, same result; it is recorded with number, who, when and every candidate."""
        first, second = self.drawn(), self.drawn()
        self.assertTrue(first.result)
        self.assertEqual(first.result, second.result)
        self.assertTrue(first.is_reproduced)
        self.assertEqual((first.drawn_by, first.state), (self.planner, "drawn"))
        self.assertNotEqual(first.number, second.number)
        self.assertEqual(len(first.candidate_ids), 2 * len(self.crowd))
        leader = first.candidate_ids.filtered(lambda row: row.drawn and row.role == "leader")
        self.assertTrue(leader.inspector_id.is_leader)
        others = first.candidate_ids.filtered(
            lambda row: row.role == "member" and row.inspector_id == leader.inspector_id)
        self.assertTrue(others.excluded, "nobody is drawn twice")
        first.candidate_ids.filtered("drawn").sudo().write({"drawn": False})
        first.invalidate_recordset(["is_reproduced"])
        self.assertFalse(first.is_reproduced, "a changed result does not stand")

    def test_exclusions(self):
        """Conflict, leave, certificate, level and leadership exclude, each with its sentence."""
        self.env["ctsp.inspector.conflict"].create({"inspector_id": self.zhao.id, "institution_id": self.a.id})
        self.env["ctsp.inspector.leave"].create({
            "inspector_id": self.qian.id, "date_from": "2026-03-04", "date_to": "2026-03-09"})
        draw = self.drawn()
        rows = {row.inspector_id: row for row in draw.candidate_ids if row.role == "leader"}
        self.assertIn("conflict of interest", rows[self.zhao].reason)
        self.assertIn("is away", rows[self.qian].reason)
        self.assertFalse(rows[self.sun].excluded)
        self.assertTrue(rows[self.sun].drawn, "the only one left to lead")
        self.assertIn("May not lead", rows[self.crowd[-1]].reason)
        self.assertIn("lower", rows[self.crowd[-1]].reason)

    def test_double_booking(self):
        """Who is on another team on one of the days takes no part; the inspection drawn for does not count."""
        inspection = self.env["ctsp.inspection"].create({
            "institution_id": self.b.id, "date_planned_from": "2026-03-04", "date_planned_to": "2026-03-06",
            "member_ids": [Command.create({"inspector_id": self.zhao.id, "role": "leader"})]})
        self.assertEqual(self.codes(self.zhao), ["booked"])
        self.assertEqual(self.zhao._reasons(
            self.a, (inspection.date_planned_from, inspection.date_planned_to), but=inspection)[self.zhao.id], [])
        inspection.date_planned_from = "2026-03-05"
        self.assertEqual(self.codes(self.zhao), [])

    def test_nothing_changes_afterwards(self):
        """Criteria, rows and candidates of a drawing that was made are fixed; it is never deleted, only void."""
        draw = self.drawn()
        for attempt in (
                lambda: draw.write({"seed": "x"}), lambda: draw.slot_ids[0].write({"count": 5}),
                lambda: draw.candidate_ids[0].write({"drawn": True}), lambda: draw.candidate_ids[0].unlink(),
                lambda: draw.slot_ids.unlink(), lambda: draw.write({"result": "x"})):
            with self.assertRaises(AccessError):
                attempt()
        with self.assertRaises(UserError):
            draw.unlink()
        with self.assertRaises(UserError):
            draw.run_transition("void")
        draw.run_transition("void", "检查任务取消（示例）")
        self.assertEqual(draw.state, "void")
        for role in ("leader", "inspector", "filing_officer"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.draw(user=self.role(role))

    def test_apply_to_team(self):
        """Who was drawn becomes the team of the inspection, the leader leading it."""
        inspection = self.env["ctsp.inspection"].create({
            "institution_id": self.a.id, "date_planned_from": "2026-03-02", "date_planned_to": "2026-03-04"})
        draw = self.draw(inspection_id=inspection.id, institution_id=self.b.id)
        self.assertEqual(draw.institution_id, self.b)
        draw = self.env["ctsp.inspector.draw"].with_user(self.planner).create({
            "inspection_id": inspection.id, "unit": "抽取单位（示例）", "slot_ids": [
                Command.create({"role": "leader"}), Command.create({"role": "member", "count": 2})]})
        self.assertEqual((draw.institution_id, str(draw.date_to)), (self.a, "2026-03-04"))
        draw.run_transition("draw")
        draw.run_transition("apply")
        self.assertEqual(len(inspection.member_ids), 3)
        self.assertEqual(inspection.leader_id, draw.candidate_ids.filtered(
            lambda row: row.drawn and row.role == "leader").inspector_id)

    def test_no_conflict_on_a_team(self):
        """A planner is told what speaks against the team; somebody with a conflict of interest is not assigned."""
        library = self.env["ctsp.clause.library"].search([], limit=1) or self.env["ctsp.clause.library"].create(
            {"name": "要点（示例）", "code": "TX", "number": "TX"})
        inspection = self.env["ctsp.inspection"].with_user(self.planner).create({
            "institution_id": self.a.id, "date_planned_from": "2026-03-02", "library_id": library.id,
            "member_ids": [Command.create({"inspector_id": self.zhao.id, "role": "leader"}),
                           Command.create({"inspector_id": self.qian.id})]})
        self.assertFalse(inspection.team_warning)
        self.env["ctsp.inspector.conflict"].create({"inspector_id": self.qian.id, "institution_id": self.a.id})
        inspection.invalidate_recordset(["team_warning"])
        self.assertIn(self.qian.name, inspection.team_warning)
        with self.assertRaisesRegex(UserError, self.qian.name):
            inspection.run_transition("assign")

    def test_too_few(self):
        """A drawing that found fewer than wanted cannot be applied."""
        inspection = self.env["ctsp.inspection"].create({
            "institution_id": self.a.id, "date_planned_from": "2026-03-02"})
        draw = self.drawn(inspection_id=inspection.id, slot_ids=[Command.create({"role": "member", "count": 99})])
        with self.assertRaises(UserError):
            draw.run_transition("apply")

    def test_protocol(self):
        """The printed protocol names seed, result and every reason of exclusion."""
        draw = self.drawn()
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "ctsp_inspection.report_inspector_draw", draw.ids)
        text = html.decode()
        for part in (draw.number, draw.seed, draw.result, "May not lead a team."):
            self.assertIn(part, text)

    def test_workload(self):
        """Open inspections, those done this year and days on site are counted in one query for the whole list."""
        year = clock.today().year
        for state, start, end in (
                ("onsite", f"{year}-02-02", f"{year}-02-03"), ("closed", f"{year}-01-05", f"{year}-01-05"),
                ("closed", f"{year - 1}-12-30", f"{year}-01-02"), ("cancelled", f"{year}-03-01", f"{year}-03-09")):
            inspection = self.env["ctsp.inspection"].create({
                "institution_id": self.a.id, "date_start": start, "date_end": end,
                "member_ids": [Command.create({"inspector_id": self.sun.id, "role": "leader"})]})
            inspection._set_state(state, "示例")
        self.env.invalidate_all()
        self.assertEqual((self.sun.open_count, self.sun.done_count, self.sun.day_count), (1, 1, 5))
        crowd = self.crowd.with_user(self.planner)
        crowd.mapped("name")
        self.env.flush_all()
        with self.assertQueryCount(1):
            crowd._workload()
