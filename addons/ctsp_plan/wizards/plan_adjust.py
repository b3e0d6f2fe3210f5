from odoo import fields, models
from odoo.exceptions import UserError


class PlanAdjust(models.TransientModel):
    """Dialog: put several visits of one institution together, or take one apart, with the reason."""

    _name = "ctsp.plan.adjust"
    _description = "Merge or Split Planned Inspections"

    line_ids = fields.Many2many("ctsp.plan.line", string="Inspections", required=True)
    mode = fields.Selection([("merge", "Merge"), ("split", "Split")], required=True, default="merge")
    deadline_ids = fields.Many2many(
        "ctsp.deadline", string="Limits That Get a Visit of Their Own", domain="[('plan_line_id', 'in', line_ids)]")
    reason = fields.Char(required=True)

    def action_apply(self):
        """Merge or split (button); the methods of the model check the rights."""
        self.ensure_one()
        if self.mode == "merge":
            kept = self.line_ids._merge(self.reason)
        else:
            if not self.deadline_ids:
                raise UserError(self.env._("Choose the limits that get a visit of their own."))
            kept = self.line_ids._split(self.deadline_ids, self.reason)
        return {"type": "ir.actions.act_window", "res_model": "ctsp.plan.line", "res_id": kept.id,
                "views": [(False, "form")]}
