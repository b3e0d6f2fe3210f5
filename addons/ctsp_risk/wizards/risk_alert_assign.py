from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ctsp_base.tools import clock


class RiskAlertAssign(models.TransientModel):
    """Dialog: who handles the chosen alerts, and by when."""

    _name = "ctsp.risk.alert.assign"
    _description = "Assign Alerts"

    alert_ids = fields.Many2many("ctsp.risk.alert", string="Alerts", required=True)
    user_id = fields.Many2one("res.users", string="Assignee", required=True, domain="[('share', '=', False)]")
    date_deadline = fields.Date(string="Due", required=True, default=lambda self: self._default_date_deadline())

    @api.model
    def _default_date_deadline(self):
        return self.env["ctsp.workday"]._add(clock.today(), 10)

    def action_apply(self):
        """Assign (or reassign) the alerts; the workflow checks the rights."""
        self.ensure_one()
        stuck = self.alert_ids.filtered(lambda alert: alert.state not in ("new", "assigned"))
        if stuck:
            raise UserError(self.env._("“%s” is no longer open; reopen it first.", stuck[0].name))
        self.alert_ids.write({"user_id": self.user_id.id, "date_deadline": self.date_deadline})
        for alert in self.alert_ids:
            alert.run_transition("assign" if alert.state == "new" else "reassign")
        return {"type": "ir.actions.act_window_close"}
