from odoo import fields, models


class AuditAlert(models.Model):
    """An alert about important data leads to its findings."""

    _inherit = "ctsp.audit.alert"

    issue_ids = fields.One2many("ctsp.integrity.issue", "alert_id", "Findings", readonly=True)
    issue_count = fields.Integer("Number of Findings", compute="_compute_issue_count")

    def _compute_issue_count(self):
        counted = dict(self.env["ctsp.integrity.issue"].sudo()._read_group(  # superuser: a number
            [("alert_id", "in", self.ids)], ["alert_id"], ["__count"]))
        for alert in self:
            alert.issue_count = counted.get(alert, 0)
