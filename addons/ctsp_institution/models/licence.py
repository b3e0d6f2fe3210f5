
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class Licence(models.Model):
    """A licence of an institution, e.g. the practising licence, with its validity and a copy."""

    _name = "ctsp.licence"
    _description = "Licence"
    _inherit = ["ctsp.expiry.mixin", "ctsp.copy.mixin", "ctsp.owned.mixin", "ctsp.export.mixin", "ctsp.import.mixin"]
    _order = "valid_to, id"
    _rec_names_search = ["number"]
    _expiry_parameter = "licence.expiry_warning_days"
    _owner_path = "institution_id.partner_id"
    _import_keys = (("institution_id", "kind_id", "number"),)
    _import_fields = ("institution_id", "kind_id", "number", "issuer", "valid_from", "valid_to")
    _import_headers = {
        "kind_id": ("证照类型", "证书种类", "证照名称"), "number": ("证号", "许可证号", "证书编号", "登记号"),
    }
    _version_skip = ("institution_id",)
    _integrity_fields = {1: ("institution_id", "kind_id", "number", "issuer", "valid_from", "valid_to", "active")}

    institution_id = fields.Many2one("ctsp.institution", required=True, index=True, ondelete="cascade")
    kind_id = fields.Many2one(
        "ctsp.dictionary.item", "Licence Kind", required=True, domain="[('dictionary_code', '=', 'licence_kind')]")
    number = fields.Char("Licence No.", required=True)
    issuer = fields.Char("Issued By")
    valid_from = fields.Date()
    valid_to = fields.Date(index=True)
    active = fields.Boolean(default=True)

    @api.depends("number", "kind_id")
    def _compute_display_name(self):
        for licence in self:
            licence.display_name = " ".join(filter(None, [licence.kind_id.name, licence.number]))

    @api.constrains("valid_from", "valid_to")
    def _check_dates(self):
        for licence in self:
            if licence.valid_from and licence.valid_to and licence.valid_from > licence.valid_to:
                raise ValidationError(self.env._(
                    "Licence %(number)s: “Valid To” lies before “Valid From”.", number=licence.number))
