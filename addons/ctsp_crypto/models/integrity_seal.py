import json

from odoo import api, models
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
    _inherit = ["ctsp.seal.mixin"]
    _auto = False
    _order = "id desc"
    _seal_file = ".evidence"
    _seal_columns = ("look_from", "manifest")

    @api.model
    def _message(self, seal):
        return chain.message(seal) + json.dumps(seal["manifest"], sort_keys=True).encode()

    @api.model
    def _append(self, rows, now, look_from=None):
        """Write the seal over ``rows`` (dicts of entries, by id) and return its facts."""
        last = self._last()
        seal = self._link(
            [(row["id"], row["mac"], row["date"]) for row in rows], now, last, look_from=look_from,
            manifest=self._carried_on(last["manifest"] if last else {}, rows))
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
