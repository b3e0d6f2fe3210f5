import json
import logging
from datetime import UTC, datetime, timedelta
from itertools import islice

from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import chain

_logger = logging.getLogger(__name__)
LINES = 20_000  # checkpoints read at once
LATE = timedelta(minutes=15)  # a seal older than that has its checkpoint


class SealMixin(models.AbstractModel):
    """One link of a chain of seals in a table of the owner's: what it covers, the digest of the link before, and its
    checkpoint beside the database, by which cutting the end of the chain is found.
    """

    _name = "ctsp.seal.mixin"
    _description = "Seal"
    _inherit = ["ctsp.append.mixin"]

    _seal_file = ""  # what the name of the file of checkpoints has before its ending
    _seal_columns = ("look_from",)  # what the next link needs of the last one beside its digest

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

    # ---- links

    @api.model
    def _message(self, seal):
        """Return the bytes of a seal that are authenticated."""
        return chain.message(seal)

    @api.model
    def _last(self):
        """Return the newest seal as a dict, None when there is none."""
        columns = SQL(", ").join(map(SQL.identifier, ("id", "digest", *self._seal_columns)))
        self.env.cr.execute(SQL(
            "SELECT %s FROM %s ORDER BY id DESC LIMIT 1", columns, SQL.identifier(self._table)))
        return next(iter(self.env.cr.dictfetchall()), None)

    @api.model
    def _link(self, rows, now, last, **columns):
        """Write the link after ``last`` over ``rows`` (``[(id, mac, date)]`` by id) and return its facts as a dict."""
        previous, macer = last["digest"] if last else chain.START, self.env["ctsp.audit.macer"]
        seal = {
            "date": now, "row_count": len(rows), "first_date": min(row[2] for row in rows),
            "last_date": max(row[2] for row in rows), "previous_id": last["id"] if last else None, "previous": previous,
            "digest": chain.digest(previous, [(row[0], row[1]) for row in rows]), "mac_key": macer._key_ref(),
            **columns,
        }
        message = self._message(seal)
        (seal["mac"],), _key = macer._macs([message], seal["mac_key"])
        seal["signature"], seal["signature_key"] = macer._sign(message) or (None, None)
        values = tuple(Json(value) if isinstance(value, dict) else value for value in seal.values())
        self.env.cr.execute(SQL(
            "INSERT INTO %s (%s) VALUES %s RETURNING id", SQL.identifier(self._table),
            SQL(", ").join(map(SQL.identifier, seal)), values))
        return seal | {"id": self.env.cr.fetchone()[0]}

    # ---- checkpoints beside the database

    @api.model
    def _checkpoint_path(self):
        path = self.env["ctsp.audit.sealer"]._checkpoint_path()
        return path.with_name(f"{path.stem}{self._seal_file}{path.suffix}")

    @api.model
    def _write_checkpoint(self, seal):
        """Append the facts of ``seal`` to the file of checkpoints; also logged, for a collector on another host."""
        line = json.dumps({
            "seal": seal["id"], "digest": seal["digest"], "rows": seal["row_count"], "date": str(seal["date"]),
            "mac": seal["mac"], "key": seal["mac_key"]})
        _logger.info("checkpoint%s %s", self._seal_file, line)
        path = self._checkpoint_path()
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with path.open("a") as stream:
                stream.write(line + "\n")
        except OSError as error:
            _logger.error("The checkpoint could not be written to %s: %s", path, error)

    @api.model
    def _checkpoints(self):
        """Yield all checkpoints as ``{seal: digest}`` of some thousands.

        :raise OSError, ValueError, KeyError, TypeError: the file cannot be read
        """
        try:
            with self._checkpoint_path().open(encoding="utf-8") as stream:
                while lines := list(islice(stream, LINES)):
                    yield {facts["seal"]: facts["digest"] for facts in map(json.loads, lines)}
        except FileNotFoundError:
            return

    @api.model
    def _missing(self, checkpoints):
        """Return which of ``{seal: digest}`` are not in the chain. What was sealed after this transaction began is not
        seen by it: such seals are looked for again as of now.
        """
        missing = checkpoints.items() - self._present(self.env.cr, checkpoints).items()
        if missing:
            with self.env.registry.cursor() as cursor:
                missing -= self._present(cursor, dict(missing)).items()
        return sorted(seal for seal, _digest in missing)

    @api.model
    def _present(self, cursor, checkpoints):
        cursor.execute(SQL(
            "SELECT id, digest FROM %s WHERE id = ANY(%s)", SQL.identifier(self._table), list(checkpoints)))
        return dict(cursor.fetchall())

    @api.model
    def _check_end(self):
        """Every checkpoint must be a seal, and where there are seals there are checkpoints.

        :return: yields ``("cut", seal)`` for each that is gone, ``("checkpoint", None)`` where nobody can tell
        """
        table, known = SQL.identifier(self._table), 0
        try:
            for checkpoints in self._checkpoints():
                known += len(checkpoints)
                yield from (("cut", seal) for seal in self._missing(checkpoints))
        except (OSError, ValueError, KeyError, TypeError):
            yield "checkpoint", None
            return
        self.env.cr.execute(SQL("SELECT min(date) FROM %s", table))
        first = self.env.cr.fetchone()[0]
        if not known and first and first < datetime.now(UTC).replace(tzinfo=None) - LATE:
            yield "checkpoint", None
