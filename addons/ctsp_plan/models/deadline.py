from odoo import api, fields, models


class Deadline(models.Model):
    """A first inspection's legal time limit, with the planned visit that serves it."""

    _inherit = "ctsp.deadline"

    plan_line_id = fields.Many2one(
        "ctsp.plan.line", "Planned Inspection", readonly=True, index="btree_not_null", ondelete="set null", copy=False)

    @api.model
    def _open(self, filing, rows):
        """Plan the visit in the same transaction in which the limit begins to run."""
        deadlines = super()._open(filing, rows)
        self.env["ctsp.plan.line"]._from_deadlines(deadlines)
        return deadlines

    def _alert_row(self, today):
        """The warning goes to the leader of the planned visit, once there is one."""
        row = super()._alert_row(today)
        leader = self.sudo().plan_line_id.leader_id.user_id  # engine: tells whoever has to act
        return {**row, "user_id": leader.id} if leader else row

    def _close(self, state, date, note):
        """A visit whose limits have all ended is no longer planned (superuser: the limit's engine decides)."""
        super()._close(state, date, note)
        lines = self.sudo().plan_line_id
        lines.invalidate_recordset(["deadline_ids"])
        lines._follow_deadlines()
