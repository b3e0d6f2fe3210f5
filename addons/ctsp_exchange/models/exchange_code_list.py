from odoo import fields, models


class ExchangeCodeList(models.Model):
    """What one side's codes are called by the other. Used by field mappings."""

    _name = "ctsp.exchange.code.list"
    _description = "Code Translation"
    _inherit = ["ctsp.cached.mixin"]
    _order = "backend_id, name"
    _audit_what = "write"
    _integrity_fields = {1: ("backend_id", "otherwise")}

    name = fields.Char(required=True, translate=True)
    backend_id = fields.Many2one("ctsp.exchange.backend", "System", index="btree_not_null", ondelete="cascade")
    otherwise = fields.Char("For All Other Codes", help="Empty: a code that is not in the list is an error.")
    code_ids = fields.One2many("ctsp.exchange.code", "list_id", "Codes", copy=True)
    note = fields.Char()

    def _codes(self):
        """Return ``{source: target}``."""
        return {code.source: code.target or "" for code in self.code_ids}
