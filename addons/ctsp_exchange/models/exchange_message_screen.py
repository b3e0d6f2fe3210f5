from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools import moment, strict_json
from ..tools.errors import Final

AGAIN = ("dead", "cancelled", "done")


class ExchangeMessageScreen(models.Model):
    """What the data steward does with messages by hand. Every step is a row in the message's life."""

    _inherit = "ctsp.exchange.message"

    def action_resend(self):
        """Send or apply messages again as they are; the receiver knows them by their number and version."""
        self._check_steward()
        self._hold(lambda message: message.state in AGAIN and not (
            message.direction == "in" and message.state == "done"))
        for message in self:
            if message.state == "cancelled" and message._overtaken():
                raise UserError(self.env._(
                    "A newer message than “%(message)s” about the same business object went already.",
                    message=message.display_name))
            if message.sudo().event:  # sudo: the engine's
                message._tell_again()
            else:
                # what arrived once holds nothing back, whatever is said to it the second time
                message._queue_again("resent", **({"order_key": False} if message.state == "done" else {}))
        return True

    def _hold(self, good):
        """Lock the messages as they are now: somebody else, or the engine, may have dealt with them meanwhile."""
        self.env.flush_all()
        self.env.cr.execute(SQL(
            "SELECT id FROM ctsp_exchange_message WHERE id IN %s ORDER BY id FOR UPDATE", tuple(self.ids or [0])),
            log_exceptions=False)
        self.invalidate_recordset()
        if wrong := self.filtered(lambda message: not good(message))[:1]:
            raise UserError(self.env._("“%(message)s” is not waiting for a person.", message=wrong.display_name))

    def _overtaken(self):
        """Return whether a later message of the same business object is done, in a type that keeps an order."""
        return self.type_id.order != "none" and bool(self.search_count([
            ("type_id", "=", self.type_id.id), ("business_id", "=", self.business_id), ("id", ">", self.id),
            ("state", "=", "done")], limit=1))

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
        return action | {"domain": [("related_number", "=", self.business_id)], "context": {},
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
        if self.archived_at:
            raise UserError(self.env._(
                "“%(message)s” was archived when its time was over: it is not sent again.",
                message=self.display_name))
        if self.sudo().is_unmapped and "payload" not in values:  # sudo: the engine's
            values |= self._mapped_now()
        self.env["ctsp.exchange.try"].sudo()._add(self, outcome, reason=reason, user=self.env.user)
        # sudo: nobody writes messages but the engine; the steward's right was checked
        now = moment.now()
        self.sudo().write({
            "state": "queued", "reason": False, "next_try_at": now, "lease_until": False, "token": False, "tries": 0,
            "deaths": 0, "first_sent_at": False, "done_at": False, "receipt_state": False, "receipt_reason": False,
            **values})
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
        # sudo: what the engine notes. What was never made of an event has no content to edit
        self._hold(lambda message: message.state == "dead" and not message.sudo().event)
        data = strict_json.read(text.encode())
        contract = self.sudo().type_id._contract(self.contract)  # sudo: what the content must look like
        if contract and (wrong := contract._errors(data)):
            raise UserError(self.env._("Content: %(path)s %(message)s", **wrong[0]))
        own = self.sudo()  # sudo: as in _queue_again
        values = {"original": own.original or own.payload, "payload": strict_json.canonical(data).decode()}
        if self.direction == "out":  # what is sent anew is another version
            values |= {"digest": strict_json.digest(data), "is_unmapped": False, "version": self._next_version()}
        self._queue_again("edited", reason, **values)

    def _next_version(self):
        """Return a version above all that this business number has."""
        highest = self.sudo().search([  # sudo: as above
            ("type_id", "=", self.type_id.id), ("business_id", "=", self.business_id)], order="version desc", limit=1)
        self.env.cr.execute(SQL("SELECT nextval('ctsp_exchange_version')"))
        return max(self.env.cr.fetchone()[0], highest.version + 1)

    def _given_up(self, reason):
        self._hold(lambda message: message.state not in ("done", "cancelled", "superseded"))
        for message in self:
            self.env["ctsp.exchange.try"].sudo()._add(message, "cancelled", reason=reason, user=self.env.user)
            message.sudo()._finish("cancelled", reason)  # sudo: as above
