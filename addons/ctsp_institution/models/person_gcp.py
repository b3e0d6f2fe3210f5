from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PersonGcp(models.Model):
    """A certificate of training in good clinical practice."""

    _name = "ctsp.person.gcp"
    _description = "GCP Training"
    _inherit = ["ctsp.copy.mixin", "ctsp.owned.mixin", "ctsp.import.mixin"]
    _order = "date desc, id desc"
    _rec_name = "certificate_no"
    _owner_path = "person_id.institution_id.partner_id"
    _import_part_of = "ctsp.person"
    _import_keys = (("person_id", "certificate_no"),)
    _import_fields = ("person_id", "certificate_no", "issuer", "date", "valid_to")
    _import_scopes = {"person_id": ("institution_id",)}
    _import_headers = {
        "certificate_no": ("GCP证书编号", "GCP证书号", "证书号"), "date": ("GCP培训日期", "培训时间"),
        "issuer": ("培训机构", "培训单位"),
    }
    _version_path = "person_id.institution_id"
    _version_skip = ("person_id",)
    _integrity_fields = {1: ("person_id", "certificate_no", "issuer", "date", "valid_to")}

    person_id = fields.Many2one("ctsp.person", required=True, index=True, ondelete="cascade")
    certificate_no = fields.Char("Certificate No.", required=True)
    issuer = fields.Char("Issued By")
    date = fields.Date("Training Date", required=True)
    valid_to = fields.Date()

    @api.constrains("date", "valid_to")
    def _check_dates(self):
        for row in self:
            if row.valid_to and row.valid_to < row.date:
                raise ValidationError(self.env._(
                    "GCP certificate %(number)s: “Valid To” lies before the training date.", number=row.certificate_no))
