from odoo import api, fields, models
from odoo.tools import SQL


class AuditSeal(models.Model):
    """One link of the chain over the log: which rows it covers, their digest, the digest of the link before."""

    _name = "ctsp.audit.seal"
    _inherit = ["ctsp.seal.mixin"]
    _description = "Seal of the Log"
    _auto = False
    _order = "id desc"

    first_date = fields.Datetime("First Row", readonly=True)
    last_date = fields.Datetime("Last Row", readonly=True)

    @api.model
    def _keyed_since(self):
        """Return when the first seal was made with a key (UTC), None while there is none."""
        self.env.cr.execute(SQL("SELECT date FROM ctsp_audit_seal WHERE mac_key <> 'sm3' ORDER BY id LIMIT 1"))
        return (self.env.cr.fetchone() or [None])[0]

    @api.model
    def _append(self, rows, now, look_from=None):
        """Write the seal over ``rows`` (``[(id, mac, date)]`` by id) and return its facts as a dict."""
        seal = self._link(rows, now, self._last(), look_from=look_from)
        self.env.cr.execute(SQL(
            "INSERT INTO ctsp_audit_seal_row (log_id, seal_id, mac) SELECT log_id, %s, mac"
            " FROM unnest(%s::bigint[], %s::varchar[]) AS given(log_id, mac)",
            seal["id"], [row[0] for row in rows], [row[1] for row in rows]))
        return seal
