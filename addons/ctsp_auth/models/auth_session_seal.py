from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import seals, session_seal
from .sealed_mixin import PURPOSE

COLUMNS = SQL(", ").join(map(SQL.identifier, session_seal.Row._fields))
_known = session_seal.Known()  # of this process


class AuthSessionSeal(models.Model):
    """Rows of sessions carry a MAC over whose they are, how and when they began and when they were last used.

    Somebody with SQL can end a session, but not open one, lengthen one or hand one to another user: the row is found
    altered at its next request, and at night.
    """

    _inherit = "ctsp.auth.session"

    seal = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)

    @api.model
    def _rows(self, condition):
        self.env.cr.execute(SQL("SELECT %s FROM ctsp_auth_session WHERE %s", COLUMNS, condition))
        return [session_seal.Row(*row) for row in self.env.cr.fetchall()]

    @api.model
    def _seals(self, rows):
        batch = self.env["ctsp.crypto"]._mac(PURPOSE, [row.message() for row in rows], context=self._name)
        return [seals.write(batch, code) for code in batch.values]

    @api.model
    def _is_sealed(self, row):
        """Say whether a row is as the platform wrote it; asked once for each state of it in each process."""
        if row not in _known:
            if row in self._unsealed([row]):
                return False
            _known.add(row)
        return True

    @api.model
    def _unsealed(self, rows):
        """Return those of ``rows`` that are not as the platform wrote them."""
        checked = [seals.checked(row.message(), row.seal) for row in rows]
        good = self.env["ctsp.crypto"]._verify_mac(PURPOSE, checked, context=self._name) if rows else []
        return [row for row, holds in zip(rows, good) if not holds]

    @api.model
    def _end_altered(self, row):
        login = self.env["res.users"].sudo().browse(row.user_id).login  # sudo: for the log
        self._finish_anyway(row, "altered")
        self.env["ctsp.audit.port"]._log_failure("auth.session_end", who=login, reason="session_seal")

    @api.model
    def _look_through(self):
        """Find open sessions that were altered, whether anybody uses them or not."""
        for row in self._unsealed(self._rows(SQL("date_end IS NULL"))):
            self._end_altered(row)

    @api.model
    def _seal_open(self):
        """Bring sessions of before the seals under one: at the update, never later."""
        rows = self._rows(SQL("date_end IS NULL AND seal IS NULL"))
        for row, seal in zip(rows, self._seals(rows) if rows else []):
            self.env.cr.execute(SQL("UPDATE ctsp_auth_session SET seal = %s WHERE id = %s", seal, row.id))
