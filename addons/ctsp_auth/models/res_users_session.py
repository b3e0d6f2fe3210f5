import time

from odoo import models
from odoo.http import request
from odoo.tools import SQL

from odoo.addons.ctsp_base.tools.digest import sm3

from ..tools.refusal import SignInRefused
from .auth_session import METHOD, TOKEN

BEGUN = "ctsp_begun"  # in the session's file: when and for which state of the account the first step was shown
MINUTES = 10


class ResUsers(models.Model):
    """What a session is told at sign-in, and the end of all sessions when an account ends."""

    _inherit = "res.users"

    def authenticate(self, credential, user_agent_env):
        auth_info = super().authenticate(credential, user_agent_env)
        if request:
            request.session.pop(TOKEN, None)  # a new sign-in is a new session
            request.session[METHOD] = auth_info["auth_method"]
            request.session["ctsp_certificate"] = auth_info.get("certificate_id") or False
            request.session[BEGUN] = {"time": time.time(), "account": self.browse(auth_info["uid"])._account_digest()}
        return auth_info

    def _check_begun(self):
        """Let the second step of a sign-in follow the first: within minutes, to the account as it was then.

        :raise SignInRefused: too late, or the account was closed, or got another password
        """
        begun = request.session.get(BEGUN) or {}
        if (time.time() - begun.get("time", 0) > MINUTES * 60 or begun.get("account") != self._account_digest()):
            request.session.pop("pre_uid", None)
            raise SignInRefused(
                self.env._("The sign-in took too long. Please begin anew."), counted=False, reason="second_late")

    def _account_digest(self):
        self.env.cr.execute(SQL("SELECT id, login, active, password FROM res_users WHERE id = %s", self.id))
        return sm3(repr(self.env.cr.fetchone()).encode())

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active") is False:
            self.env["ctsp.auth.session"].sudo()._end_of(self, "credential")  # sudo: a consequence of the change
        return result
