from odoo import fields, models


class FilingAttachment(models.Model):
    """A document handed in with a filing. Fixed, with its SM3 digest, once the filing is handed in."""

    _name = "ctsp.filing.attachment"
    _description = "Attachment of a Filing"
    _inherit = ["ctsp.part.mixin", "ctsp.file.mixin", "ctsp.filing.remarked.mixin"]
    _order = "kind_id, id"
    _desk_parent = "filing_id"
    _desk_fields = ("kind_id", "data", "file_name", "note")
    _integrity_fields = {1: ("filing_id", "kind_id", "note", "file_name", "digest")}

    filing_id = fields.Many2one("ctsp.filing", required=True, index=True, ondelete="cascade")
    filing_state = fields.Selection(related="filing_id.state", string="State of the Filing")
    kind_id = fields.Many2one("ctsp.filing.attachment.kind", "Document", required=True, ondelete="restrict", index=True)
    note = fields.Char()
