from odoo import models
from odoo.exceptions import AccessDenied, UserError


class ResUsersIdentitycheck(models.TransientModel):
    """The question for the password within a session counts like a sign-in: an open screen is no place to guess."""

    _inherit = "res.users.identitycheck"

    def _check_identity(self):
        user = self.env.user
        credential = {"type": "password", "login": user.login, "password": self.env.context.get("password")}
        try:
            with user._assert_can_auth(user=user.login):
                self.create_uid._check_credentials(credential, {"interactive": True})
        except AccessDenied:
            raise UserError(self.env._("Password: it is not right.")) from None
