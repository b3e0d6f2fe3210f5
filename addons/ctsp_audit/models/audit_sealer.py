import logging
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg2

from odoo import api, models
from odoo.tools import SQL, config

from ..tools import chain
from ..tools import row as layout

_logger = logging.getLogger(__name__)
LOCK = 7_202_611  # of pg_try_advisory_xact_lock: one sealer at a time
BATCH = 20_000  # rows in one seal
SKEW = timedelta(minutes=5)  # how far the clocks of servers may differ
GRACE = timedelta(minutes=15)  # after the first keyed seal: rows without a key whose transaction was under way
MONTHS_AHEAD = 3


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
        """Called by the scheduled action, which is woken after commits."""
        self._seal_committed()

    @api.model
    def _chains(self):
        """Return ``[(number of a lock, model of the seals, name of the method that seals)]``."""
        return [(LOCK, "ctsp.audit.seal", "_seal")]

    @api.model
    def _seal_committed(self, everything=False):
        """Seal what was committed since the last seal of each chain, each in a transaction of its own.

        A row is looked for from when the oldest transaction began that was under way as the last seal was made:
        whatever has been committed since then was written later than that. The lock and that time are taken before
        the transaction that seals begins, so that it sees all they stand for.
        """
        for lock, seals, method in self._chains():
            with self.env.registry.cursor() as guard:
                guard.execute(SQL("SELECT pg_try_advisory_xact_lock(%s)", lock))
                if not guard.fetchone()[0]:
                    continue
                look_from = self._oldest_transaction(guard)
                with self.env.registry.cursor() as cr:
                    sealer = self.with_env(self.env(cr=cr))
                    last = None if everything else sealer.env[seals]._last()
                    getattr(sealer, method)(last["look_from"] if last else None, look_from)

    @api.model
    def _oldest_transaction(self, cr):
        cr.execute("""SELECT least(now(), min(xact_start)) AT TIME ZONE 'UTC' FROM pg_stat_activity
                       WHERE datname = current_database()""")
        return cr.fetchone()[0] - SKEW

    @api.model
    def _cron_nightly(self):
        """Prepare the months to come, tell of months due for the archive, look once for rows that no seal covers
        whenever they were written, verify."""
        self._make_months()
        self.env["ctsp.audit.archiver"]._watch_due()
        self._seal_committed(everything=True)
        self.env["ctsp.audit.verification"]._start_nightly()

    @api.model
    def _make_months(self):
        try:
            with self.env.cr.savepoint():
                self.env.cr.execute(SQL("SELECT ctsp_audit_log_months(%s)", MONTHS_AHEAD))
        except psycopg2.errors.LockNotAvailable:
            _logger.info("The months to come are made tomorrow: the log is in use")

    @api.model
    def _seal(self, since=None, look_from=None):
        """Seal all rows that are committed and not sealed yet, from ``since`` (UTC) on. Return the number of rows.

        A row whose own code does not fit was not written by the platform: it gets no seal, and verification names it.
        Nor does one without a key once there are keyed seals.

        :param look_from: what the next run may begin with (:meth:`_seal_committed`)
        """
        done, seal, after = 0, None, 0
        while rows := self._unsealed(since, after):
            after = rows[-1]["id"]
            genuine = [(row["id"], row["mac"], row["date"]) for row in rows if row["genuine"] and row["keyed"]]
            for part in chain.months(genuine):
                seal = self.env["ctsp.audit.seal"]._append(part, datetime.now(UTC).replace(tzinfo=None), look_from)
            done += len(genuine)
            if len(rows) < BATCH:
                break
        if seal:
            self.env.cr.postcommit.add(lambda: self.env["ctsp.audit.seal"]._write_checkpoint(seal))
        return done

    @api.model
    def _unsealed(self, since=None, after=0, limit=BATCH):
        """Return rows without a seal by identifier, each with ``genuine``: True, False, None where nobody can tell; and
        ``keyed``: it has a key, or needs none yet."""
        names = SQL(", ").join(SQL.identifier("log", name) for name in layout.STORED)
        self.env.cr.execute(SQL(
            """SELECT %s FROM ctsp_audit_log log LEFT JOIN ctsp_audit_seal_row sealed ON sealed.log_id = log.id
                WHERE sealed.log_id IS NULL AND log.id > %s AND %s ORDER BY log.id LIMIT %s""",
            names, after, SQL("log.date >= %s", since) if since else SQL("TRUE"), limit))
        rows = self.env.cr.dictfetchall()
        keyed_only = self._keyed_only()
        for row, genuine in zip(rows, self.env["ctsp.audit.port"]._genuine(rows)):
            row["genuine"] = genuine
            row["keyed"] = not keyed_only or self.env["ctsp.audit.macer"]._is_keyed(row["mac_key"])
        return rows

    @api.model
    def _keyed_only(self, now=None):
        """Say whether rows and seals need a key by now."""
        since = self.env["ctsp.audit.seal"]._keyed_since()
        return bool(since) and (now or datetime.now(UTC).replace(tzinfo=None)) > since + GRACE

    @api.model
    def _checkpoint_path(self):
        """Return where checkpoints of this database lie: ``CTSP_CHECKPOINTS`` (best another host's disk), else beside
        Odoo's data. A database built anew under the same name has another identifier and begins its own file."""
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid", "")  # superuser: no secret
        folder = os.environ.get("CTSP_CHECKPOINTS") or Path(config["data_dir"]) / "checkpoints"
        return Path(folder) / f"{self.env.cr.dbname}-{uuid[:8]}.jsonl"
