import json
import logging
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from odoo import api, models
from odoo.tools import SQL, config

from ..tools import compare
from ..tools import row as layout

_logger = logging.getLogger(__name__)
LOCK = 7_202_611  # of pg_try_advisory_xact_lock: one sealer at a time
BATCH = 20_000  # rows in one seal
RECENT = timedelta(hours=1)  # how far back a run looks; once a night it looks at everything
NIGHT = 18  # UTC hour: two o'clock in China


class AuditSealer(models.AbstractModel):
    """Seals what has been committed: chains the MACs of all rows that no seal covers yet.

    It runs after commits, within seconds, in a transaction of its own: sealing inside the business transaction would
    make every writer wait for every other. A row whose transaction commits late is covered by a later seal. The newest
    seal is also written beside the database (:meth:`_checkpoint_path`), so that cutting the end of both is found.
    """

    _name = "ctsp.audit.sealer"
    _description = "Sealer of the Log"

    @api.model
    def _cron_seal(self):
        now = datetime.now(UTC).replace(tzinfo=None)
        everything = now.hour == NIGHT and now.minute < 5
        self._seal(since=None if everything else now - RECENT)
        self.env["ctsp.audit.pattern"]._watch()

    @api.model
    def _cron_nightly(self):
        """Prepare the months to come and verify."""
        self.env.cr.execute(SQL("SELECT ctsp_audit_log_months(2)"))
        self.env["ctsp.audit.verification"]._start_nightly()

    @api.model
    def _seal(self, since=None):
        """Seal all rows that are committed and not sealed yet, from ``since`` (UTC) on. Return the number of rows.

        A row whose own code does not fit was not written by the platform: it gets no seal, and verification names it.
        """
        self.env.cr.execute(SQL("SELECT pg_try_advisory_xact_lock(%s)", LOCK))
        if not self.env.cr.fetchone()[0]:
            return 0
        done, seal, after = 0, None, 0
        while rows := self._unsealed(since, after):
            after = rows[-1]["id"]
            if genuine := [(row["id"], row["mac"], row["date"]) for row in rows if row["genuine"]]:
                seal = self.env["ctsp.audit.seal"]._append(genuine, datetime.now(UTC).replace(tzinfo=None))
                done += len(genuine)
            if len(rows) < BATCH:
                break
        if seal:
            self.env.cr.postcommit.add(lambda: self._write_checkpoint(seal))
        return done

    @api.model
    def _unsealed(self, since=None, after=0, limit=BATCH):
        """Return rows without a seal by identifier, each with ``genuine``: its code fits its content."""
        names = SQL(", ").join(SQL.identifier("log", name) for name in layout.STORED)
        self.env.cr.execute(SQL(
            """SELECT %s FROM ctsp_audit_log log LEFT JOIN ctsp_audit_seal_row sealed ON sealed.log_id = log.id
                WHERE sealed.log_id IS NULL AND log.id > %s AND %s ORDER BY log.id LIMIT %s""",
            names, after, SQL("log.date >= %s", since) if since else SQL("TRUE"), limit))
        rows = self.env.cr.dictfetchall()
        for row, codes in zip(rows, self.env["ctsp.audit.port"]._codes(rows)):
            row["genuine"] = not compare.contents([row], [codes])
        return rows

    @api.model
    def _checkpoint_path(self):
        """Return where checkpoints of this database lie: ``CTSP_CHECKPOINTS`` (best another host's disk), else beside
        Odoo's data."""
        folder = os.environ.get("CTSP_CHECKPOINTS") or Path(config["data_dir"]) / "checkpoints"
        return Path(folder) / f"{self.env.cr.dbname}.jsonl"

    @api.model
    def _write_checkpoint(self, seal):
        """Append the facts of ``seal`` to the file of checkpoints; also logged, for a collector on another host."""
        facts = {
            "seal": seal["id"], "digest": seal["digest"], "rows": seal["row_count"], "date": str(seal["date"]),
            "mac": seal["mac"], "key": seal["mac_key"],
        }
        line = json.dumps(facts)
        _logger.info("checkpoint %s", line)
        path = self._checkpoint_path()
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with path.open("a") as stream:
                stream.write(line + "\n")
        except OSError as error:
            _logger.error("The checkpoint could not be written to %s: %s", path, error)

    @api.model
    def _checkpoints(self):
        """Return ``{seal: digest}`` of all checkpoints; :raise ValueError, KeyError: the file cannot be read."""
        try:
            lines = self._checkpoint_path().read_text().splitlines()
        except FileNotFoundError:
            return {}
        return {facts["seal"]: facts["digest"] for facts in map(json.loads, lines)}
