from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.digest import sm3


class NonceMixin(models.AbstractModel):
    """Values that may be used once, under their SM3, for as long as they could come again."""

    _name = "ctsp.nonce.mixin"
    _description = "Values Used Once"
    _log_access = False

    value = fields.Char(required=True, readonly=True)
    expires = fields.Datetime(required=True, readonly=True, index=True)

    _value_unique = models.UniqueIndex("(value)")

    @api.model
    def _keep(self, text, seconds, cr=None):
        """Note that ``text`` was used; return whether it is new. A conflict with a transaction under way is no error:
        Odoo tries the request again.

        :param cr: a cursor beside the request's, for what stays whatever becomes of the request
        """
        expires = fields.Datetime.add(fields.Datetime.now(), seconds=seconds)
        cr = cr or self.env.cr
        cr.execute(SQL(
            "INSERT INTO %s (value, expires) VALUES (%s, %s) ON CONFLICT (value) DO NOTHING",
            SQL.identifier(self._table), sm3(text.encode()), expires), log_exceptions=False)
        return bool(cr.rowcount)

    @api.model
    def _keep_all(self, texts, seconds):
        """Note that ``texts`` were used, whether they are new or not, as :meth:`_keep` does one after the other."""
        expires = fields.Datetime.add(fields.Datetime.now(), seconds=seconds)
        self.env.cr.execute(SQL(
            """INSERT INTO %s (value, expires) SELECT value, %s FROM unnest(%s::text[]) AS value
               ON CONFLICT (value) DO NOTHING""",
            SQL.identifier(self._table), expires, sorted(sm3(text.encode()) for text in texts)), log_exceptions=False)

    @api.autovacuum
    def _gc_old(self):
        if not self._abstract:
            self.env.cr.execute(SQL(
                "DELETE FROM %s WHERE expires < %s", SQL.identifier(self._table), fields.Datetime.now()))
