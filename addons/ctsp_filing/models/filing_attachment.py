from odoo import api, fields, models
from odoo.exceptions import UserError

from .filing_line_mixin import OPEN_STATES


class FilingAttachment(models.Model):
    """A document handed in with a filing. Fixed, with its SM3 digest, once the filing is handed in."""

    _name = "ctsp.filing.attachment"
    _description = "Attachment of a Filing"
    _inherit = ["ctsp.file.mixin"]
    _order = "kind_id, id"
    _desk_parent = "filing_id"
    _desk_fields = ("kind_id", "data", "file_name", "note")

    filing_id = fields.Many2one("ctsp.filing", required=True, index=True, ondelete="cascade")
    filing_state = fields.Selection(related="filing_id.state", string="State of the Filing")
    kind_id = fields.Many2one("ctsp.filing.attachment.kind", "Document", required=True, ondelete="restrict", index=True)
    note = fields.Char()

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._check_open()
        return rows

    def write(self, vals):
        self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        self._check_open()

    def _check_open(self):
        """Refuse to touch what has been handed in, whoever asks (superuser: migrations only)."""
        if not self.env.su and any(row.filing_id.state not in OPEN_STATES for row in self):
            raise UserError(self.env._("The filing has been handed in: its attachments are fixed."))
