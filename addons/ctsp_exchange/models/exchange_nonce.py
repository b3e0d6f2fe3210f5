from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.ctsp_base.tools.digest import sm3

from ..tools.reply import Refused


class ExchangeNonce(models.Model):
    """Nonces of signed requests that were accepted, for as long as their time stamp could be accepted again.

    Written in the transaction of the request: when that is rolled back, nothing happened, and Odoo's own second try
    after a conflict is no replay. Two at once meet at the unique index; one of them is tried again, and sees the other.
    """

    _name = "ctsp.exchange.nonce"
    _inherit = ["ctsp.nonce.mixin"]
    _description = "Used Nonce of a Request"
    _log_access = False

    @api.model
    def _use(self, key, nonce, seconds):
        """Note that ``nonce`` was used with ``key``; it is kept for ``seconds``.

        :raise Refused: ``replayed``
        """
        if not self._keep(f"{key}\n{nonce}", seconds):
            raise Refused("replayed")

    @api.model
    def _reserve(self, *names):
        """Have transactions that are about to make the same things meet here instead of at a unique index: the later
        one is tried again, and finds what the earlier one made. In one order: nobody waits for who waits for him."""
        self._keep_all([f"reserve\n{name}" for name in names], 3600)

    @api.model
    def _take_turn(self, name):
        """Have transactions about the same thing take turns: the later one waits for the earlier one to end, is turned
        back then (its snapshot is too old), and tried again. At the beginning of a transaction that may be repeated."""
        self.env.cr.execute(SQL(
            """INSERT INTO ctsp_exchange_nonce (value, expires) VALUES (%s, %s)
               ON CONFLICT (value) DO UPDATE SET expires = EXCLUDED.expires""",
            sm3(f"turn\n{name}".encode()), fields.Datetime.add(fields.Datetime.now(), hours=1)), log_exceptions=False)
