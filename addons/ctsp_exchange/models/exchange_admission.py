import base64
import secrets
import time
from contextlib import contextmanager, suppress

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.ctsp_base.tools.address import line
from odoo.addons.ctsp_crypto.tools import machine, rings
from odoo.addons.ctsp_crypto.tools.failure import CryptoFailure, told

from ctsp_crypto.encodings import signatures
from ctsp_crypto.errors import CryptoError, ProviderUnavailable
from ctsp_crypto.material import SymmetricKey
from ctsp_crypto.secret import Secret

from ..tools import hosts, signing
from ..tools.counted import Counted
from ..tools.reply import Refused
from .exchange_credential import SIGN_PURPOSE

REFUSALS = Counted(60)


class ExchangeAdmission(models.Model):
    """Who signed a request, and how ours are signed."""

    _inherit = "ctsp.exchange.credential"

    our_public_key = fields.Text(
        compute="_compute_our_public_key", help="The other system verifies with it what we sign.")

    @api.depends("use", "method")
    def _compute_our_public_key(self):
        """Nothing while keys cannot be asked: the rest of the form is to be seen all the same."""
        ours = self.filtered(lambda one: (one.use, one.method) == ("out", "sm2"))
        self.our_public_key = False
        if ours:
            with suppress(CryptoFailure):
                ours.our_public_key = self._public_key()

    @api.model
    def _admit(self, request, use_domain=()):
        """Return the key that signed ``request`` (:class:`~..tools.http.Request`), superuser.

        Cheap checks come first; the nonce is used up last, in this transaction. Every refusal is logged.

        :param use_domain: which keys may be used at all (a connector's backend, a data set's submitters)
        :raise Refused: see docs/exchange.md
        """
        return self.sudo()._judged("_admitted", request, use_domain)  # sudo: nobody is signed in

    @api.model
    def _expect(self, request, use_domain=()):
        """Return the key that ``request`` names, before its body is read. That it was signed with it, or was not here
        before, is not known yet.

        :raise Refused: what :meth:`_admit` would refuse whatever the body says
        """
        return self.sudo()._judged("_named", request, use_domain)  # sudo: nobody is signed in

    @api.model
    def _judged(self, check, request, use_domain):
        said = None
        try:
            said = signing.read(request.headers)
            return getattr(self, check)(request, said, use_domain)
        except Refused as refusal:
            self._log_refused(request, said, refusal)
            raise

    @api.model
    def _named(self, request, said, use_domain):
        credential = self.search(
            Domain("key", "=", said.key) & Domain("use", "=", "in") & Domain(list(use_domain)), limit=1)
        if credential.state != "active":
            raise Refused("key_unknown")
        if not hosts.within(request.address, credential.addresses):
            raise Refused("address")
        signing.check_time(said, int(time.time() * 1000), self._clock_seconds())
        return credential

    @api.model
    def _clock_seconds(self):
        return 60 * self.env["ctsp.parameter"]._get("exchange.clock_minutes")

    @api.model
    def _admitted(self, request, said, use_domain):
        credential = self._named(request, said, use_domain)
        credential._check_signature(said, request)
        self.env["ctsp.exchange.nonce"]._use(said.key, said.nonce, 2 * self._clock_seconds())
        credential._note_use()
        return credential

    def _check_signature(self, said, request):
        message = signing.text(request.method, request.target, said.timestamp, said.nonce, request.digest)
        with _provider_told():
            if not self._is_signed(message, said.sign):
                # all of it came from the caller: he finds at once what he signed otherwise
                raise Refused(
                    "signature", "签名不正确：请逐字核对 data.signed（按收到的请求得出的待签文本），一致则为密钥有误",
                    signed=message.decode(errors="replace"))

    def _is_signed(self, message, sign):
        """Say whether ``sign`` is of this key over ``message`` (bytes).

        :raise ProviderUnavailable, CryptoFailure: keys cannot be asked
        """
        if self.method == "hmac":
            macs = machine.providers().macs(self._secret_key(), [message])
            return secrets.compare_digest(macs[0].value.hex().encode(), sign.lower().encode())
        return self._sm2_holds(self._their_key(), message, sign)

    @api.model
    def _sm2_holds(self, public_key, message, sign):
        try:
            raw = signatures.read(base64.b64decode(sign, validate=True))
            machine.providers().verify(public_key, message, raw)
        except ProviderUnavailable:
            raise
        except (CryptoError, ValueError):
            return False
        return True

    def _secret_key(self):
        try:
            return SymmetricKey(Secret((self.secret or "").encode()), self.key)
        except CryptoError:  # shorter than a key may be: fits nothing
            raise Refused("signature") from None

    def _note_use(self):
        """To the minute: a busy key is not written with every request."""
        now = fields.Datetime.now()
        if self.last_used_at and (now - self.last_used_at).total_seconds() < 60:
            return
        self.env.cr.execute(SQL(
            """UPDATE ctsp_exchange_credential SET last_used_at = %s WHERE id = (
                   SELECT id FROM ctsp_exchange_credential WHERE id = %s FOR UPDATE SKIP LOCKED)""", now, self.id))
        self.invalidate_recordset(["last_used_at"])

    @api.model
    def _log_refused(self, request, said, refusal):
        # who asks again and again is one row a minute, of this process, that says how often the minute before
        key = said.key if said and refusal.name != "key_unknown" else None
        repeated = REFUSALS.repeated(
            (self.env.cr.dbname, line(request.address), key, refusal.name), time.monotonic())
        if repeated is None:
            return
        detail = {"repeated": repeated} if repeated else {}
        self.env["ctsp.audit.port"]._log_failure(
            "exchange.refused", reason=refusal.name, key=said.key if said else None, target=request.target[:200],
            address=request.address, **detail)

    # ---- our own requests

    def _sign_headers(self, method, target, body):
        """Return the four headers of a request of ours (``use`` is ``out``)."""
        self.ensure_one()
        return signing.headers(
            self.key, method, target, body, int(time.time() * 1000), secrets.token_urlsafe(24), self._sign)

    def _sign(self, message):
        if self.method == "sm2":
            return base64.b64encode(self.env["ctsp.crypto"]._sign(SIGN_PURPOSE, [message]).values[0]).decode()
        with told(self.env):
            return machine.providers().macs(self._secret_key(), [message])[0].value.hex()

    @api.model
    def _public_key(self):
        """Return the public key (PEM) that our SM2 signatures are verified with."""
        with told(self.env), rings.opened(self.env.cr) as ring:
            return ring.public_pem(SIGN_PURPOSE).decode()


@contextmanager
def _provider_told():
    """What the caller of an interface is told when keys cannot be asked."""
    try:
        yield
    except (ProviderUnavailable, CryptoFailure):
        raise Refused("unavailable") from None
