from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.ctsp_base.tools import clock


class TrialContract(models.Model):
    """A contract for a trial at one institution: date and amount (合同经费)."""

    _name = "ctsp.trial.contract"
    _description = "Trial Contract"
    _inherit = ["ctsp.owned.mixin", "ctsp.export.mixin", "ctsp.import.mixin"]
    _order = "date desc, id desc"
    _owner_path = "site_id.owner_partner_id"
    _import_part_of = "ctsp.trial.site"
    _import_keys = (("site_id", "name"),)
    _import_fields = ("site_id", "name", "organization_id", "date", "amount", "note")
    _import_scopes = {"site_id": ("trial_id", "institution_id", "specialty_id")}
    _import_by_parts = ("site_id",)
    _import_headers = {
        "name": ("合同号", "合同编号"), "organization_id": ("签约单位", "合同对方"), "date": ("签订时间", "签署日期"),
        "amount": ("合同金额", "合同经费", "金额（元）"),
    }
    _integrity_fields = {1: ("site_id", "name", "organization_id", "date", "amount", "currency_id")}

    site_id = fields.Many2one(
        "ctsp.trial.site", string="Institution in the Trial", required=True, index=True, ondelete="cascade")
    trial_id = fields.Many2one(related="site_id.trial_id", store=True, index=True)
    institution_id = fields.Many2one(related="site_id.institution_id", store=True, index=True)
    name = fields.Char(string="Contract No.", required=True)
    organization_id = fields.Many2one("ctsp.organization", string="With", index=True, ondelete="restrict")
    date = fields.Date(string="Signed", required=True, index=True)
    amount = fields.Monetary(required=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env["ir.model.data"]._xmlid_to_res_id("base.CNY"))
    note = fields.Char()

    _amount_positive = models.Constraint("CHECK(amount >= 0)", "The amount cannot be negative.")

    @api.constrains("date")
    def _check_date(self):
        for contract in self:
            if contract.date > clock.today():
                raise ValidationError(self.env._("Contract %(name)s: signed in the future.", name=contract.name))
