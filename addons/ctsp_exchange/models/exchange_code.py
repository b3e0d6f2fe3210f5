from odoo import fields, models


class ExchangeCode(models.Model):
    """A code and what it becomes."""

    _name = "ctsp.exchange.code"
    _description = "Code of a Translation"
    _inherit = ["ctsp.cached.mixin"]
    _order = "list_id, sequence, id"
    _rec_name = "source"
    _audit_what = "write"
    _integrity_fields = {1: ("list_id", "source", "target")}

    list_id = fields.Many2one("ctsp.exchange.code.list", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    source = fields.Char("From", required=True)
    target = fields.Char("To")
    note = fields.Char()

    _source_unique = models.Constraint("UNIQUE(list_id, source)", "This code is in the list already.")
