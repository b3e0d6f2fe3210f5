import json
import logging

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.ctsp_base.tools.language import in_record_language

from ..tools.errors import ExchangeError, Final
from ..tools.pump import CONFLICTS

_logger = logging.getLogger(__name__)


class OutboxMixin(models.AbstractModel):
    """The outbox port, connected: a business event becomes the messages that its subscriptions make of it."""

    _inherit = "ctsp.outbox.mixin"

    def _outbox_emit(self, event, payload=None):
        super()._outbox_emit(event, payload)
        kinds = self.env["ctsp.exchange.subscription"]._types(event)
        for kind in self.env["ctsp.exchange.type"].sudo().browse(kinds):  # sudo: whoever makes the business step
            kind._emit(self, event, payload)


class ExchangeTypeOutbox(models.Model):
    """How messages of a type are written within a business transaction."""

    _inherit = "ctsp.exchange.type"

    def _emit(self, records, event, facts):
        """Write what the handler makes of an event. What goes wrong becomes a dead letter, never an error of the step.

        :return: the messages
        """
        self.ensure_one()
        made = self.env["ctsp.exchange.message"]
        self.env.flush_all()  # what cannot be saved or protected is the step's failure, not this message's
        try:
            with self.env.cr.savepoint():
                # superuser: what another system is told does not depend on who made the step
                source = in_record_language(records.sudo())
                for outgoing in self._handler()._payloads(source, event, facts):
                    made |= self._write_out(outgoing)
        except CONFLICTS:
            raise  # the whole step is tried again
        except ExchangeError as error:
            return self._bury(records, event, facts, error.reason)
        except Exception as error:
            _logger.info("no message could be written for %s", event, exc_info=True)
            return self._bury(records, event, facts, f"{type(error).__name__}: {error}"[:500])
        return made

    def _write_out(self, *outgoings):
        """Write messages to be sent, in this transaction."""
        message = self.env["ctsp.exchange.message"]
        made = message._make_all(self, [self._out_row(outgoing) for outgoing in outgoings])
        message._link_all([(one, outgoing.records) for one, outgoing in zip(made, outgoings, strict=True)
                           if outgoing.records])
        return made

    def _out_row(self, outgoing):
        contract, data, values = self.backend_id.contract, outgoing.data, {}
        if outgoing.order:
            values["order_key"] = f"{self.backend_id.code}:{outgoing.order}"
        try:
            data = self.env["ctsp.exchange.mapping"]._mapped(self, contract, data)
        except Final as wrong:
            values |= {"state": "dead", "reason": wrong.reason, "is_unmapped": True}
        return outgoing.business_id, outgoing.version, data, {"contract": contract, "is_bulk": outgoing.bulk, **values}

    def _bury(self, records, event, facts, reason):
        """Keep an event that no message could be made of where people see it."""
        text = self.env._("No message could be made of “%(event)s”: %(reason)s", event=event, reason=reason)
        data = {"event": event, "facts": facts, "model": records._name, "ids": records.ids}
        message = self.env["ctsp.exchange.message"]._make(
            self, f"{event}:{','.join(map(str, records.ids[:5]))}", None, json.loads(json.dumps(data, default=str)),
            contract=self.backend_id.contract, state="dead", reason=text, event=event)
        message._link(records)
        return message


class ExchangeSend(models.Model):
    """Messages without an event."""

    _inherit = "ctsp.exchange.message"

    def _tell_again(self):
        """Make the messages that could not be made of an event, of the records as they are now, in this one's place.

        :raise UserError: it still cannot be told
        """
        said = self._data()
        records = self.env[said["model"]].sudo().browse(said["ids"]).exists()  # sudo: as in _emit
        kind = self.sudo().type_id  # sudo: as in _emit
        made = kind._emit(records, said["event"], said["facts"]) if records else self.browse()
        if made.filtered("event"):
            raise UserError(made[0].reason)
        self.env["ctsp.exchange.try"].sudo()._add(self, "resent", user=self.env.user)  # sudo: the engine's
        self.sudo()._finish("superseded", self.env._("It was told anew."))  # sudo: as above

    @api.model
    def _send(self, type_code, backend_code, *outgoings):
        """Write messages to be sent after the commit; return them, none where the system has no such type."""
        kind = self.env["ctsp.exchange.type"].sudo().search([  # sudo: engines and handlers send
            ("code", "=", type_code), ("direction", "=", "out"), ("backend_id.code", "=", backend_code)], limit=1)
        return kind._write_out(*outgoings) if kind else self
