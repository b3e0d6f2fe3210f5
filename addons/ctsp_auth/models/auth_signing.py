import base64
from datetime import UTC, datetime

from odoo import api, models
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import SQL

from odoo.addons.ctsp_crypto.tools import machine

from ctsp_crypto.certificates import Certificate
from ctsp_crypto.encodings import signatures
from ctsp_crypto.errors import CryptoError, EncodingError, ProviderUnavailable

from ..tools import signing
from ..tools.signing import SignatureWanted

ANSWER, MARK, INTENT = "ctsp_signature", "ctsp_signing", "ctsp_signing_intent"
UNASKED = "ctsp_unasked"  # work on many records: nobody is asked under each
UNDER_WAY = object()  # what the mark says: nobody can send it from outside
MOMENTS = ("date", "datetime")


class WorkflowMixin(models.AbstractModel):
    """A step that binds is signed by whoever makes it, with his own certificate, where he has one or his role asks."""

    _inherit = "ctsp.workflow.mixin"

    def run_transition(self, code, reason=None):
        engine = self.env["ctsp.auth.signing"]
        if self.env.su or self.env.context.get(MARK) is UNDER_WAY or not engine._is_wanted(self, code):
            return super().run_transition(code, reason)
        before, intent = engine._values(self), engine._intent(self)
        worker = self.with_context(**{MARK: UNDER_WAY, ANSWER: None, INTENT: intent})
        result = super(WorkflowMixin, worker).run_transition(code, reason)
        engine._signed(self, code, before, intent.moment)
        return result


