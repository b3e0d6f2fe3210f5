from odoo import models


class ResUsersApikeys(models.Model):
    """Keys are made and removed past the ORM or as superuser: logged here, never the key itself."""

    _inherit = "res.users.apikeys"

    def _generate(self, scope, name, expiration_date):
        key = super()._generate(scope, name, expiration_date)
        user = self.env.user
        self.env["ctsp.audit.port"]._log(
            "account", user, action="created", api_key=name, account=user.login, until=str(expiration_date or ""))
        return key

    def unlink(self):
        for key in self.sudo():  # superuser: names for the log
            self.env["ctsp.audit.port"]._log(
                "account", key.user_id, action="deleted", api_key=key.name, account=key.user_id.login)
        return super().unlink()
