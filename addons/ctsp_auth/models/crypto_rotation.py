from odoo import models
from odoo.tools import SQL

from odoo.addons.ctsp_crypto.models.crypto_rotation import RANGE

from ..tools.purpose import CODES
from .sealed_mixin import PURPOSE as SEAL

KEYS = "res.users.apikeys"


class CryptoRotation(models.Model):
    """Seals and secrets of one-time codes are made anew with their keys; passwords at the next sign-in of each."""

    _inherit = "ctsp.crypto.rotation"

    def _targets(self):
        if self._purpose() == SEAL:
            return [name for name, _column in self.env["ctsp.crypto.key"]._sealed_models()]
        return ["res.users"] if self._purpose() == CODES else super()._targets()

    def _step(self, model, after):
        if self._purpose() not in (SEAL, CODES):
            return super()._step(model, after)
        head = f"{self.version}:%" if self._purpose() == SEAL else f"sm4${self.version}$%"
        column = dict(self.env["ctsp.crypto.key"]._sealed_models()).get(model, "totp_secret")
        self.env.flush_all()
        self.env.cr.execute(SQL(
            "SELECT id FROM %s WHERE id > %s AND %s NOT LIKE %s ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED",
            SQL.identifier(self.env[model]._table), after, SQL.identifier(column), head, RANGE))
        ids = [row[0] for row in self.env.cr.fetchall()]
        done = self._do_anew(self.env[model].with_context(active_test=False).browse(ids))
        self.row_left += len(ids) - done
        return done, ids[-1] if len(ids) == RANGE else None

    def _do_anew(self, rows):
        """Seal or encrypt rows anew that hold under the older version; return how many."""
        if rows._name == "res.users":
            return sum(user._close_anew() for user in rows)
        if rows._name == KEYS:
            return rows._seal_anew()
        held = rows._holds()
        held._seal_now()
        return len(held)
