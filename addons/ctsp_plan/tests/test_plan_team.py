from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PlanCase


@tagged("post_install", "-at_install")
class TestPlanTeam(PlanCase):
    """Assigning planned inspections: teams without conflicts, by hand and by drawing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan_ = cls.published(institutions=cls.institution | cls.other)
        cls.line, cls.second = cls.plan_.line_ids

    def conflict(self, person):
        self.env["ctsp.inspector.conflict"].create({
            "inspector_id": person.id, "institution_id": self.institution.id})

    def test_assign_tells_the_leader(self):
        """The leader has a task, sees the inspection he is sent to and no other one."""
        self.assign(self.line)
        self.assertEqual(self.line.state, "assigned")
        self.assertEqual(self.line.sudo().activity_ids.user_id, self.inspector_user)
        seen = self.env["ctsp.plan.line"].with_user(self.inspector_user).search([("kind", "=", "routine")])
        self.assertEqual(seen.ids, self.line.ids)
        self.assertTrue(seen.is_mine)
        changes = self.env["ctsp.plan.change"].with_user(self.inspector_user).search([("plan_id", "=", self.plan_.id)])
        self.assertEqual(changes.line_id, self.line, "how his own visit was adjusted, and no other's")
        with self.assertRaises(AccessError):
            self.second.with_user(self.inspector_user).read(["date_due"])
        cards = {card["key"]: card["count"] for card in self.env["ctsp.home"].with_user(self.inspector_user)._cards()}
        self.assertEqual(cards["plan_mine"], 1)

    def test_conflict_of_interest_stops_it(self):
        """Whoever has a standing conflict with the institution is not sent there, neither named nor exchanged later."""
        self.conflict(self.member)
        with self.assertRaises(UserError):
            self.assign(self.line)
        self.assign(self.line, members=self.other_member)
        self.line.invalidate_recordset()
        with self.assertRaises(UserError):
            self.line.with_context(change_reason="示例").write({"member_ids": [(4, self.member.id)]})

    def test_two_people_at_least(self):
        with self.assertRaises(UserError):
            self.line.with_context(change_reason="示例").leader_id = self.leader
            self.line.run_transition("assign")

    def test_double_booking_is_a_warning(self):
        """The same people on the same days: it is said, not forbidden."""
        self.assign(self.line)
        self.assign(self.second)
        self.assertIn(self.institution.name, self.second.team_warning)
        self.assertEqual(self.second.state, "assigned")

    def test_reassign_is_kept_with_its_reason(self):
        """Another team: the task moves, the change stays with names and reason."""
        self.assign(self.line)
        self.assign(self.line, leader=self.second_leader, reason="原组长出差（示例）")
        change = self.line.change_ids[0]
        self.assertEqual(change.reason, "原组长出差（示例）")
        self.assertIn(self.second_leader.name, change.what)
        self.assertFalse(self.line.sudo().activity_ids, "the new leader has no account")

    def dialog(self, seed="示例", days=("2026-12-07", "2026-12-08")):
        """Return the dialog for both visits, drawn among four people."""
        people = self.leader | self.second_leader | self.member | self.other_member
        wizard = self.env["ctsp.plan.assign"].with_user(self.planner).create({
            "line_ids": self.plan_.line_ids.ids, "mode": "draw", "seed": seed, "candidate_ids": people.ids})
        wizard.row_ids.write({"date_from": days[0], "date_to": days[1]})
        wizard.action_draw()
        return wizard

    def test_drawing_avoids_conflicts_and_repeats(self):
        """A drawing for many: nobody barred, nobody twice on a day, the same seed gives the same teams."""
        self.conflict(self.leader)
        first, again = self.dialog(), self.dialog()
        teams = {row.line_id: (row.leader_id, row.member_ids) for row in first.row_ids}
        self.assertEqual({row.line_id: (row.leader_id, row.member_ids) for row in again.row_ids}, teams)
        self.assertEqual((teams[self.line][0], teams[self.second][0]), (self.second_leader, self.leader))
        self.assertEqual(teams[self.line][1] | teams[self.second][1], self.member | self.other_member)
        several = {self.dialog(seed=str(number)).row_ids[0].member_ids for number in range(12)}
        self.assertEqual(len(several), 2, "another seed draws otherwise")

    def test_drawing_is_kept(self):
        """Each visit has its drawing: seed, every candidate with ticket or reason, result, who, when; it can be
        repeated, is applied with the team, void where it is drawn again or another team is named by hand."""
        self.conflict(self.leader)
        wizard = self.dialog()
        dropped = wizard.row_ids.draw_id
        wizard.action_draw()
        self.assertEqual(set(dropped.mapped("state")), {"void"})
        wizard.row_ids.filtered(lambda row: row.line_id == self.second).member_ids = self.member | self.other_member
        wizard.action_apply()
        draw, by_hand = self.line.draw_ids.filtered("applied_at"), self.second.draw_ids - dropped
        self.assertEqual((draw.drawn_by, draw.applied_by, draw.state), (self.planner, self.planner, "applied"))
        self.assertEqual(draw.seed, f"示例/{self.line.id}")
        self.assertTrue(draw.number and draw.drawn_at and draw.is_reproduced)
        self.assertEqual(len(draw.candidate_ids), 8, "four people for each of two places")
        barred = draw.candidate_ids.filtered(lambda row: row.inspector_id == self.leader)
        self.assertTrue(all(row.excluded and row.reason for row in barred))
        self.assertEqual(draw._drawn("leader"), self.line.leader_id)
        self.assertIn(draw.number, self.line.change_ids[0].reason)
        self.assertEqual(by_hand.state, "void")
        self.assertEqual(self.second.member_ids, self.member | self.other_member)
        self.assertNotIn(by_hand.number, self.second.change_ids[0].reason)
        with self.assertRaises(AccessError):
            draw.with_user(self.planner).write({"plan_line_id": self.second.id})

    def test_drawing_spreads_the_work(self):
        """On other days the same people may go again; whoever was drawn before in this dialog, less likely."""
        wizard = self.dialog()
        first, second = wizard.row_ids.sorted(lambda row: row.line_id.id)
        second.write({"date_from": "2026-12-14", "date_to": "2026-12-15"})
        wizard.action_draw()
        team = first.draw_id._drawn()
        self.assertEqual(len(team), 2)
        for row in second.draw_id.candidate_ids.filtered(lambda row: row.role == "leader" and not row.excluded):
            self.assertEqual(row.load, int(row.inspector_id in team), row.name)
        wizard.action_apply()
        self.assertEqual(sum((team | second.draw_id._drawn())._loads().values()), 4, "two visits of two people")

    def test_too_few_to_draw(self):
        """What is lacking is said, and such a drawing is not applied."""
        (self.second_leader | self.leader).is_leader = False
        wizard = self.dialog()
        self.assertEqual(set(wizard.row_ids.mapped("lack")), {"leader"})
        with self.assertRaises(UserError):
            wizard.action_apply()

    def test_draft_is_not_assigned(self):
        draft = self.plan()
        with self.assertRaises(UserError):
            self.assign(draft.line_ids)
        wizard = self.env["ctsp.plan.assign"].with_user(self.planner).create({"line_ids": draft.line_ids.ids})
        with self.assertRaises(UserError):
            wizard.action_draw()
        with self.assertRaises(AccessError):
            self.line.with_user(self.inspector_user).run_transition("assign")
