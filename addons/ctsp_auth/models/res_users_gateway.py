from odoo import models
from odoo.exceptions import AccessDenied
from odoo.http import request


class ResUsers(models.Model):
    """Sign-in through a security gateway."""

    _inherit = "res.users"

    def _login(self, credential, user_agent_env):
        """The gateway says who it is: its saying is checked first, once; what it proves is bound to this call.

        Failures count for the certificate it names: all who come through it share its address.
        """
        if credential.get("type") != "gateway":
            return super()._login(credential, user_agent_env)
        address = self.env["ctsp.auth.attempt"]._address()
        try:
            gateway, said = self.env["ctsp.auth.gateway"]._saying(
                request.httprequest.headers, address, request.httprequest.host)
            with self._assert_can_auth(user=f"certificate {said.serial}"):
                row = gateway._identified(said)
        except AccessDenied as refusal:
            self.env["ctsp.audit.port"]._log_failure("sign_in", **getattr(refusal, "detail", {}))
            raise
        known = {**credential, "login": row.user_id.login, "row": _Proven(row)}
        auth_info = super()._login(known, user_agent_env)
        credential["login"] = known["login"]  # the session's, see Session.authenticate
        return auth_info

    def _check_credentials(self, credential, env):
        if credential["type"] != "gateway":
            return super()._check_credentials(credential, env)
        proven = credential.get("row")
        if not isinstance(proven, _Proven) or proven.row.user_id != self.env.user:
            raise AccessDenied()
        proven.row._note_use()
        return {"uid": self.env.uid, "auth_method": "gateway", "mfa": "skip", "certificate_id": proven.row.id}


class _Proven:
    """A bound certificate whose holder a gateway named: nothing that comes from outside is of this type."""

    def __init__(self, row):
        self.row = row
