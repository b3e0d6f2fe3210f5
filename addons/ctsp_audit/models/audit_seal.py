from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..tools import chain


class AuditSeal(models.Model):
    """One link of the chain over the log: which rows it covers, their digest, the digest of the link before."""

    _name = "ctsp.audit.seal"
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

    # no super: nothing may get through

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        self._refuse_change()

    def write(self, vals):  # pylint: disable=method-required-super
        self._refuse_change()

    def unlink(self):  # pylint: disable=method-required-super
        self._refuse_change()

    def _refuse_change(self):
        raise AccessError(self.env._("Seals are made by the platform alone: nobody can create, change or delete them."))

    @api.model
    def _last(self):
        """Return the newest seal as a dict, None when there is none."""
        self.env.cr.execute(SQL("SELECT id, digest FROM ctsp_audit_seal ORDER BY id DESC LIMIT 1"))
        row = self.env.cr.fetchone()
        return {"id": row[0], "digest": row[1]} if row else None

    @api.model
    def _append(self, rows, now):
        """Write the seal over ``rows`` (``[(id, mac, date)]`` by id) and return its facts as a dict."""
        last = self._last()
        previous = last["digest"] if last else chain.START
        seal = {
            "date": now, "row_count": len(rows), "first_date": min(row[2] for row in rows),
            "last_date": max(row[2] for row in rows), "previous_id": last["id"] if last else None, "previous": previous,
            "digest": chain.digest(previous, [(row[0], row[1]) for row in rows]),
        }
        macer, message = self.env["ctsp.audit.macer"], chain.message(seal)
        (seal["mac"],), seal["mac_key"] = macer._macs([message])
        seal["signature"], seal["signature_key"] = macer._sign(message) or (None, None)
        self.env.cr.execute(SQL(
            "INSERT INTO ctsp_audit_seal (%s) VALUES (%s) RETURNING id", SQL(", ").join(map(SQL.identifier, seal)),
            SQL(", ").join(SQL("%s", value) for value in seal.values())))
        seal["id"] = self.env.cr.fetchone()[0]
        self.env.cr.execute(SQL(
            "INSERT INTO ctsp_audit_seal_row (log_id, seal_id, mac) SELECT log_id, %s, mac"
            " FROM unnest(%s::bigint[], %s::varchar[]) AS given(log_id, mac)",
            seal["id"], [row[0] for row in rows], [row[1] for row in rows]))
        return seal
