import secrets
import time

from odoo import SUPERUSER_ID, api, models
from odoo.http import request
from odoo.tools import SQL

from odoo.addons.ctsp_auth.tools import aside
from odoo.addons.ctsp_auth.tools.refusal import SignInRefused
from odoo.addons.ctsp_crypto.tools.failure import CryptoFailure
from odoo.addons.ctsp_exchange.tools import client, moment, strict_json
from odoo.addons.ctsp_exchange.tools.errors import ExchangeError
from odoo.addons.ctsp_exchange.tools.reply import Refused

from ctsp_crypto.errors import ProviderUnavailable

from ..tools import ticket as form
from .app_person import METHOD

BACKEND = "app"
SLOTS = 7_202_661  # of pg_try_advisory_xact_lock: questions to the APP under way
KEPT = 600  # seconds a used ticket is remembered, longer than any ticket lives


class AppTicket(models.AbstractModel):
    """A ticket that the APP gave to one of its people: good once, worth what the APP's server says about it.

    The question is signed by us, the answer by the APP over our nonce and the ticket's digest: nobody between, and no
    older answer, can name somebody else.
    """

    _name = "ctsp.app.ticket"
    _description = "Ticket of the Mobile APP"

    @api.model
    def _label(self, ticket):
        """Return what failures of a ticket are counted under: nobody else is locked out by them."""
        return f"ticket {form.digest(str(ticket))[:16]}"

    @api.model
    def _redeemed(self, ticket):
        """Return what the APP's server says about the holder of ``ticket``.

        :raise SignInRefused: no ticket, used before, not the APP's, or the APP cannot be asked
        """
        if not form.FORM.fullmatch(ticket):
            raise self._refused("app_form", counted=True)
        backend = self._backend()
        self.env["ctsp.auth.nonce"]._use(f"app:{form.digest(ticket)}", KEPT)
        self._take_slot(backend)
        nonce = secrets.token_urlsafe(24)
        outcome = client.ask(self._question(backend, ticket, nonce))
        self._note(backend, outcome)
        if outcome.kind == "final":
            raise self._refused("app_ticket", counted=True, said=outcome.said)
        if outcome.kind != "ok":
            raise self._refused("app_down", said=outcome.reason)
        return self._believed(backend, outcome.answer.get("data"), ticket, nonce)

    @api.model
    def _backend(self):
        backend = self.env["ctsp.exchange.backend"]._by_code(BACKEND)
        if not backend.active or backend.state != "active" or not backend.url:
            raise self._refused("app_off")
        if backend.open_until and backend.open_until > moment.now():
            raise self._refused("app_down", said="rests")
        return backend

    @api.model
    def _take_slot(self, backend):
        """Let only so many processes wait for the APP at once: the others serve those who are signed in."""
        for number in range(backend.parallel):
            self.env.cr.execute(SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", SLOTS, number))
            if self.env.cr.fetchone()[0]:
                return
        raise self._refused("busy")

    @api.model
    def _question(self, backend, ticket, nonce):
        body = strict_json.canonical({
            "ticket": ticket, "nonce": nonce, "platform": "ctsp", "time": int(time.time() * 1000),
            "host": request.httprequest.host if request else ""})
        try:
            return backend._signed(self.env["ctsp.parameter"]._get("app.ticket_path"), body)
        except (ExchangeError, ValueError):
            raise self._refused("app_off") from None

    @api.model
    def _believed(self, backend, data, ticket, nonce):
        """Return what was said, once its signature holds and it answers our question."""
        data = data if isinstance(data, dict) else {}
        assertion, key, sign = (str(data.get(name) or "") for name in ("assertion", "key", "sign"))
        credential = self.env["ctsp.exchange.credential"].sudo().search([  # sudo: nobody is signed in yet
            ("backend_id", "=", backend.id), ("use", "=", "in"), ("key", "=", key), ("state", "=", "active")], limit=1)
        try:
            holds = credential and credential._is_signed(form.signed_text(assertion), sign)
        except (ProviderUnavailable, CryptoFailure):
            raise self._refused("provider") from None
        except Refused:  # a key too short to be one
            holds = False
        if not holds:
            raise self._refused("app_signature", counted=True)
        try:
            return form.read(assertion, ticket, nonce, int(time.time() * 1000))
        except form.Unreadable as wrong:
            raise self._refused(f"app_{wrong.args[0]}", counted=True) from None

    @api.model
    def _note(self, backend, outcome):
        """Note how the line does, whatever becomes of this sign-in; a process that is at it already notes enough."""
        if outcome.kind == "ok" and not backend.failures:
            return
        with aside.cursor(self.env) as cr:
            line = self.with_env(self.env(cr=cr, user=SUPERUSER_ID)).env["ctsp.exchange.line"].browse(
                backend.line_ids.id)
            cr.execute(SQL("SELECT id FROM ctsp_exchange_line WHERE id = %s FOR UPDATE SKIP LOCKED", line.id))
            if not cr.rowcount:
                return
            if outcome.kind == "line":
                line._failed(moment.now(), outcome.after)
            elif outcome.kind != "retry":
                line._succeeded()

    @api.model
    def _refused(self, reason, counted=False, **detail):
        words = {
            "app_down": self.env._("The APP's server does not answer. Please try again in a moment."),
            "app_off": self.env._("Sign-in from the APP is not set up. Please ask the administrator."),
            "busy": self.env._("Many people are signing in at this moment. Please try again."),
        }
        text = words.get(reason) or self.env._(
            "The entry from the APP is not valid or was used before. Please go back to the APP and enter again.")
        return SignInRefused(text, counted, method=METHOD, reason=reason, **detail)
