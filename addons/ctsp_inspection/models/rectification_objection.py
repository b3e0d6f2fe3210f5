from odoo import api, fields, models
from odoo.tools import LazyTranslate

from odoo.addons.ctsp_base.tools.workflow import Transition, Workflow

from .rectification_workflow import DECIDER

_lt = LazyTranslate(__name__)


class RectificationObjection(models.Model):
    """The institution objects to a finding; a reviewer or leader upholds it (the finding is dropped) or not."""

    _name = "ctsp.rectification.objection"
    _description = "Objection to a Finding"
    _inherit = ["ctsp.rectification.request.mixin", "ctsp.export.mixin"]
    _order = "id desc"
    _desk_fields = ("reason",)
    _decision_activity = "ctsp_inspection.mail_activity_type_objection"
    _workflow = Workflow("asked", (
        Transition("uphold", ("asked",), "upheld", _lt("Uphold: Drop the Finding"), DECIDER, needs_reason=True,
                   access="read", stamp="decided"),
        Transition("overrule", ("asked",), "overruled", _lt("Overrule"), DECIDER, needs_reason=True, access="read",
                   stamp="decided"),
    ))
    _integrity_fields = {1: ("rectification_id", "reason", "reply", "asked_at", "decided_at", "decided_by", "state")}

    state = fields.Selection(
        [("asked", "Raised"), ("upheld", "Upheld"), ("overruled", "Overruled")],
        required=True, default="asked", readonly=True, index=True, copy=False)

    _once = models.Constraint(
        "UNIQUE(rectification_id, issue_number)", "An objection to this finding has been raised already.")

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        for row in rows.sudo():  # the task is somebody else's
            row.rectification_id._ask_deciders(_lt("Decide on the objection"), self._decision_activity)
        return rows

    def _after_uphold(self, reason):
        """The finding falls, and with it what was to be done. Superuser: findings are the engine's."""
        row = self.sudo()
        row.reply = reason
        row._decided()
        item = row.rectification_id
        if item.state != "cancelled":
            item.finding_id.run_transition("drop", reason)
        item._tell(_lt("%(finding)s: the objection was upheld, nothing is to be done"), reason, "success")

    def _after_overrule(self, reason):
        self.sudo().reply = reason  # the decider holds the read right only
        self._decided()
        self.rectification_id._tell(_lt("%(finding)s: the objection was overruled"), reason, "danger")
