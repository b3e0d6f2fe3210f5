from odoo import api, fields, models


class AuditVerificationIssue(models.Model):
    """What a verification found: the row and, where one was changed, the column."""

    _name = "ctsp.audit.verification.issue"
    _description = "Finding of a Verification"
    _order = "id"

    verification_id = fields.Many2one("ctsp.audit.verification", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(
        [("altered", "Content Changed"), ("missing", "Row Gone"), ("added", "Row Put In"),
         ("unsealed", "Not Sealed in Time"), ("unkeyed", "Without a Key"), ("unproven", "Not to Be Told Here"),
         ("seal", "Seal Changed"), ("cut", "End Cut Off"), ("checkpoint", "Checkpoint Unreadable"),
         ("archive", "Archive Changed")], required=True, readonly=True)
    log_id = fields.Many2one("ctsp.audit.log", string="Row", readonly=True)
    log_number = fields.Char("Row Number", readonly=True)
    column = fields.Char(readonly=True)
    column_label = fields.Char("What", compute="_compute_column_label")
    seal_number = fields.Integer("Seal", readonly=True)

    @api.depends("column")
    def _compute_column_label(self):
        log = self.env["ctsp.audit.log"]
        others = self._other_labels()
        for issue in self:
            words = (issue.column or "").split()
            names = [log._fields[word]._description_string(self.env) if word in log._fields else others.get(word, word)
                     for word in words]
            issue.column_label = " ".join(names)

    @api.model
    def _other_labels(self):
        """Return labels of what is no column of the log: parts of seals and archives."""
        return {
            "mac": self.env._("Code"), "signature": self.env._("Signature"),
            "previous": self.env._("Link to the seal before"), "digest": self.env._("Digest"),
            "file": self.env._("File"), "seals": self.env._("List of seals"),
            "missing": self.env._("Missing in the file"),
        }
