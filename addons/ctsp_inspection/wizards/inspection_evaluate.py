from odoo import fields, models


class InspectionEvaluate(models.TransientModel):
    """Dialog: the comprehensive evaluation of an inspection."""

    _name = "ctsp.inspection.evaluate"
    _description = "Comprehensive Evaluation"

    inspection_id = fields.Many2one("ctsp.inspection", required=True, readonly=True, ondelete="cascade")
    rectification_open_count = fields.Integer(related="inspection_id.rectification_open_count")
    result = fields.Selection(
        [("pass", "Meets the Requirements"), ("fail", "Does Not Meet the Requirements")], required=True)
    reason = fields.Text("Reasons of the Evaluation")

    def action_confirm(self):
        """Evaluate; the inspection checks the rights."""
        self.ensure_one()
        self.inspection_id.evaluate(self.result, self.reason)
        return {"type": "ir.actions.act_window_close"}
