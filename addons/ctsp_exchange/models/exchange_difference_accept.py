from odoo import fields, models


class ExchangeDifferenceAccept(models.TransientModel):
    """Says why a difference may stay."""

    _name = "ctsp.exchange.difference.accept"
    _description = "Accept a Difference"

    difference_ids = fields.Many2many("ctsp.exchange.difference", readonly=True)
    reason = fields.Char(required=True)

    def action_accept(self):
        self.ensure_one()
        self.difference_ids._accepted(self.reason)
        return {"type": "ir.actions.act_window_close"}
