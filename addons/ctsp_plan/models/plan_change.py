from odoo import api, fields, models
from odoo.exceptions import UserError


class PlanChange(models.Model):
    """One adjustment of a published plan: what changed from what to what, who did it and why. Append-only."""

    _name = "ctsp.plan.change"
    _description = "Adjustment of a Plan"
    _inherit = ["ctsp.export.mixin"]
    _order = "id desc"
    _rec_name = "what"
    _integrity_fields = {1: ("plan_id", "line_id", "institution_id", "kind", "what", "reason", "user_id", "changed_at")}

    plan_id = fields.Many2one("ctsp.plan", required=True, readonly=True, index=True, ondelete="restrict")
    line_id = fields.Many2one(
        "ctsp.plan.line", "Inspection", readonly=True, index="btree_not_null", ondelete="restrict")
    institution_id = fields.Many2one("ctsp.institution", readonly=True, index=True, ondelete="restrict")
    kind = fields.Selection(
        [("add", "Added"), ("change", "Changed"), ("cancel", "Cancelled"), ("restore", "Restored"),
         ("merge", "Merged"), ("split", "Split")], required=True, readonly=True, index=True)
    what = fields.Text(readonly=True)
    reason = fields.Text(readonly=True)
    user_id = fields.Many2one("res.users", "By", required=True, readonly=True, index=True)
    changed_at = fields.Datetime("At", required=True, readonly=True, default=fields.Datetime.now)

    @api.model
    def _append(self, line, kind, what, reason):
        """Add a row (superuser: nobody has a right to write the history)."""
        return self.sudo().create({
            "plan_id": line.plan_id.id, "line_id": line.id, "institution_id": line.institution_id.id, "kind": kind,
            "what": what, "reason": reason, "user_id": self.env.uid})

    def write(self, vals):
        raise UserError(self.env._("The history of adjustments is never changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The history of adjustments is never deleted."))
