from unittest.mock import patch

from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import InspectionCase


@tagged("post_install", "-at_install")
class TestTeam(InspectionCase):
    """Conflicts of interest (回避) at every step, who says so and who reads it; what is fixed and what is in time."""

    def conflict(self, inspector, **values):
        return self.env["ctsp.inspector.conflict"].create({
            "inspector_id": inspector.id, "institution_id": self.a.id, "kind": "family", **values})

    def test_conflict_after_assigning(self):
        """Who is put on the team later, or whose conflict comes up later, is barred as well; its kind is not told."""
        self.conflict(self.people[2])
        inspection = self.make()
        inspection.run_transition("assign")
        for values in ({"member_ids": [Command.create({"inspector_id": self.people[2].id})]},
                       {"leader_id": self.people[2].id},
                       {"member_ids": [Command.update(inspection.member_ids[0].id, {
                           "inspector_id": self.people[2].id})]}):
            with self.subTest(str(values)), self.assertRaises(UserError), self.env.cr.savepoint():
                inspection.write(values)
        self.conflict(self.people[1])
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            inspection.with_user(self.inspector).run_transition("start")
        self.assertIn(self.people[1].name, str(caught.exception))
        self.assertNotIn("Relative", str(caught.exception))
        inspection.member_ids[1].unlink()
        inspection.with_user(self.inspector).run_transition("start")
        self.env["ctsp.inspector.conflict"].search([]).unlink()
        inspection.leader_id = self.people[2]
        self.assertEqual(sorted(inspection.member_ids.mapped("role")), ["leader", "member"], "the former one stays")

    def test_declare_a_conflict(self):
        """A member declares on screen; he records no more, does not take it back, and the planner has a task."""
        inspection = self.make()
        inspection.run_transition("assign")
        mine = inspection.with_user(self.second)
        mine.action_declare_none()
        dialog = self.env["ctsp.inspection.declare"].with_user(self.second).create({
            **{key[8:]: value for key, value in mine.action_declare_conflict()["context"].items()},
            "note": "曾在该机构任职（示例）"})
        dialog.action_confirm()
        self.assertEqual((mine.my_declaration, mine.member_ids[1].declaration_note),
                         ("conflict", "曾在该机构任职（示例）"))
        self.assertTrue(inspection.activity_ids.filtered(lambda task: task.user_id == self.planner))
        with self.assertRaises(UserError):
            mine.action_declare_none()
        with self.assertRaises(AccessError):
            mine.with_user(self.stranger).action_declare_conflict()

    def test_own_rows(self):
        """An inspector adds what bars him and mends what he added; the planner's rows are not his to lift."""
        own = self.env["ctsp.inspector.conflict"].with_user(self.inspector)
        foreign = self.conflict(self.people[0]).with_user(self.inspector)
        mine = own.create({"institution_id": self.b.id})
        self.assertEqual(mine.inspector_id, self.people[0], "his own, by default")
        mine.date_to = "2099-12-31"
        for row, values in ((foreign, {"date_to": "2020-01-01"}), (mine, {"institution_id": self.a.id}),
                            (mine, {"inspector_id": self.people[1].id})):
            with self.subTest(str(values)), self.assertRaises(AccessError):
                row.write(values)
        leave = self.env["ctsp.inspector.leave"].create({
            "inspector_id": self.people[0].id, "date_from": "2026-03-01", "date_to": "2026-03-31"})
        for act in (lambda row: row.unlink(), lambda row: row.write({"date_to": "2026-03-01"})):
            with self.assertRaises(AccessError):
                act(leave.with_user(self.inspector))
        leave.with_user(self.planner).unlink()

    def test_who_reads_the_warning(self):
        """Why somebody should not go names other visits and colleagues' conflicts: senders read it, the team not."""
        self.conflict(self.people[1])
        inspection = self.make()
        self.assertIn(self.people[1].name, inspection.team_warning)
        inspection.sudo()._set_state("assigned", "示例")
        self.assertFalse(inspection.with_user(self.inspector).team_warning)

    def test_engine_fields(self):
        """What follows from rows and institution is not written by hand."""
        inspection = self.make()
        for values in ({"team_names": "x"}, {"district_id": False}):
            with self.subTest(str(values)), self.assertRaises(AccessError):
                inspection.write(values)

    def test_recorded_this_moment(self):
        """Handing in starts anew when something was recorded after it began to look; own work is no reason."""
        inspection = self.recorded(self.begun())
        rows = type(inspection)._recorded_rows
        with patch.object(type(inspection), "_recorded_rows", lambda self, cr: (
                rows(self, cr) | ({("operation", 0)} if cr is not self.env.cr else set()))), self.assertRaises(
                    ConcurrencyError):
            inspection.run_transition("submit")
        inspection.run_transition("submit")
        self.assertEqual(inspection.state, "submitted")
