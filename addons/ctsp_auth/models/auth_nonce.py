import secrets
import time

from odoo import api, models
from odoo.http import request

from odoo.addons.ctsp_base.tools.digest import sm3

from ..tools import aside, challenge
from ..tools.refusal import SignInRefused

PURPOSE = "auth.mac"
USED = "ctsp.nonces"  # in the environment of a request


class AuthNonce(models.Model):
    """Challenges and what has been answered. A challenge carries a MAC and needs no row; a used nonce gets one."""

    _name = "ctsp.auth.nonce"
    _inherit = ["ctsp.nonce.mixin"]
    _description = "Used Nonce"
    _log_access = False

    @api.model
    def _challenge(self, purpose, host, session):
        """Return ``{"message", "proof"}``: what the holder of a certificate signs, for this host and session only."""
        message = challenge.write(purpose, host, _digest(session), int(time.time()), secrets.token_urlsafe(24))
        batch = self.env["ctsp.crypto"]._mac(PURPOSE, [message.encode()], context="challenge")
        return {"message": message, "proof": f"{batch.version}:{batch.values[0].hex()}"}

    @api.model
    def _answered(self, answer, purpose, host, session):
        """Accept the answer to a challenge of ours, once.

        :raise SignInRefused: not ours, for something else, too late, or answered before
        """
        message = str(answer.get("message", ""))[:512]
        version, _colon, code = str(answer.get("proof", "")).partition(":")
        try:
            row = (message.encode(), bytes.fromhex(code), int(version))
        except ValueError:
            raise self._refused("challenge_forged") from None
        if not all(self.env["ctsp.crypto"]._verify_mac(PURPOSE, [row], context="challenge")):
            raise self._refused("challenge_forged")
        asked = challenge.read(message)
        if (asked.purpose, asked.host, asked.session) != (purpose, host, _digest(session)):
            raise self._refused("challenge_other")
        seconds = self.env["ctsp.parameter"]._get("auth.challenge_seconds")
        if not asked.is_fresh(int(time.time()), seconds):
            raise self._refused("challenge_late")
        self._use(f"challenge:{asked.nonce}", seconds)

    @api.model
    def _use(self, value, seconds):
        """Note that ``value`` was used, whatever becomes of the request; one that Odoo runs again (two transactions
        met) may use it again.

        :raise SignInRefused: it was used before
        """
        with aside.cursor(self.env) as cr:
            fresh = self._keep(value, 2 * seconds, cr)
        mine = request.httprequest.environ.setdefault(USED, set()) if request else set()
        if not fresh and value not in mine:
            raise self._refused("replayed")
        mine.add(value)

    @api.model
    def _refused(self, reason):
        return SignInRefused(self.env._("Sign-in did not succeed. Please try again."), reason=reason)


def _digest(session):
    return sm3(session.encode())[:16]
