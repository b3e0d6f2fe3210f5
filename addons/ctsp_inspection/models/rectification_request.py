from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ctsp_base.tools import clock

from .rectification import WITH_INSTITUTION


class RectificationRequest(models.AbstractModel):
    """Something the institution asks for beside its answer: in time, while the finding is with it, once each time the
    finding is issued (a return is no new issue)."""

    _name = "ctsp.rectification.request.mixin"
    _description = "Request on a Rectification"
    _inherit = ["ctsp.workflow.mixin", "ctsp.owned.mixin"]
    _rec_name = "reason"
    _desk_parent = "rectification_id"
    _desk_states = ("asked",)
    _desk_hidden = ("decided_by",)
    _decision_activity = None
    """xml id of the type of the task to decide on it"""

    rectification_id = fields.Many2one("ctsp.rectification", required=True, index=True, ondelete="restrict")
    institution_id = fields.Many2one(related="rectification_id.institution_id", store=True, index=True)
    issue_number = fields.Integer(
        "Times Issued", compute="_compute_issue_number", store=True, precompute=True, aggregator=None)
    reason = fields.Text("Reasons", required=True)
    reply = fields.Text(readonly=True, copy=False)
    asked_at = fields.Datetime("Asked On", readonly=True, default=fields.Datetime.now, copy=False)
    decided_at = fields.Datetime("Decided On", readonly=True, copy=False)
    decided_by = fields.Many2one("res.users", readonly=True, copy=False)

    @api.depends("rectification_id")
    def _compute_issue_number(self):
        """Which issue of the finding it is about: the one that runs when it is asked."""
        for row in self:
            row.issue_number = row.issue_number or row.rectification_id.issue_number

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        for row in rows:
            row._check_in_time()
        return rows

    def _decided(self):
        """Take the decider's task away: it was decided, by whom ever. Superuser: it may be somebody else's."""
        self.sudo().rectification_id.activity_unlink([self._decision_activity])

    def _check_in_time(self):
        """Raise when the rectification is not with the institution any more, or its time limit has passed."""
        item = self.rectification_id.sudo()  # its state and date are no secret to whoever asks
        if item.state not in WITH_INSTITUTION or item.date_due < clock.today():
            raise UserError(self.env._(
                "This can be asked for only before the due date (%(due)s) and before the answer is handed in.",
                due=item.date_due))
