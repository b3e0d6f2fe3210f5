import logging
import random
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ctsp_crypto.encodings import keys as key_forms

from ..tools import backoff, client, moment, strict_json
from ..tools.errors import ExchangeError
from ..tools.outgoing import Job
from ..tools.pump import CONFLICTS
from ..tools.reply import Refused
from .exchange_pump import SPARE

_logger = logging.getLogger(__name__)


class ExchangeSender(models.AbstractModel):
    """Sending: what is claimed, how the request looks, what its outcome means."""

    _inherit = "ctsp.exchange.pump"

    @api.model
    def _claim_out(self, wanted):
        """Return up to ``wanted`` jobs, each a request that is ready to go."""
        jobs = []
        now = moment.now()
        for line in self._lines_due(now):
            room = line._room(now, wanted - len(jobs))
            if room <= 0:
                continue
            backend = line.backend_id
            messages = self._take(self._lock_due("out", now, room, backend), now, backend.total_seconds + SPARE)
            line._use(now, len(messages))
            jobs += [self._job(message) for message in messages]
        return jobs

    @api.model
    def _lines_due(self, now):
        """Return the lines of systems for which something is due, locked; those another process looks at left out."""
        self.env.flush_all()
        self.env.cr.execute(SQL(
            """SELECT l.id FROM ctsp_exchange_line l WHERE l.backend_id IN (
                      SELECT DISTINCT m.backend_id FROM ctsp_exchange_message m WHERE %s)
                ORDER BY random() FOR UPDATE OF l SKIP LOCKED""", self._ready("out", now)), log_exceptions=False)
        return self.env["ctsp.exchange.line"].browse([row[0] for row in self.env.cr.fetchall()])

    @api.model
    def _job(self, message):
        """Return the request of ``message``; what keeps one from being prepared keeps no other message waiting."""
        try:
            with self.env.cr.savepoint():
                return Job(message.id, message.token, request=message._request())
        except CONFLICTS:
            raise  # the whole claim is tried again
        except ExchangeError as error:
            outcome = client.Outcome("line", said=error.reason)
        except (UserError, Refused, ValueError) as error:
            outcome = client.Outcome("line", said=str(error)[:500])
        except Exception as error:
            _logger.info("message %s could not be prepared", message.id, exc_info=True)
            outcome = client.Outcome("retry", said=f"{type(error).__name__}: {error}"[:500])
        return Job(message.id, message.token, outcome=outcome)

    @api.model
    def _settle_out(self, message, token, outcome):
        """Write down what became of a request; nothing when another process took the message over meanwhile."""
        if not (message := self._own(message, token)):
            return
        now = moment.now()
        reason = outcome.said if outcome.kind == "final" else self._outcome_text(outcome)
        self.env["ctsp.exchange.try"]._add(
            message, outcome.kind, reason=None if outcome.kind == "ok" else reason, code=outcome.code,
            duration=round(1000 * outcome.duration), status=outcome.status,
            request_ref=str(outcome.answer.get("requestId") or ""))
        line, once = message.backend_id.line_ids, message._goes_once()
        if outcome.kind == "line" and not once:
            line._failed(now, outcome.after)
        elif outcome.kind not in ("line", "retry"):
            line._succeeded()
        if outcome.kind == "ok":
            message._finish("done")
            self._tell_handler(message, outcome.answer)
        elif once:
            message._finish("cancelled", reason)
        elif outcome.kind == "final":
            message._finish("dead", self._final_text(outcome))
        else:
            self._again(message, now, reason, outcome.after)

    @api.model
    def _tell_handler(self, message, answer):
        """What a handler does with an answer must not undo that the message arrived."""
        try:
            with self.env.cr.savepoint():
                message.type_id._handler()._delivered(message, answer)
        except CONFLICTS:
            raise  # settled again
        except ExchangeError as error:
            message.reason = error.reason
        except UserError as error:
            message.reason = str(error)
        except Exception as error:
            _logger.info("the answer to message %s could not be used", message.id, exc_info=True)
            message.reason = f"{type(error).__name__}: {error}"[:500]

    @api.model
    def _again(self, message, now, reason, after=0):
        """Have a message wait for its next try, or give up after a long time."""
        hours = self.env["ctsp.parameter"]._get("exchange.give_up_hours")
        if now - message.first_sent_at > timedelta(hours=hours):
            message._finish("dead", self.env._("Tried for %(hours)s hours in vain: %(reason)s", hours=hours,
                                               reason=reason))
            return
        wait = max(backoff.delay(message.tries, random=random.random), after)
        message.write({
            "state": "queued", "token": False, "lease_until": False, "reason": reason,
            "next_try_at": now + timedelta(seconds=wait)})

    @api.model
    def _outcome_text(self, outcome):
        words = {
            "timeout": self.env._("The other system did not answer in time."),
            "refused": self.env._("The other system cannot be reached."),
            "not_public": self.env._("Its address is not one of the open Internet."),
            "tls": self.env._("The other system's certificate is not accepted."),
            "broken": self.env._("The connection broke off in the middle."),
            "answer_long": self.env._("The answer was longer than any answer should be."),
            "unreadable": self.env._("The answer is not of the agreed form."),
            "key_refused": self.env._("The other system does not accept our key, address or path."),
            "their_error": self.env._("The other system reports an internal error."),
            "busy": self.env._("The other system is busy and asks to wait."),
        }
        text = words.get(outcome.reason, "")
        facts = " ".join(filter(None, (f"HTTP {outcome.status}" if outcome.status else "", outcome.said)))
        return f"{text} {facts}".strip()

    @api.model
    def _final_text(self, outcome):
        return self.env._("The other system refuses the content: %(said)s (%(code)s)",
                          said=outcome.said or self.env._("no reason given"), code=outcome.code or outcome.status)


class ExchangeRequest(models.Model):
    """The request that carries a message."""

    _inherit = "ctsp.exchange.message"

    def _request(self):
        """Return the signed request.

        :raise ExchangeError, ValueError: as :meth:`~.exchange_backend.ExchangeBackend._signed`
        """
        body, media = self._body(), "application/json"
        if self.backend_id.envelope:
            body, media = self._sealed(body), "application/ctsp-envelope+json"
        return self.backend_id._signed(self.type_id.path or self.type_id.code, body, media, self.contract)

    def _goes_once(self):
        """Hook: return whether one try is all; its failure says nothing about the line and holds nobody back."""
        return False

    def _body(self):
        return strict_json.canonical({
            "bizId": self.business_id, "version": self.version, "type": self.type_id.code,
            "time": int(self.created_at.timestamp() * 1000), "data": self._data()})

    def _sealed(self, body):
        """Put ``body`` into an envelope for the other system (``ctsp_auth``)."""
        backend = self.backend_id
        return self.env["ctsp.envelope"]._seal(
            body, "ctsp", backend.envelope_name, key_forms.read_public(backend.envelope_key), self.type_id.code)

    def _finish(self, state, reason=False, **values):
        """End a message: done, dead, superseded, given up, or with a person."""
        self.ensure_one()
        now = moment.now()
        self.write({
            "state": state, "reason": reason, "token": False, "lease_until": False,
            "done_at": now if state in ("done", "superseded", "cancelled") else False,
            "seconds": (now - self.created_at).total_seconds(), **values})
        if self.direction == "out" and state in ("dead", "cancelled"):
            self.type_id._handler()._died(self, reason)
        if self.order_key and state in ("done", "superseded", "cancelled"):
            self._wake()  # the next one of the same business object
