"""What Odoo asks about passwords where it expects a passlib context: answered for one user, with the platform's key."""
from contextlib import contextmanager

from odoo.addons.ctsp_crypto.tools.failure import CryptoFailure, CryptoRefused, CryptoUnavailable

from . import verifier
from .refusal import SignInRefused

PURPOSE = "auth.password"


class UserContext:
    """The part of ``passlib.context.CryptContext`` that Odoo uses, bound to a user: a verifier fits its owner only."""

    def __init__(self, env, user_id):
        self.env, self.user_id = env, user_id

    def hash(self, password):
        return verifier.make(password, self.user_id, self._settings(), self._mac)

    def verify(self, password, text):
        """Check a password; a stock digest holds only where the policy still accepts such.

        :raise SignInRefused: it cannot be checked now
        """
        text = text or ""
        if verifier.STOCK.match(text) and self.env["ctsp.parameter"]._get("auth.bare_hashes"):
            text = verifier.wrap(text, self.user_id, self._mac)
        try:
            with self._in_turn():
                return verifier.check(password, text, self.user_id, self._mac, self._settings())
        except (CryptoUnavailable, CryptoRefused):
            raise SignInRefused(
                self.env._("Sign-in is not available at the moment. Please try again."), False, reason="provider",
            ) from None

    def spend(self, password):
        """Do the work of a check for an account that does not exist."""
        with self._in_turn():
            verifier.spend(password, self._settings())

    @contextmanager
    def _in_turn(self):
        try:
            yield
        except verifier.Busy:
            raise SignInRefused(
                self.env._("Too many people are signing in at the moment. Please try again."), False, reason="busy",
            ) from None

    def verify_and_update(self, password, text):
        """Return ``(good, replacement or None)``: older and weaker ones are replaced when right."""
        if not self.verify(password, text):
            return False, None
        if not verifier.outdated(text, self._settings(), self._mac(b"", None)[1]):
            return True, None
        return True, self.hash(password)

    def identify(self, text):
        known = verifier.parse(text) or verifier.STOCK.match(text or "")
        return known.kdf if isinstance(known, verifier.Verifier) else "pbkdf2_sha512" if known else "plaintext"

    def schemes(self):
        return verifier.ARGON, verifier.OLD

    def copy(self):
        return self

    def wrap(self, text):
        return verifier.wrap(text, self.user_id, self._mac)

    def _settings(self):
        return self.env["ctsp.parameter"]._get("auth.argon2")

    def _mac(self, message, key):
        version = int(key) if key else None
        try:
            batch = self.env["ctsp.crypto"]._mac(PURPOSE, [message], version=version)
        except (CryptoUnavailable, CryptoRefused):
            raise
        except CryptoFailure:
            if version is None:
                raise
            raise KeyError(key) from None  # destroyed: what it protected is no password any more
        return batch.values[0], str(batch.version)
