from odoo import api, models
from odoo.tools import SQL

from odoo.addons.ctsp_audit.tools import chain

from ..tools.evidence import Finding
from .integrity_seal import SPACE

NAME = "ctsp.integrity.seal"
SEALS = SQL(
    "SELECT id, date, row_count, first_date, last_date, previous_id, previous, digest, manifest, mac, mac_key,"
    " signature, signature_key FROM ctsp_integrity_seal")
SHIFTS = range(224, -1, -32)  # a code of 256 bits is summed up in eight parts
SUMS = SQL(", ").join(
    SQL("coalesce(sum(('x' || substr(mac, %s, 8))::bit(32)::bigint), 0)", 1 + 8 * part) for part in range(8))


class IntegrityChain(models.AbstractModel):
    """Checks the seals over the evidence: each link, its order, the checkpoints outside, and the manifest."""

    _name = "ctsp.integrity.chain"
    _description = "Chain over the Evidence"

    @api.model
    def _check_links(self, after, limit):
        """Check the next links of the chain; at its end, the checkpoints beside the database as well.

        :param after: identifier of the last link that was checked, 0 at the beginning
        :return: ``(findings, last identifier or None at the end)``
        """
        self.env.cr.execute(SQL("%s WHERE id <= %s ORDER BY id DESC LIMIT 1", SEALS, after))
        previous = next(iter(self.env.cr.dictfetchall()), None)
        self.env.cr.execute(SQL("%s WHERE id > %s ORDER BY id LIMIT %s", SEALS, after, limit))
        findings, seals = [], self.env.cr.dictfetchall()
        for seal in seals:
            findings += self._check_seal(seal, previous)
            previous = seal
        if len(seals) == limit:
            return findings, seals[-1]["id"]
        return findings + [Finding(kind, NAME, seal or 0) for kind, seal in self.env[NAME]._check_end()], None

    @api.model
    def _check_seal(self, seal, previous):
        proof = self.env["ctsp.audit.checker"]._check_proof("seal", seal, self.env[NAME]._message(seal))
        wrong = [column for _kind, _row, column in proof]
        if (seal["previous_id"], seal["previous"]) != (
                (previous["id"], previous["digest"]) if previous else (None, chain.START)):
            wrong.append("previous")
        if self._digest_of(seal) != seal["digest"]:
            wrong.append("digest")
        return [Finding("seal", NAME, seal["id"], name, present=str(seal.get(name))) for name in wrong]

    @api.model
    def _digest_of(self, seal):
        self.env.cr.execute(SQL(
            "SELECT entry_id, mac FROM ctsp_integrity_seal_row WHERE seal_id = %s ORDER BY entry_id", seal["id"]))
        return chain.digest(seal["previous"], self.env.cr.fetchall())

    @api.model
    def _check_manifest(self, number):
        """Compare how many rows of a model live, and the set digest of their newest entries, with the newest manifest.

        What no seal covers yet is left out on both sides: one statement, one moment. The sums are the database's: a
        model with millions of rows is eight numbers here.

        :param number: which model of the manifest, from 0 on
        :return: ``(findings, number of the next model or None at the end)``
        """
        last = self.env[NAME]._last()
        models_ = sorted(last["manifest"]) if last else []
        if number >= len(models_):
            return [], None
        model = models_[number]
        self.env.cr.execute(SQL(
            """SELECT count(*), %s FROM (
                      SELECT DISTINCT ON (e.res_id) e.removed, e.mac
                        FROM ctsp_integrity_entry e JOIN ctsp_integrity_seal_row s ON s.entry_id = e.id
                       WHERE e.model = %s AND e.res_id > 0 AND s.seal_id <= %s
                       ORDER BY e.res_id, e.revision DESC) newest
                WHERE NOT removed AND mac ~ '^[0-9a-f]{64}$'""", SUMS, model, last["id"]))
        rows, *sums = self.env.cr.fetchone()
        total = sum(int(part) << shift for part, shift in zip(sums, SHIFTS)) % SPACE
        facts = last["manifest"][model]
        apart = rows - facts["rows"], (total - int(facts["digest"], 16)) % SPACE  # stays what it is as rows come and go
        return [Finding("manifest", model, 0, present=str(apart))] if any(apart) else [], number + 1
