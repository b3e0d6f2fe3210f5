from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import LazyTranslate

from odoo.addons.ctsp_base.tools.workflow import Transition, Workflow

from .rectification_workflow import DECIDER

_lt = LazyTranslate(__name__)


class RectificationExtension(models.Model):
    """The institution asks for more time, once per issue of a finding; a reviewer or leader grants or refuses it.

    Asked for before the due date, by at most ``inspection.rectification_extension_days`` working days.
    """

    _name = "ctsp.rectification.extension"
    _description = "Request for More Time"
    _inherit = ["ctsp.rectification.request.mixin", "ctsp.export.mixin"]
    _order = "id desc"
    _desk_fields = ("reason", "date_wanted")
    _decision_activity = "ctsp_inspection.mail_activity_type_extension"
    _workflow = Workflow("asked", (
        Transition("grant", ("asked",), "granted", _lt("Grant"), DECIDER, access="read", stamp="decided"),
        Transition("refuse", ("asked",), "refused", _lt("Refuse"), DECIDER, needs_reason=True, access="read",
                   stamp="decided"),
        Transition("lapse", ("asked",), "refused", _lt("Lapsed"), automatic=True, stamp="decided"),
    ))
    _integrity_fields = {1: (
        "rectification_id", "reason", "reply", "asked_at", "decided_at", "decided_by", "date_due_before",
        "date_wanted", "state")}

    date_due_before = fields.Date("Due Before", readonly=True)
    date_wanted = fields.Date("New Due Date Wanted", required=True)
    state = fields.Selection(
        [("asked", "Asked"), ("granted", "Granted"), ("refused", "Refused")],
        required=True, default="asked", readonly=True, index=True, copy=False)

    _once = models.Constraint("UNIQUE(rectification_id, issue_number)", "More time can be asked for only once.")

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        for row in rows.sudo():  # the date before is the engine's, the task the leader's
            row.date_due_before = row.rectification_id.date_due
            row.rectification_id._ask_deciders(
                _lt("Decide on the request for more time"), self._decision_activity)
        return rows

    @api.constrains("date_wanted")
    def _check_date_wanted(self):
        """Later than the due date, by no more than the parameter says."""
        for row in self:
            due = row.date_due_before or row.rectification_id.date_due
            most = self.env["ctsp.parameter"]._get("inspection.rectification_extension_days")
            latest = self.env["ctsp.workday"]._add(due, most)
            if not due < row.date_wanted <= latest:
                raise ValidationError(self.env._(
                    "New Due Date Wanted: choose a day after %(due)s and no later than %(latest)s.",
                    due=due, latest=latest))

    def _check_transition(self, transition):
        super()._check_transition(transition)
        if transition.code == "grant" and self.rectification_id.state not in ("waiting", "returned"):
            raise UserError(self.env._("The answer was handed in meanwhile: more time is not needed."))

    def _after_grant(self, reason):
        """The new due date runs from now on. Superuser: dates are the engine's."""
        item = self.sudo().rectification_id
        item.write(item._due_values(item.date_start, max(self.date_wanted, item.date_due)))
        self.env["ctsp.risk.alert"]._resolve(item._settled_alert_keys())
        self.sudo().reply = reason or False
        self._decided()
        item._tell(_lt("%(finding)s: more time was granted, now due %(due)s"), reason, "success", due=item.date_due)

    def _after_refuse(self, reason):
        self.sudo().reply = reason  # the decider holds the read right only
        self._decided()
        item = self.rectification_id
        item._tell(_lt("%(finding)s: more time was refused, still due %(due)s"), reason, "danger", due=item.date_due)

    def _after_lapse(self, reason):
        self._decided()

    def _drop(self):
        """Let open requests lapse: what they are about is settled. Called as superuser."""
        for row in self.filtered(lambda row: row.state == "asked"):
            row.run_transition("lapse")
