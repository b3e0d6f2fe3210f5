import os
import threading
from datetime import UTC, datetime

from psycopg2.extras import Json

from odoo import api, models
from odoo.tools import SQL

from ..tools import nudge, origin
from ..tools import row as layout

BLOCK = 100  # identifiers drawn at once
CHUNK = 500  # rows in one INSERT

_drawn: dict[str, range] = {}
_lock = threading.Lock()
os.register_at_fork(after_in_child=_drawn.clear)  # a block belongs to one process


class AuditPort(models.AbstractModel):
    """The kernel's port, taken over: rows go to ``ctsp_audit_log`` with their MACs and wait there for a seal."""

    _inherit = "ctsp.audit.port"

    @api.model
    def _event_labels(self):
        return super()._event_labels() | {
            "create": self.env._("Record created"),
            "write": self.env._("Record changed"),
            "unlink": self.env._("Record deleted"),
            "read": self.env._("Record read"),
            "print": self.env._("Printed"),
            "call": self.env._("Interface call"),
            "sign_out": self.env._("Sign-out"),
            "denied": self.env._("Access refused"),
            "refused": self.env._("Input refused"),
            "audit.verified": self.env._("Log verified"),
        }

    @api.model
    def _row(self, event, records, detail, success):
        ids = records.ids if records is not None else []
        about = {}
        if not ids and isinstance(detail.get("rows"), int):  # an engine that says how many, not which
            about = {"res_count": detail["rows"]} | ({"model": detail["model"]} if detail.get("model") else {})
        return super()._row(event, records, detail, success) | about | {
            "channel": origin.channel(self.env.context), "session": origin.session(),
            "res_id": ids[0] if len(ids) == 1 else None,
        }

    @api.model
    def _log_call(self, model, method):
        self._log("call", self.env[model].browse() if model in self.env else None, method=str(method)[:100])

    @api.model
    def _write_row(self, cr, row):
        self._write_rows(cr, [row])
        nudge.after_commit(cr)

    @api.model
    def _write_rows(self, cr, rows):
        """Write ``rows`` (dicts of columns) in as few statements as possible, with their codes."""
        now = datetime.now(UTC).replace(tzinfo=None)
        for number, row in zip(self._numbers(cr, len(rows)), rows):
            row["id"] = number
            row.setdefault("date", now)
            for name in layout.JSON_COLUMNS:
                row[name] = self._json(row.get(name))
            if row.get("record_name"):
                row["record_name"] = layout.plain(row["record_name"])
        self._protect(rows)
        names = layout.STORED
        for start in range(0, len(rows), CHUNK):
            lines = [
                SQL("(%s)", SQL(", ").join(SQL("%s", _parameter(name, row.get(name))) for name in names))
                for row in rows[start:start + CHUNK]
            ]
            cr.execute(SQL(
                "INSERT INTO ctsp_audit_log (%s) VALUES %s", SQL(", ").join(map(SQL.identifier, names)),
                SQL(", ").join(lines)))

    @api.model
    def _json(self, value):
        """The kernel gives JSON columns as text, the recorder as values: here they are values, None when empty."""
        if isinstance(value, str):
            value = layout.loads(value)
        return layout.plain(value) if value else None

    @api.model
    def _protect(self, rows):
        messages = [layout.messages(row) for row in rows]
        codes, key_ref = self.env["ctsp.audit.macer"]._macs([data for cells in messages for _name, data in cells])
        codes = iter(codes)
        for row, cells in zip(rows, messages):
            found = {name: next(codes) for name, _data in cells}
            row["mac"], row["mac_key"] = found.pop(""), key_ref
            row["macs"] = {name: code[:layout.SHORT] for name, code in found.items()}

    @api.model
    def _codes(self, rows):
        """Compute the codes of stored ``rows`` anew, in one call for each key: ``[{column: code, "": whole}]``."""
        codes = [None] * len(rows)
        for key in {row["mac_key"] for row in rows}:
            places = [place for place, row in enumerate(rows) if row["mac_key"] == key]
            cells = [layout.messages(rows[place]) for place in places]
            found, _key = self.env["ctsp.audit.macer"]._macs([data for row in cells for _name, data in row], key)
            found = iter(found or ["?"] * sum(map(len, cells)))
            for place, row in zip(places, cells):
                codes[place] = {name: next(found) for name, _data in row}
        return codes

    @api.model
    def _numbers(self, cr, count):
        """Return ``count`` identifiers; a process draws them in blocks, so most rows cost no query for theirs."""
        with _lock:
            left = _drawn.get(cr.dbname, range(0))
            numbers = list(left[:count])
            left = left[count:]
            missing = count - len(numbers)
            if missing:
                blocks = -(-missing // BLOCK)
                cr.execute(SQL("SELECT nextval('ctsp_audit_log_block') FROM generate_series(1, %s)", blocks))
                for (block,) in cr.fetchall():
                    left = range(block * BLOCK, (block + 1) * BLOCK)
                    numbers += left[:missing]
                    left, missing = left[missing:], max(missing - BLOCK, 0)
            _drawn[cr.dbname] = left
        return numbers


def _parameter(name, value):
    return Json(value) if (name in layout.JSON_COLUMNS or name == "macs") and value is not None else value
