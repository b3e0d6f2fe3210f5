import base64
import re

from odoo import api, models
from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.http import request
from odoo.tools import SQL

from odoo.addons.base.models.res_users import check_identity
from odoo.addons.ctsp_crypto.models.access_control import USER

from ..tools.purpose import CODES
from . import res_users_certificate  # noqa: F401  its check lies below this one: this one says what a second step is
from .auth_rule import STRICTNESS
from .auth_session import METHOD

MARK = "sm4"


class ResUsers(models.Model):
    """Two factors: what a role asks for (``ctsp.auth.rule``), and one-time codes whose secret lies encrypted.

    Built on Odoo's ``auth_totp``. A certificate counts as two factors by itself: the key and its PIN.
    """

    _inherit = "res.users"
    _integrity_fields = {1: USER, 2: (*USER, "totp_secret"), 3: (*USER, "totp_secret", "company_ids")}

    # ---- what is asked for

    def _required_factor(self):
        """Return ``one``, ``two`` or ``certificate``: the strictest rule of the user's roles."""
        rules = self.env["ctsp.auth.rule"]._by_group()
        asked = [rules[group] for group in self._get_group_ids() if group in rules] if rules else []
        return max(asked, key=STRICTNESS.index, default="one")

    def _has_certificate(self):
        # sudo: asked during sign-in
        return bool(self.env["ctsp.auth.certificate"].sudo().search_count(
            [("user_id", "=", self.id), ("state", "=", "active")], limit=1))

    def _owes_factor(self, session):
        """Say whether this session was opened with less than the user's roles ask for."""
        asked = self._required_factor()
        if asked == "one":
            return False
        used = (session.get(METHOD) or "").split("+")
        strong = "certificate" in used or "gateway" in used
        return not (strong or (asked == "two" and "totp" in used))

    def _rpc_api_keys_only(self):
        return super()._rpc_api_keys_only() or self._required_factor() != "one"

    def _mfa_type(self):
        asked = self._required_factor()
        if asked != "one" and self._has_certificate() and (asked == "certificate" or not self.totp_enabled):
            return "certificate"
        return super()._mfa_type()

    def _mfa_url(self):
        return "/web/login/certificate" if self._mfa_type() == "certificate" else super()._mfa_url()

    # ---- the second step

    def _second_factor(self, credential):
        """Check the second factor of this user, who has shown the first one.

        :raise AccessDenied: logged and counted
        """
        self.ensure_one()
        with self._assert_can_auth(user=self.id):
            return self._check_credentials(credential, {"interactive": True})

    def _check_credentials(self, credential, env):
        second = credential["type"] == "totp" or credential.get("second")
        if not second:
            return super()._check_credentials(credential, env)
        kind = credential["type"]
        try:
            if request:
                self._check_begun()
            auth_info = super()._check_credentials(credential, env)
        except AccessDenied as refusal:
            detail = {"method": kind, **getattr(refusal, "detail", {})}
            self._audit()._log_failure("sign_in", who=self.sudo().login, **detail)  # sudo: not signed in yet
            raise
        if request:
            request.session[METHOD] = f"{request.session.get(METHOD) or 'password'}+{kind}"
            request.session["ctsp_certificate"] = auth_info.get("certificate_id") or False
        return auth_info

    # ---- one-time codes: the secret is encrypted for its user

    @api.depends("totp_secret")
    def _compute_totp_enabled(self):
        found = set()
        if self.ids:
            self.env.cr.execute(SQL(
                "SELECT id FROM res_users WHERE totp_secret IS NOT NULL AND id IN %s", tuple(self.ids)))
            found = {row[0] for row in self.env.cr.fetchall()}
        for user in self:
            user.totp_enabled = user.id in found

    def _compute_totp_secret(self):
        for user in self:
            self.env.cr.execute(SQL("SELECT totp_secret FROM res_users WHERE id = %s", user._origin.id))
            stored = (self.env.cr.fetchone() or [None])[0]
            user.totp_secret = user._opened(stored) if stored else False

    def _inverse_token(self):
        self.sudo().totp_last_counter = False  # sudo: as in core
        for user in self:
            stored = user._closed(user.totp_secret) if user.totp_secret else None
            self.env.cr.execute(SQL("UPDATE res_users SET totp_secret = %s WHERE id = %s", stored, user.id))
        self.env["ctsp.integrity"]._touch("res.users", self.ids, ("totp_secret",))
        self.invalidate_recordset(["totp_enabled"])
        self.env.registry.clear_cache()  # session tokens are made of it

    def _closed(self, secret):
        batch = self.env["ctsp.crypto"]._encrypt(CODES, [(secret.encode(), self._secret_place())])
        return f"{MARK}${batch.version}${base64.b64encode(batch.values[0]).decode()}"

    def _opened(self, stored):
        mark, version, text = [*stored.split("$"), "", ""][:3]
        if mark != MARK:
            raise AccessDenied()  # put in by somebody else than the platform
        row = (base64.b64decode(text), self._secret_place(), int(version))
        return self.env["ctsp.crypto"]._decrypt(CODES, [row])[0].decode()

    def _close_anew(self):
        """Encrypt the secret under the key in use, if it is as the platform wrote it; return whether it was done.

        The user's sessions end: their tokens are made of the stored secret.
        """
        self.env.cr.execute(SQL("SELECT totp_secret FROM res_users WHERE id = %s", self.id))
        integrity = self.env["ctsp.integrity"]
        try:
            stored = self._closed(self._opened(self.env.cr.fetchone()[0]))
        except (AccessDenied, UserError):
            return False
        if any(found.name in ("totp_secret", None) for found in integrity._check("res.users", self.ids)):
            return False
        self.env.cr.execute(SQL("UPDATE res_users SET totp_secret = %s WHERE id = %s", stored, self.id))
        integrity._touch("res.users", self.ids, ("totp_secret",))
        self.invalidate_recordset(["totp_secret"])
        self.env.registry.clear_cache()
        return True

    def _secret_place(self):
        return f"res.users|totp_secret|{self._origin.id}".encode()

    # ---- one's own

    def _check_own_password(self, password):
        """Ask whoever sits there for his password before something weighty; who has none signed in otherwise."""
        self.env.cr.execute(SQL("SELECT password IS NOT NULL FROM res_users WHERE id = %s", self.id))
        if self.env.cr.fetchone()[0]:
            credential = {"type": "password", "login": self.login, "password": password or ""}
            try:
                with self._assert_can_auth(user=self.login):
                    self.with_user(self).sudo()._check_credentials(credential, {"interactive": True})
            except AccessDenied:
                raise UserError(self.env._("Password: it is not right.")) from None

    def _turn_code_on(self, secret, code):
        if not re.fullmatch(r"[A-Z2-7]{32}", secret) or not re.fullmatch(r"\s*\d{3}\s?\d{3}\s*", code):
            raise UserError(self.env._("Code: six digits, as the authenticator shows them now."))
        if not self._totp_try_setting(secret, int(re.sub(r"\s", "", code))):
            raise UserError(self.env._(
                "Code: it does not fit. Check the clock of your telephone and try the next one."))
        request.session[METHOD] = f"{request.session.get(METHOD) or 'password'}+totp"
        self._audit()._log("auth.code", self, action="on")

    def _turn_code_off(self):
        if self._required_factor() == "two" and not self._has_certificate():
            raise UserError(self.env._("Your role asks for a second factor: one-time codes stay on."))
        self._drop_code()
        self.env.flush_all()
        request.session.session_token = self._compute_session_token(request.session.sid)

    @check_identity
    def action_totp_disable(self):
        """Core's button: one's own codes as on one's own page, those of others by the security administrator."""
        self.ensure_one()
        if self == self.env.user:
            self._turn_code_off()
        else:
            self.action_reset_code()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _drop_code(self):
        self.sudo().totp_secret = False  # sudo: no access by field
        self._audit()._log("auth.code", self, action="off", account=self.sudo().login)

    def action_reset_code(self):
        """Take away the one-time codes of somebody who lost his telephone; he signs in and sets up new ones."""
        if not self.env.user.has_group("ctsp_base.group_security_admin"):
            raise AccessError(self.env._("Only the security administrator takes away one-time codes."))
        for user in self:
            user._drop_code()
            self.env["ctsp.auth.session"].sudo()._end_of(user, "admin")  # sudo: a consequence
        return True
