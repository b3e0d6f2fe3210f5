from odoo import fields, models


class InspectionDeclare(models.TransientModel):
    """Dialog: a member of the team declares that a conflict of interest exists, and which (回避声明)."""

    _name = "ctsp.inspection.declare"
    _description = "Declare a Conflict of Interest"

    inspection_id = fields.Many2one("ctsp.inspection", required=True, readonly=True, ondelete="cascade")
    note = fields.Char("What the Conflict Is", required=True)

    def action_confirm(self):
        """Declare it for oneself; the planner learns that somebody else has to go."""
        self.ensure_one()
        self.inspection_id._declaring().declare(True, self.note)
        return {"type": "ir.actions.act_window_close"}
