import json

from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.ctsp_audit.tools import chain

SPACE = 1 << 256  # the set digest of a model is a sum of codes within it


class IntegritySeal(models.Model):
    """One link of the chain over the evidence: which entries it covers, and how many rows each model has by now.

    The manifest carries, for each model, the number of living rows and the sum of the codes of their newest entries
    (modulo 2^256): a set digest that each link brings up to date without reading the others.
    """

    _name = "ctsp.integrity.seal"
    _description = "Seal of the Evidence"
    _auto = False
    _order = "id desc"

    date = fields.Datetime("Sealed At", readonly=True)
    row_count = fields.Integer("Rows", readonly=True, aggregator="sum")
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
    def _message(self, seal):
        """Return the bytes of a seal that are authenticated."""
        return chain.message(seal) + json.dumps(seal["manifest"], sort_keys=True).encode()

    @api.model
    def _last(self):
        self.env.cr.execute(SQL("SELECT id, digest, manifest FROM ctsp_integrity_seal ORDER BY id DESC LIMIT 1"))
        row = self.env.cr.fetchone()
        return {"id": row[0], "digest": row[1], "manifest": row[2]} if row else None

    @api.model
    def _append(self, rows, now):
        """Write the seal over ``rows`` (dicts of entries, by id) and return its facts."""
        macer = self.env["ctsp.audit.macer"]
        last = self._last() or {"id": None, "digest": chain.START, "manifest": {}}
        seal = {
            "date": now, "row_count": len(rows), "first_date": min(row["date"] for row in rows),
            "last_date": max(row["date"] for row in rows), "previous_id": last["id"], "previous": last["digest"],
            "digest": chain.digest(last["digest"], [(row["id"], row["mac"]) for row in rows]),
            "manifest": self._carried_on(last["manifest"], rows), "mac_key": macer._key_ref(),
        }
        message = self._message(seal)
        (seal["mac"],), _key = macer._macs([message], seal["mac_key"])
        seal["signature"], seal["signature_key"] = macer._sign(message) or (None, None)
        values = seal | {"manifest": Json(seal["manifest"])}
        self.env.cr.execute(SQL(
            "INSERT INTO ctsp_integrity_seal (%s) VALUES (%s) RETURNING id",
            SQL(", ").join(map(SQL.identifier, values)), SQL(", ").join(SQL("%s", value) for value in values.values())))
        seal["id"] = self.env.cr.fetchone()[0]
        self.env.cr.execute(SQL(
            "INSERT INTO ctsp_integrity_seal_row (entry_id, seal_id, model, res_id, revision, mac)"
            " SELECT id, %s, model, res_id, revision, mac FROM ctsp_integrity_entry WHERE id = ANY(%s)",
            seal["id"], [row["id"] for row in rows]))
        return seal

    @api.model
    def _carried_on(self, manifest, rows):
        """Return the manifest after ``rows``, each with ``before``: the code of the living revision it replaces."""
        result = {model: dict(facts) for model, facts in manifest.items()}
        for row in rows:
            if not row["res_id"]:
                continue
            facts = result.setdefault(row["model"], {"rows": 0, "digest": "0"})
            total = int(facts["digest"], 16) - int(row["before"] or "0", 16)
            total += 0 if row["removed"] else int(row["mac"], 16)
            facts["rows"] += (not row["removed"]) - bool(row["before"])
            facts["digest"] = f"{total % SPACE:x}"
        return result
