import logging

from odoo import models
from odoo.exceptions import AccessDenied
from odoo.tools import SQL

from ..tools.context import UserContext
from ..tools.refusal import SignInRefused

_logger = logging.getLogger(__name__)


DIGESTED = r"^\$[^$]+\$[^$]+\$."  # as in core


class ResUsers(models.Model):
    """Password verifiers: Argon2id under a key outside the database (``tools.verifier``), bound to their user."""

    _inherit = "res.users"

    def init(self):
        """Core would take a password in clear that was put in by SQL for a wish, and make a genuine verifier of it."""
        self.env.cr.execute(SQL(
            "UPDATE res_users SET password = NULL WHERE password !~ %s RETURNING id, login", DIGESTED))
        for user_id, login in self.env.cr.fetchall():
            _logger.error("a password in clear was in the database and has been emptied: %s", login)
            self.env["ctsp.audit.port"]._log("account", self.browse(user_id), action="emptied", account=login)
        return super().init()

    def _crypt_context(self):  # pylint: disable=missing-return
        """Core asks the empty model for the user who signs in, a record for itself. Not cached: bound to the user."""
        return UserContext(self.env, self.id if len(self) == 1 else self.env.uid)

    def _set_password(self):
        for user in self:
            password = user.password  # gone from the cache once its verifier is written
            user._set_encrypted_password(user.id, user._crypt_context().hash(password))
            user._note_password(password)

    def _login(self, credential, user_agent_env):
        """Spend as much time on an account that does not exist as on one that does; other ways in begin elsewhere."""
        if credential.get("type") not in self._sign_in_kinds():
            self._audit()._log_failure("sign_in", who=str(credential.get("login"))[:64], reason="kind")
            raise AccessDenied()
        # a list of logins finds an account as well, under another name for each try: nobody would ever be locked
        if not all(isinstance(credential.get(name) or "", str) for name in ("login", "password")):
            self._audit()._log_failure("sign_in", who=str(credential.get("login"))[:64], reason="form")
            raise AccessDenied()
        try:
            return super()._login(credential, user_agent_env)
        except SignInRefused:
            raise
        except AccessDenied:
            if credential.get("type") == "password" and not self._is_account(credential["login"]):
                self._crypt_context().spend(credential.get("password") or "")
            raise

    def _sign_in_kinds(self):
        """Return what a sign-in begins with; one-time codes are asked for afterwards."""
        return "password", "certificate", "gateway"

    def _is_account(self, login):
        # sudo: nobody is signed in yet
        return bool(self.sudo().search_count(self._get_login_domain(login), limit=1))

    def _wrap_old_verifiers(self):
        """Bring stock digests under the key without knowing the passwords; the next sign-in makes them Argon2id."""
        self.env.cr.execute(SQL(
            "SELECT id, password FROM res_users WHERE id IN %s AND password IS NOT NULL", self._ids or (0,)))
        for user_id, text in self.env.cr.fetchall():
            if wrapped := self.browse(user_id)._crypt_context().wrap(text):
                self._set_encrypted_password(user_id, wrapped)
        self.env.registry.clear_cache()  # session tokens are made of them
