import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ctsp_base.tools.digest import sm3

from ctsp_crypto.encodings import keys as key_forms

from ..tools import moment, proof, strict_json
from ..tools.refusing import Known
from ..tools.reply import Refused

LIMIT = 20 << 20  # bytes of a message; report files go with it
BUSINESS_ID, VERSION = 200, 2**31 - 1
JSON_MEDIA, ENVELOPE_MEDIA = "application/json", "application/ctsp-envelope+json"


class ExchangeIntake(models.AbstractModel):
    """Takes in what other systems send: verified, stored as it came, answered at once; applied afterwards."""

    _name = "ctsp.exchange.intake"
    _description = "Intake of Messages"

    @api.model
    def _take(self, request, body, backend_code, contract, type_code, media):
        """Store the message in ``body`` and return the answer's data.

        :param request: ``tools.http.Request``
        :raise Refused: it was not stored
        """
        backend, credential = self._caller(request, backend_code)
        with Known(credential.key) as known:
            self._check_quota(credential)
            if backend.state != "active":
                raise Refused("paused", retryAfter=60)
            return self._taken(known, backend, credential, request, body, contract, type_code, media)

    @api.model
    def _taken(self, known, backend, credential, request, body, contract, type_code, media):
        kind = backend.type_ids.filtered(lambda one: one.direction == "in" and one.code == type_code)
        agreed = kind._contract(contract) if kind else kind
        if not agreed:
            raise Refused("not_found")
        content = self._content(backend, kind.code, body, media)
        known.read(content)
        self._check_form(content)
        if wrong := agreed._errors(content["data"]):
            raise Refused("invalid", errors=wrong)
        return self._stored(kind, contract, content, body, credential, request)

    @api.model
    def _status(self, request, backend_code, type_code, business_id):
        """Return what became of the versions of a business number."""
        backend, _credential = self._caller(request, backend_code)
        found = self.env["ctsp.exchange.message"].search([
            ("backend_id", "=", backend.id), ("type_id.code", "=", type_code), ("business_id", "=", business_id)])
        if not found:
            raise Refused("not_found")
        return {"messages": [self._answer(message) for message in found]}

    @api.model
    def _caller(self, request, backend_code):
        backend = self.env["ctsp.exchange.backend"].sudo()._by_code(backend_code)  # sudo: nobody is signed in
        credential = self.env["ctsp.exchange.credential"]._admit(request, [("backend_id", "=", backend.id or -1)])
        return backend, credential

    @api.model
    def _check_quota(self, credential):
        """:raise Refused: ``too_many`` messages were stored for this key within a minute"""
        if not credential.minute_messages:
            return
        since = moment.now() - timedelta(minutes=1)
        stored = self.env["ctsp.exchange.message"].search_count(
            [("signed_by", "=", credential.key), ("created_at", ">", since)], limit=credential.minute_messages)
        if stored >= credential.minute_messages:
            raise Refused("too_many", retryAfter=10)

    @api.model
    def _content(self, backend, code, body, media):
        wanted = ENVELOPE_MEDIA if backend.envelope else JSON_MEDIA
        if media != wanted:
            raise Refused("media_type", expected=wanted)
        return strict_json.read(self._opened(backend, code, body) if backend.envelope else body)

    @api.model
    def _opened(self, backend, code, body):
        sender = {backend.envelope_name: key_forms.read_public(backend.envelope_key)}
        seconds = 60 * self.env["ctsp.parameter"]._get("exchange.clock_minutes")
        try:
            opened = self.env["ctsp.envelope"]._open(body, "ctsp", sender.get, seconds)
        except UserError as error:
            raise Refused("signature", str(error)) from None
        if opened.kind != code:
            raise Refused("signature")
        return opened.content

    @api.model
    def _check_form(self, content):
        good = isinstance(content, dict) and isinstance(content.get("data"), (dict, list))
        good = good and type(content.get("version")) is int and 0 < content["version"] <= VERSION
        business_id = content.get("bizId") if good else None
        if not isinstance(business_id, str) or not 0 < len(business_id.strip()) <= BUSINESS_ID:
            raise Refused("form")

    @api.model
    def _stored(self, kind, contract, content, body, credential, request):
        """Write the message, or find that it is there already."""
        messages = self.env["ctsp.exchange.message"]
        digest = strict_json.digest(content["data"])
        business_id, version = content["bizId"].strip(), content["version"]
        known = messages._known(kind, business_id, version)
        if known and known.digest != digest:
            raise Refused("conflict")
        message = known or messages._make(
            kind, business_id, version, content["data"], contract=contract, signed_by=credential.key,
            sent_at=moment.of(content.get("time")),
            received=proof.pack(request, body, content["data"], credential._verifying_key()))
        self.env["ctsp.exchange.try"]._add(
            message, "again" if known else "received", reason=f"SM3 {sm3(body)}",
            request_ref=str(content.get("requestId") or ""))
        return self._answer(message) | {"duplicate": bool(known)}

    @api.model
    def _answer(self, message):
        return {
            "messageId": str(message.id), "bizId": message.business_id, "version": message.version,
            "state": message.state, "reason": message.reason or "",
            "receivedAt": int(message.created_at.timestamp() * 1000),
            "doneAt": int(message.done_at.timestamp() * 1000) if message.done_at else None}

    @api.model
    def _now(self):
        """Return the platform's clock, for other systems to set theirs by."""
        return {"now": int(time.time() * 1000), "date": fields.Datetime.to_string(moment.now())}
