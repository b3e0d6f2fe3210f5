from datetime import UTC, datetime

from odoo import api, models
from odoo.tools import SQL

LOCK = 7_202_642  # of pg_try_advisory_xact_lock: one sealer of evidence at a time
BATCH = 5000  # entries in one seal


class AuditSealer(models.AbstractModel):
    """Seals the evidence of protected rows as it seals the log: after commits, chained, with a checkpoint outside."""

    _inherit = "ctsp.audit.sealer"

    @api.model
    def _chains(self):
        return [*super()._chains(), (LOCK, "ctsp.integrity.seal", "_seal_evidence")]

    @api.model
    def _cron_nightly(self):
        result = super()._cron_nightly()
        self.env["ctsp.integrity.verification"]._start_nightly()
        return result

    @api.model
    def _seal_evidence(self, since=None, look_from=None):
        """Seal all entries that are committed and not sealed yet, from ``since`` (UTC) on. Return their number."""
        seals, done, seal, after = self.env["ctsp.integrity.seal"], 0, None, 0
        while rows := self._unsealed_evidence(since, after):
            seal = seals._append(rows, datetime.now(UTC).replace(tzinfo=None), look_from)
            done, after = done + len(rows), rows[-1]["id"]
            if len(rows) < BATCH:
                break
        if seal:
            self.env.cr.postcommit.add(lambda: seals._write_checkpoint(seal))
        return done

    @api.model
    def _unsealed_evidence(self, since=None, after=0, limit=BATCH):
        """Return the next entries without a seal, by identifier; what was sealed in this run is not looked through."""
        self.env.cr.execute(SQL(
            """SELECT e.id, e.date, e.model, e.res_id, e.revision, e.removed, e.mac,
                      CASE WHEN NOT p.removed THEN p.mac END AS before
                 FROM ctsp_integrity_entry e
            LEFT JOIN ctsp_integrity_seal_row s ON s.entry_id = e.id
            LEFT JOIN ctsp_integrity_entry p
                   ON p.model = e.model AND p.res_id = e.res_id AND p.revision = e.revision - 1
                WHERE s.entry_id IS NULL AND e.id > %s AND %s ORDER BY e.id LIMIT %s""",
            after, SQL("e.date >= %s", since) if since else SQL("TRUE"), limit))
        return self.env.cr.dictfetchall()
