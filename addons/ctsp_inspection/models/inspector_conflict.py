from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.ctsp_crypto.fields import EncryptedChar


class InspectorConflict(models.Model):
    """A standing conflict of interest of an inspector with an institution (回避情形), with its period.

    Source: 药品检查管理办法（试行）, duty to declare and withdraw. What it is about in detail is personal data.
    """

    _name = "ctsp.inspector.conflict"
    _description = "Conflict of Interest of an Inspector"
    _inherit = ["ctsp.inspector.own.mixin", "ctsp.personal.mixin", "ctsp.encrypted.mixin"]
    _order = "institution_id, date_from desc, id"
    _rec_name = "kind"
    _personal_fields = {"note": "text"}
    _integrity_fields = {1: ("inspector_id", "institution_id", "kind", "date_from", "date_to", "note")}
    _own_fixed = ("inspector_id", "institution_id")

    inspector_id = fields.Many2one(
        "ctsp.inspector", required=True, index=True, ondelete="cascade",
        default=lambda self: self.env["ctsp.inspector"]._mine())
    institution_id = fields.Many2one("ctsp.institution", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(
        [("employer", "Works or Worked There"), ("family", "Relative Works There"),
         ("investigator", "Relation to an Investigator"), ("interest", "Economic Interest"), ("other", "Other Reason")],
        required=True, default="employer")
    date_from = fields.Date("From")
    date_to = fields.Date("To", help="Empty: until further notice")
    note = EncryptedChar("Details")

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for row in self:
            if row.date_from and row.date_to and row.date_to < row.date_from:
                raise ValidationError(self.env._(
                    "Conflict of %(inspector)s: “To” lies before “From”.", inspector=row.inspector_id.name))
