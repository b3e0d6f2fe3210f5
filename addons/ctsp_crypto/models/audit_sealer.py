import json
import logging
from datetime import UTC, datetime, timedelta

from odoo import api, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)
LOCK = 7_202_642  # of pg_try_advisory_xact_lock: one sealer of evidence at a time
BATCH = 5000  # entries in one seal
RECENT = timedelta(hours=1)  # how far back a run looks; once a night it looks at everything


class AuditSealer(models.AbstractModel):
    """Seals the evidence of protected rows as it seals the log: after commits, chained, with a checkpoint outside."""

    _inherit = "ctsp.audit.sealer"

    @api.model
    def _cron_seal(self):
        result = super()._cron_seal()
        now = datetime.now(UTC).replace(tzinfo=None)
        self._seal_evidence(None if now.hour == 18 and now.minute < 5 else now - RECENT)
        return result

    @api.model
    def _cron_nightly(self):
        result = super()._cron_nightly()
        self.env["ctsp.integrity.verification"]._start_nightly()
        return result

    @api.model
    def _seal_evidence(self, since=None):
        """Seal all entries that are committed and not sealed yet. Return their number."""
        self.env.cr.execute(SQL("SELECT pg_try_advisory_xact_lock(%s)", LOCK))
        if not self.env.cr.fetchone()[0]:
            return 0
        done, seal = 0, None
        while rows := self._unsealed_evidence(since):
            seal = self.env["ctsp.integrity.seal"]._append(rows, datetime.now(UTC).replace(tzinfo=None))
            done += len(rows)
            if len(rows) < BATCH:
                break
        if seal:
            self.env.cr.postcommit.add(lambda: self._write_evidence_checkpoint(seal))
        return done

    @api.model
    def _unsealed_evidence(self, since=None, limit=BATCH):
        self.env.cr.execute(SQL(
            """SELECT e.id, e.date, e.model, e.res_id, e.revision, e.removed, e.mac,
                      CASE WHEN NOT p.removed THEN p.mac END AS before
                 FROM ctsp_integrity_entry e
            LEFT JOIN ctsp_integrity_seal_row s ON s.entry_id = e.id
            LEFT JOIN ctsp_integrity_entry p
                   ON p.model = e.model AND p.res_id = e.res_id AND p.revision = e.revision - 1
                WHERE s.entry_id IS NULL AND %s ORDER BY e.id LIMIT %s""",
            SQL("e.date >= %s", since) if since else SQL("TRUE"), limit))
        return self.env.cr.dictfetchall()

    @api.model
    def _evidence_path(self):
        path = self._checkpoint_path()
        return path.with_name(f"{path.stem}.evidence{path.suffix}")

    @api.model
    def _write_evidence_checkpoint(self, seal):
        """Append the facts of ``seal`` to the checkpoints outside the database; also logged, for another host."""
        line = json.dumps({"seal": seal["id"], "digest": seal["digest"], "rows": seal["row_count"],
                           "date": str(seal["date"]), "mac": seal["mac"], "key": seal["mac_key"]})
        _logger.info("evidence checkpoint %s", line)
        path = self._evidence_path()
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with path.open("a") as stream:
                stream.write(line + "\n")
        except OSError as error:
            _logger.error("The checkpoint could not be written to %s: %s", path, error)

    @api.model
    def _evidence_checkpoints(self):
        """Return ``{seal: digest}``; :raise ValueError, KeyError: the file cannot be read."""
        try:
            lines = self._evidence_path().read_text().splitlines()
        except FileNotFoundError:
            return {}
        return {facts["seal"]: facts["digest"] for facts in map(json.loads, lines)}