class AuthSigning(models.AbstractModel):
    """Asks for the signature under a step, and accepts it.

    The step is made first, so that what is signed is what results; without a signature everything is undone and the
    web client is asked for one (:class:`SignatureWanted`), which it sends with the same call made again. What is made
    may name the certificate (a paper): it is made with the one used last, and made anew for the one that is chosen, so
    that nobody signs twice (an answer that holds a certificate alone asks for that). What does not come from a
    browser, and what an engine does as superuser, bears the system's seal, unless the role asks for more.
    """

    _name = "ctsp.auth.signing"
    _description = "Signing of Steps"

    # ---- whether

    @api.model
    def _is_wanted(self, records, code):
        states = records._integrity_signed.get("state", ())
        if not records or records._transition(code).target not in states:
            return False
        if records._name not in self.env["ctsp.integrity"]._map().models:
            return False
        return self._is_required() or self._is_given() or (
            self._is_offered() and bool(self._certificates() or self._ended()))

    @api.model
    def _is_given(self):
        """Whether somebody signed: that is judged, even where his last certificate was revoked while he did."""
        answer = self.env.context.get(ANSWER)
        return isinstance(answer, dict) and not answer.get("declined")

    @api.model
    def _is_required(self):
        rules = self.env["ctsp.auth.rule"]._signing_groups()
        return not rules.isdisjoint(self.env.user._get_group_ids())

    @api.model
    def _is_offered(self):
        # sudo: the account policy, asked for whoever works; machines and background work are not asked
        return self._comes_from_browser() and not self.env.context.get(UNASKED) \
            and self.env["ctsp.parameter"].sudo()._get("auth.sign_steps")

    @api.model
    def _comes_from_browser(self):
        return bool(request) and request.httprequest.path.startswith("/web/dataset/")

    # ---- what

    @api.model
    def _values(self, records):
        """Return ``{id: {field: text}}`` of what is protected, as the transaction has it now."""
        self.env.flush_all()
        protection = self.env["ctsp.integrity"]._map().models[records._name]
        values = protection.values(self.env, SQL("t.id = ANY(%s)", records.ids))
        return {res_id: {name: row[name] for name in protection.names} for res_id, row in values.items()}

    @api.model
    def _texts(self, records, code, before, moments):
        """Return what is to be signed, a text for each record."""
        latest = self.env["ctsp.integrity"]._latest(records._name, SQL("res_id = ANY(%s)", records.ids))
        after, texts = self._values(records), []
        made = {name for name in records._integrity_fields[max(records._integrity_fields)]
                if name in records._integrity_made or records._fields[name].type in MOMENTS}
        for record, moment in zip(records, moments, strict=True):
            facts = {
                "model": record._name, "id": record.id, "name": record.display_name, "step": code,
                "user": self.env.user.login, "revision": latest[record.id].revision if record.id in latest else 0}
            left_out = {name for name in made if before.get(record.id, {}).get(name) != after[record.id].get(name)}
            texts.append(signing.write(facts, after[record.id], left_out, moment))
        return texts

    # ---- asking and accepting

    @api.model
    def _signed(self, records, code, before, at):
        """Accept the signature that came with the call; ask for one where there is none."""
        answer, required = self.env.context.get(ANSWER), self._is_required()
        if not isinstance(answer, dict):
            answer = {}
        if answer.get("declined") and not required:
            return
        given = [str(text) for text in answer.get("texts") or ()]
        moments = [signing.moment_of(text) for text in given]
        late = signing.now()
        if len(given) != len(records) or not all(signing.is_fresh(moment, late) for moment in moments):
            self._ask(records, code, self._texts(records, code, before, [at] * len(records)), required)
        if self._texts(records, code, before, moments) != given:
            self._ask(records, code, self._texts(records, code, before, [at] * len(records)), required)
        self._accept(records, code, given, answer)

    @api.model
    def _ask(self, records, code, texts, required):
        ended = self._ended()
        if required and ended:
            self._refuse(records, ended.state, ended, certificate=ended.serial)
        if not ended and not self._certificates():
            raise UserError(self.env._(
                "“%(step)s” must be signed with your own certificate, and no certificate in use is bound to your "
                "account. Bind one under “Account Security”, or ask the security administrator.",
                step=records._label(records._transition(code))))
        # sudo: which media there are is no secret of the signed-in user
        options = self.env["ctsp.auth.authority"].sudo()._options() or {"adapters": [], "middleware": ""}
        raise SignatureWanted(
            self.env._("This step is signed with your certificate on the web pages of the platform."), texts=texts,
            required=required, step=records._label(records._transition(code)),
            records=records[:5].mapped("display_name"), count=len(records), certificate=self._set_for(records),
            ended=self._ended_text(ended) if ended else "", **options)

    @api.model
    def _accept(self, records, code, texts, answer):
        """Check certificate, chain, revocation and each signature, and keep them."""
        try:
            certificate = Certificate(base64.b64decode(str(answer.get("certificate") or ""), validate=True))
            given = [signatures.read(base64.b64decode(str(one), validate=True)) for one in answer["signatures"]]
        except (EncodingError, ValueError, KeyError, TypeError):
            self._refuse(records, "unreadable")
        row = self._given(answer)
        if not row:
            ended = self._ended_of(certificate)
            self._refuse(records, ended.state or "not_bound", ended, certificate=certificate.serial_text)
        if problems := self.env["ctsp.auth.authority"]._check(certificate, "sign"):
            self._refuse(records, ",".join(sorted({problem.code for problem in problems})))
        if len(given) != len(texts) or not all(
                row._verifies(text, signature.hex()) for text, signature in zip(texts, given)):
            self._refuse(records, "signature", certificate=row.serial)
        if not self.env["ctsp.crypto"]._accepts_certificate(certificate.der, datetime.now(UTC)):
            self._refuse(records, "service", certificate=row.serial)
        self.env["ctsp.auth.signature"].sudo().create([{  # sudo: checked above; nobody writes signatures himself
            "user_id": self.env.uid, "certificate_id": row.id, "model": records._name, "res_id": record.id,
            "record_name": record.display_name, "step": code, "text": text, "signature": signature.hex(),
            "date": datetime.fromisoformat(signing.moment_of(text)).replace(tzinfo=None),
        } for record, text, signature in zip(records, texts, given)])
        row._note_use()
        self._put_down(records)

    @api.model
    def _put_down(self, records):
        """Have the evidence bear the signatures, also where something in the step had it put down before they came."""
        integrity = self.env(su=True)["ctsp.integrity"]
        integrity._flush_touched(records._name)
        latest = integrity._latest(records._name, SQL("res_id = ANY(%s)", records.ids))
        if early := [res_id for res_id, entry in latest.items() if entry.signer != "user"]:
            integrity._sign_again(records._name, early)

    @api.model
    def _refuse(self, records, reason, ended=None, **detail):
        """Put it into the log and say so; ``ended``: the person's certificate that is no longer his to use."""
        self.env["ctsp.audit.port"]._log_failure("auth.signature", records, reason=reason, **detail)
        if ended:
            raise UserError(self.env._(
                "The signature was not accepted: %(why)s Nothing was changed.", why=self._ended_text(ended)))
        raise UserError(self.env._(
            "The signature was not accepted: check that your key is plugged in and your certificate is valid and bound "
            "to your account. Nothing was changed."))


class AuthCertificate(models.Model):
    """What a bound certificate signed."""

    _inherit = "ctsp.auth.certificate"

    def _verifies(self, text, signature):
        """Say whether ``signature`` (r‖s, hexadecimal) over ``text`` is by the key of this certificate.

        :raise UserError: the provider cannot be asked
        """
        self.ensure_one()
        content = self.sudo().with_context(bin_size=False).content  # sudo: a certificate is public
        try:
            certificate = Certificate(base64.b64decode(content or b""))
            machine.providers().verify(certificate.key.sm2, text.encode(), bytes.fromhex(signature))
        except ProviderUnavailable:
            raise UserError(self.env._("Signatures cannot be checked at the moment. Please try again later.")) from None
        except (CryptoError, ValueError):
            return False
        return True
