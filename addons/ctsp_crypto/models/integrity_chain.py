from odoo import api, models
from odoo.tools import SQL

from odoo.addons.ctsp_audit.tools import chain

from ..tools.evidence import Finding
from .integrity_seal import SPACE

NAME = "ctsp.integrity.seal"


class IntegrityChain(models.AbstractModel):
    """Checks the seals over the evidence: each link, its order, the checkpoints outside, and the manifest."""

    _name = "ctsp.integrity.chain"
    _description = "Chain over the Evidence"

    @api.model
    def _check(self):
        """Return findings about the chain and about rows whose evidence was taken away as a whole."""
        findings, previous = [], None
        self.env.cr.execute(SQL(
            "SELECT id, date, row_count, first_date, last_date, previous_id, previous, digest, manifest, mac, mac_key,"
            " signature, signature_key FROM ctsp_integrity_seal ORDER BY id"))
        for seal in self.env.cr.dictfetchall():
            findings += self._check_seal(seal, previous)
            previous = seal
        findings += [Finding(kind, NAME, seal or 0) for kind, seal in self.env[NAME]._check_end()]
        return findings + self._check_manifest(previous)

    @api.model
    def _check_seal(self, seal, previous):
        proof = self.env["ctsp.audit.checker"]._check_proof("seal", seal, self.env[NAME]._message(seal))
        wrong = [column for _kind, _row, column in proof]
        if (seal["previous_id"], seal["previous"]) != (
                (previous["id"], previous["digest"]) if previous else (None, chain.START)):
            wrong.append("previous")
        if self._digest_of(seal) != seal["digest"]:
            wrong.append("digest")
        return [Finding("seal", NAME, seal["id"], name) for name in wrong]

    @api.model
    def _digest_of(self, seal):
        self.env.cr.execute(SQL(
            "SELECT entry_id, mac FROM ctsp_integrity_seal_row WHERE seal_id = %s ORDER BY entry_id", seal["id"]))
        return chain.digest(seal["previous"], self.env.cr.fetchall())

    @api.model
    def _check_manifest(self, last):
        """Compare number and set digest of the living rows' newest entries with the newest manifest.

        What no seal covers yet is left out on both sides: one statement, one moment.
        """
        if last is None:
            return []
        self.env.cr.execute(SQL(
            """SELECT DISTINCT ON (e.model, e.res_id) e.model, e.removed, e.mac
                 FROM ctsp_integrity_entry e JOIN ctsp_integrity_seal_row s ON s.entry_id = e.id
                WHERE e.res_id > 0 AND s.seal_id <= %s ORDER BY e.model, e.res_id, e.revision DESC""", last["id"]))
        totals = {}
        for model, removed, mac in self.env.cr.fetchall():
            if not removed:
                rows, total = totals.get(model, (0, 0))
                totals[model] = rows + 1, (total + int(mac, 16)) % SPACE
        return [
            Finding("manifest", model, 0) for model, facts in last["manifest"].items()
            if totals.get(model, (0, 0)) != (facts["rows"], int(facts["digest"], 16))]
