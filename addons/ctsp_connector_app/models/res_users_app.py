from odoo import models
from odoo.exceptions import AccessDenied

from .app_person import METHOD


class ResUsers(models.Model):
    """Sign-in with a ticket of the mobile supervision APP; it counts as one factor."""

    _inherit = "res.users"

    def _sign_in_kinds(self):
        return (*super()._sign_in_kinds(), METHOD)

    def _login(self, credential, user_agent_env):
        """The APP's server is asked who holds the ticket; what it says is bound to this call."""
        if credential.get("type") != METHOD:
            return super()._login(credential, user_agent_env)
        tickets, ticket = self.env["ctsp.app.ticket"], str(credential.get("ticket") or "")
        try:
            with self._assert_can_auth(user=tickets._label(ticket)):
                person = self.env["ctsp.app.person"]._signing_in(tickets._redeemed(ticket))
        except AccessDenied as refusal:
            detail = getattr(refusal, "detail", {})
            self.env["ctsp.audit.port"]._log_failure("sign_in", who=detail.get("subject", "")[:64], **detail)
            raise
        known = {**credential, "login": person.user_id.login, "person": _Proven(person)}
        auth_info = super()._login(known, user_agent_env)
        credential["login"] = known["login"]  # the session's, see Session.authenticate
        return auth_info

    def _check_credentials(self, credential, env):
        if credential["type"] != METHOD:
            return super()._check_credentials(credential, env)
        proven = credential.get("person")
        if not isinstance(proven, _Proven) or proven.person.user_id != self.env.user:
            raise AccessDenied()
        return {"uid": self.env.uid, "auth_method": METHOD, "mfa": "default"}


class _Proven:
    """A person whom the APP's server named: nothing that comes from outside is of this type."""

    def __init__(self, person):
        self.person = person
