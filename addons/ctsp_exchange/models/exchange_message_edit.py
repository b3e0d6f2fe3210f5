from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.ctsp_crypto.fields import EncryptedText

from ..tools.reply import Refused


class ExchangeMessageEdit(models.TransientModel):
    """Edits a message and sends it again, or gives messages up; with a reason that stays with them."""

    _name = "ctsp.exchange.message.edit"
    _description = "Deal with Messages by Hand"
    _inherit = ["ctsp.encrypted.mixin"]

    message_ids = fields.Many2many("ctsp.exchange.message", readonly=True)
    kind = fields.Selection([("edit", "Edit and Send Again"), ("cancel", "Give Up")], required=True)
    payload = EncryptedText("Content", purpose="exchange.data")
    reason = fields.Char(required=True)

    def action_apply(self):
        self.ensure_one()
        messages = self.message_ids
        messages._check_steward()
        if self.kind == "cancel":
            messages._given_up(self.reason)
        else:
            try:
                for message in messages:
                    message._edited(self.payload or "", self.reason)
            except Refused as refusal:
                raise UserError(refusal.message) from None
        self.payload = False
        return {"type": "ir.actions.act_window_close"}
