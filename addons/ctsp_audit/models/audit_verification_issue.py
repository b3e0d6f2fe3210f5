from odoo import api, fields, models


class AuditVerificationIssue(models.Model):
    """What a verification found: the row and, where one was changed, the column."""

    _name = "ctsp.audit.verification.issue"
    _description = "Finding of a Verification"
    _order = "id"

    verification_id = fields.Many2one("ctsp.audit.verification", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(
        [("altered", "Altered"), ("missing", "Row Gone"), ("added", "Row Put In"), ("unsealed", "Not Sealed in Time"),
         ("seal", "Seal Altered"),
         ("cut", "End Cut Off"), ("checkpoint", "Checkpoint Unreadable")], required=True, readonly=True)
    log_id = fields.Many2one("ctsp.audit.log", string="Row", readonly=True)
    log_number = fields.Char("Row Number", readonly=True)
    column = fields.Char(readonly=True)
    column_label = fields.Char("What", compute="_compute_column_label")
    seal_number = fields.Integer("Seal", readonly=True)

    @api.depends("column")
    def _compute_column_label(self):
        log = self.env["ctsp.audit.log"]
        for issue in self:
            field = log._fields.get(issue.column) if issue.column else None
            issue.column_label = field._description_string(self.env) if field else issue.column
