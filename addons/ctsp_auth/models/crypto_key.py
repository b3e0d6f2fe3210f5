from odoo import api, models
from odoo.tools import SQL

from ..tools.context import PURPOSE as PASSWORD
from .sealed_mixin import PURPOSE as SEAL


class CryptoKey(models.Model):
    """Who could not sign in any more, and what would open no door, without a version of a key."""

    _inherit = "ctsp.crypto.key"

    @api.model
    def _needed_of(self, purpose, version):
        if purpose == PASSWORD:
            mark = f"$k={version},"  # tools.verifier
            return [
                (self.env._("passwords of accounts"), self._count(
                    SQL("res_users WHERE position(%s IN password) > 0", mark))),
                (self.env._("former passwords"), self._count(
                    SQL("ctsp_auth_password WHERE position(%s IN verifier) > 0", mark)))]
        if purpose == SEAL:
            return [
                (self.env["ir.model"]._get(name).name, self._count(SQL(
                    "%s WHERE %s LIKE %s", SQL.identifier(self.env[name]._table), SQL.identifier(column),
                    f"{version}:%")))
                for name, column in self._sealed_models()]
        if purpose == "auth.data":
            return [(self.env._("secrets of one-time codes"), self._count(
                SQL("res_users WHERE totp_secret LIKE %s", f"sm4${version}$%")))]
        return super()._needed_of(purpose, version)

    @api.model
    def _sealed_models(self):
        names = self.env.registry.descendants(["ctsp.auth.sealed.mixin"], "_inherit")
        return [*((name, "seal") for name in names if not self.env[name]._abstract),
                ("res.users.apikeys", "ctsp_seal")]
