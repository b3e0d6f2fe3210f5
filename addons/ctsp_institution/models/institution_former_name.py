from odoo import api, fields, models
from odoo.exceptions import ValidationError


class InstitutionFormerName(models.Model):
    """A name the institution used before, with the days it was valid."""

    _name = "ctsp.institution.former.name"
    _description = "Former Name"
    _inherit = ["ctsp.versioned.mixin", "ctsp.owned.mixin", "ctsp.import.mixin"]
    _order = "date_to desc, id desc"
    _owner_path = "institution_id.partner_id"
    _import_part_of = "ctsp.institution"
    _import_keys = (("institution_id", "name"),)
    _import_fields = ("institution_id", "name", "date_from", "date_to")
    _import_headers = {"institution_id": ("现用名", "现名称"), "name": ("原名称", "更名前名称")}
    _version_skip = ("institution_id",)

    institution_id = fields.Many2one("ctsp.institution", required=True, index=True, ondelete="cascade")
    name = fields.Char("Former Name", required=True)
    date_from = fields.Date("Used From")
    date_to = fields.Date("Used Until")

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for row in self:
            if row.date_from and row.date_to and row.date_from > row.date_to:
                raise ValidationError(self.env._(
                    "Former name “%(name)s”: “Used Until” lies before “Used From”.", name=row.name))
