from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PersonGcp(models.Model):
    """A certificate of training in good clinical practice."""

    _name = "ctsp.person.gcp"
    _description = "GCP Training"
    _inherit = ["ctsp.copy.mixin", "ctsp.owned.mixin"]
    _order = "date desc, id desc"
    _rec_name = "certificate_no"
    _owner_path = "person_id.institution_id.partner_id"
    _version_path = "person_id.institution_id"
    _version_skip = ("person_id",)

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
