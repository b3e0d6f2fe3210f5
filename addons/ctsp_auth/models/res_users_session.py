from odoo import models
from odoo.http import request

from .auth_session import METHOD, TOKEN


class ResUsers(models.Model):
    """What a session is told at sign-in, and the end of all sessions when an account ends."""

    _inherit = "res.users"

    def authenticate(self, credential, user_agent_env):
        auth_info = super().authenticate(credential, user_agent_env)
        if request:
            request.session.pop(TOKEN, None)  # a new sign-in is a new session
            request.session[METHOD] = auth_info["auth_method"]
            request.session["ctsp_certificate"] = auth_info.get("certificate_id") or False
        return auth_info

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active") is False:
            self.env["ctsp.auth.session"].sudo()._end_of(self, "credential")  # sudo: a consequence of the change
        return result
