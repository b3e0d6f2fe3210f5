from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import chain


class AuditSeal(models.Model):
    """One link of the chain over the log: which rows it covers, their digest, the digest of the link before."""

    _name = "ctsp.audit.seal"
    _inherit = ["ctsp.append.mixin"]
    _description = "Seal of the Log"
    _auto = False
    _order = "id desc"

    date = fields.Datetime("Sealed At", readonly=True)
    row_count = fields.Integer("Rows", readonly=True, aggregator="sum")
    first_date = fields.Datetime("First Row", readonly=True)
    last_date = fields.Datetime("Last Row", readonly=True)
    previous = fields.Char("Digest Before", readonly=True)
    digest = fields.Char(readonly=True)
    mac_key = fields.Char("Key", readonly=True)
    signature_key = fields.Char("Signed With", readonly=True)

    @api.depends("date")
    def _compute_display_name(self):
        for seal in self:
            seal.display_name = f"#{seal.id}"

    def _check_removed_columns(self, log=False):  # pylint: disable=method-required-super
        """Columns that no screen shows are no leftovers; and the table is not Odoo's to alter."""

    @api.model
    def _last(self):
        """Return the newest seal as a dict, None when there is none."""
        self.env.cr.execute(SQL("SELECT id, digest, look_from FROM ctsp_audit_seal ORDER BY id DESC LIMIT 1"))
        return next(iter(self.env.cr.dictfetchall()), None)

    @api.model
    def _keyed_since(self):
        """Return when the first seal was made with a key (UTC), None while there is none."""
        self.env.cr.execute(SQL("SELECT date FROM ctsp_audit_seal WHERE mac_key <> 'sm3' ORDER BY id LIMIT 1"))
        return (self.env.cr.fetchone() or [None])[0]

    @api.model
    def _append(self, rows, now, look_from=None):
        """Write the seal over ``rows`` (``[(id, mac, date)]`` by id) and return its facts as a dict."""
        last = self._last()
        previous = last["digest"] if last else chain.START
        macer = self.env["ctsp.audit.macer"]
        seal = {
            "date": now, "row_count": len(rows), "first_date": min(row[2] for row in rows),
            "last_date": max(row[2] for row in rows), "previous_id": last["id"] if last else None, "previous": previous,
            "digest": chain.digest(previous, [(row[0], row[1]) for row in rows]), "mac_key": macer._key_ref(),
            "look_from": look_from,
        }
        message = chain.message(seal)
        (seal["mac"],), _key = macer._macs([message], seal["mac_key"])
        seal["signature"], seal["signature_key"] = macer._sign(message) or (None, None)
        self.env.cr.execute(SQL(
            "INSERT INTO ctsp_audit_seal (%s) VALUES %s RETURNING id", SQL(", ").join(map(SQL.identifier, seal)),
            tuple(seal.values())))
        seal["id"] = self.env.cr.fetchone()[0]
        self.env.cr.execute(SQL(
            "INSERT INTO ctsp_audit_seal_row (log_id, seal_id, mac) SELECT log_id, %s, mac"
            " FROM unnest(%s::bigint[], %s::varchar[]) AS given(log_id, mac)",
            seal["id"], [row[0] for row in rows], [row[1] for row in rows]))
        return seal
