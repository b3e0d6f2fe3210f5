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

    def test_drawing_avoids_conflicts_and_repeats(self):
        """A drawing for many: nobody barred, nobody twice on a day, the same seed gives the same teams."""
        self.conflict(self.leader)
        people = self.leader | self.second_leader | self.member | self.other_member

        def drawn():
            wizard = self.env["ctsp.plan.assign"].with_user(self.planner).create({
                "line_ids": self.plan_.line_ids.ids, "mode": "draw", "seed": "示例", "candidate_ids": people.ids})
            wizard.row_ids.write({"date_from": "2026-12-07", "date_to": "2026-12-08"})
            wizard.action_draw()
            return wizard

        first, again = drawn(), drawn()
        teams = [(row.line_id, row.leader_id, row.member_ids) for row in first.row_ids]
        self.assertEqual([(row.leader_id, row.member_ids) for row in again.row_ids],
                         [(leader, members) for _line, leader, members in teams])
        by_line = {line: (leader, members) for line, leader, members in teams}
        self.assertEqual(by_line[self.line][0], self.second_leader)
        self.assertEqual(by_line[self.second][0], self.leader)
        first.action_apply()
        self.assertEqual(set(self.plan_.line_ids.mapped("state")), {"assigned"})
        self.assertIn("示例", self.line.change_ids[0].reason)

    def test_draft_is_not_assigned(self):
        draft = self.plan()
        with self.assertRaises(UserError):
            self.assign(draft.line_ids)
        with self.assertRaises(AccessError):
            self.line.with_user(self.inspector_user).run_transition("assign")
