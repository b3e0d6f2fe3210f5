from odoo import fields, models
from odoo.exceptions import AccessError


class Inspection(models.Model):
    """An inspection that a plan asked for moves its planned visit on."""

    _inherit = "ctsp.inspection"

    plan_line_id = fields.Many2one(
        "ctsp.plan.line", "Planned Inspection", readonly=True, copy=False, index="btree_not_null", ondelete="set null")
    plan_id = fields.Many2one(related="plan_line_id.plan_id", string="Plan", related_sudo=True)

    def _check_writable(self, names):
        if "plan_line_id" in names:
            raise AccessError(self.env._("Which planned inspection it is follows from the plan."))
        return super()._check_writable(names)

    def _make(self, transition, reason):
        """Tell the plan of each step that was made."""
        super()._make(transition, reason)
        self.sudo().plan_line_id._inspection_moved(self, transition.code)  # the team need not read plans

    def action_open_plan_line(self):
        """Open the planned inspection this one came from, with the reader's own rights (button)."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": "ctsp.plan.line", "res_id": self.plan_line_id.id,
                "views": [(False, "form")], "name": self.plan_line_id.sudo().display_name}  # its name is on the form
