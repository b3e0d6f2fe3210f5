from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class Licence(models.Model):
    """A licence of an institution, e.g. the practising licence, with its validity and a copy."""

    _name = "ctsp.licence"
    _description = "Licence"
    _inherit = ["ctsp.copy.mixin", "ctsp.owned.mixin", "ctsp.export.mixin", "ctsp.import.mixin"]
    _order = "valid_to, id"
    _rec_names_search = ["number"]
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
    expiry_state = fields.Selection(
        [("valid", "Valid"), ("expiring", "Expiring Soon"), ("expired", "Expired"), ("open", "No End Date")],
        compute="_compute_expiry_state", search="_search_expiry_state", string="Expiry")
    days_left = fields.Integer(compute="_compute_expiry_state", aggregator=None)

    @api.depends("number", "kind_id")
    def _compute_display_name(self):
        for licence in self:
            licence.display_name = " ".join(filter(None, [licence.kind_id.name, licence.number]))

    def _warning_day(self):
        """Return the last day that still counts as “soon” (parameter ``licence.expiry_warning_days``)."""
        days = self.env["ctsp.parameter"]._get("licence.expiry_warning_days")
        return fields.Date.context_today(self) + timedelta(days=days)

    @api.depends("valid_to")
    @api.depends_context("tz")
    def _compute_expiry_state(self):
        today = fields.Date.context_today(self)
        soon = self._warning_day()
        for licence in self:
            end = licence.valid_to
            licence.days_left = (end - today).days if end else 0
            if not end:
                licence.expiry_state = "open"
            elif end < today:
                licence.expiry_state = "expired"
            else:
                licence.expiry_state = "expiring" if end <= soon else "valid"

    def _search_expiry_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today, soon = fields.Date.context_today(self), self._warning_day()
        domains = {
            "open": Domain("valid_to", "=", False),
            "expired": Domain("valid_to", "<", today),
            "expiring": Domain("valid_to", ">=", today) & Domain("valid_to", "<=", soon),
            "valid": Domain("valid_to", ">", soon),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.constrains("valid_from", "valid_to")
    def _check_dates(self):
        for licence in self:
            if licence.valid_from and licence.valid_to and licence.valid_from > licence.valid_to:
                raise ValidationError(self.env._(
                    "Licence %(number)s: “Valid To” lies before “Valid From”.", number=licence.number))
