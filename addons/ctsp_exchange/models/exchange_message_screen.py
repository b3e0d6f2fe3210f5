from odoo import models
from odoo.exceptions import AccessError, UserError

from ..tools import moment, strict_json
from ..tools.errors import Final

AGAIN = ("dead", "person", "cancelled", "done")


class ExchangeMessageScreen(models.Model):
    """What the data steward does with messages by hand. Every step is a row in the message's life."""

    _inherit = "ctsp.exchange.message"

    def action_resend(self):
        """Send or apply messages again as they are; the receiver knows them by their number and version."""
        self._check_steward()
        wrong = self.filtered(lambda message: message.state not in AGAIN or (
            message.direction == "in" and message.state == "done"))
        if wrong:
            raise UserError(self.env._("“%(message)s” is not waiting for a person.", message=wrong[0].display_name))
        for message in self:
            message._queue_again("resent")
        return True

    def action_edit(self):
        """Open the dialog that changes the content and sends it again."""
        self.ensure_one()
        self._check_steward()
        return self._dialog(self.env._("Edit and Send Again"), "edit")

    def action_cancel(self):
        """Open the dialog that gives messages up."""
        self._check_steward()
        return self._dialog(self.env._("Give Up"), "cancel")

    def action_same_business(self):
        """Show every message about the same business object, both ways."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ctsp_exchange.ctsp_exchange_message_action")
        return action | {"domain": [("business_id", "=", self.business_id)], "context": {},
                         "display_name": self.business_id}

    def _dialog(self, name, kind):
        return {
            "type": "ir.actions.act_window", "res_model": "ctsp.exchange.message.edit", "target": "new", "name": name,
            "views": [(False, "form")], "context": {
                "default_message_ids": self.ids, "default_kind": kind,
                "default_payload": self.payload_text if kind == "edit" else False}}

    def _check_steward(self):
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group("ctsp_base.group_data_steward")):
            raise AccessError(self.env._("Only a data steward deals with messages by hand."))

    def _queue_again(self, outcome, reason=None, **values):
        """Put one message back into the queue; logged in the name of whoever does it."""
        self.ensure_one()
        if self.sudo().is_unmapped and "payload" not in values:  # sudo: the engine's
            values |= self._mapped_now()
        self.env["ctsp.exchange.try"].sudo()._add(self, outcome, reason=reason, user=self.env.user)
        # sudo: nobody writes messages but the engine; the steward's right was checked
        now = moment.now()
        self.sudo().write({
            "state": "queued", "reason": False, "next_try_at": now, "lease_until": False, "token": False, "tries": 0,
            "deaths": 0, "first_sent_at": False, "done_at": False, **values})
        self._wake()

    def _mapped_now(self):
        """Return what changes when the field mapping, which failed, is done again."""
        own = self.sudo()  # sudo: the engine's
        try:
            data = self.env["ctsp.exchange.mapping"]._mapped(own.type_id, own.contract, own._data())
        except Final as wrong:
            raise UserError(wrong.reason) from None
        return {"payload": strict_json.canonical(data).decode(), "digest": strict_json.digest(data),
                "original": own.payload, "is_unmapped": False}

    def _edited(self, text, reason):
        """Replace the content; what was received or made first is kept beside it."""
        self.ensure_one()
        data = strict_json.read(text.encode())
        contract = self.sudo().type_id._contract(self.contract)  # sudo: what the content must look like
        if contract and (wrong := contract._errors(data)):
            raise UserError(self.env._("Content: %(path)s %(message)s", **wrong[0]))
        own = self.sudo()  # sudo: as in _queue_again
        values = {"original": own.original or own.payload, "payload": strict_json.canonical(data).decode()}
        if self.direction == "out":
            values |= {"digest": strict_json.digest(data), "is_unmapped": False}
        self._queue_again("edited", reason, **values)

    def _given_up(self, reason):
        for message in self:
            if message.state in ("done", "cancelled", "superseded"):
                raise UserError(self.env._("“%(message)s” is finished already.", message=message.display_name))
            self.env["ctsp.exchange.try"].sudo()._add(message, "cancelled", reason=reason, user=self.env.user)
            message.sudo()._finish("cancelled", reason)  # sudo: as above
