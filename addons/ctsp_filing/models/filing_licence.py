from odoo import api, fields, models


class FilingLicence(models.Model):
    """A licence as a filing proposes it, with a copy."""

    _name = "ctsp.filing.licence"
    _description = "Proposed Licence"
    _inherit = ["ctsp.filing.line.mixin", "ctsp.filing.file.mixin"]
    _rec_name = "number"
    _proposal_fields = ("kind_id", "number", "issuer", "valid_from", "valid_to")
    _proposal_files = {"file": "filename"}
    _desk_fields = ("sequence", "removal", "file", "filename", *_proposal_fields)
    _integrity_fields = {1: ("filing_id", "kind_id", "number", "issuer", "valid_from", "valid_to", "filename")}

    target_id = fields.Many2one(
        "ctsp.licence", "Registered Licence", readonly=True, index="btree_not_null", ondelete="set null")
    kind_id = fields.Many2one(
        "ctsp.dictionary.item", "Licence Kind", required=True, domain="[('dictionary_code', '=', 'licence_kind')]")
    number = fields.Char("Licence No.", required=True)
    issuer = fields.Char("Issued By")
    valid_from = fields.Date()
    valid_to = fields.Date()
    file = fields.Binary("Copy", attachment=True)
    filename = fields.Char("File Name")

    @api.depends("number", "kind_id")
    def _compute_display_name(self):
        for licence in self:
            licence.display_name = " ".join(filter(None, [licence.kind_id.name, licence.number]))
