import os
import threading
from datetime import UTC, datetime

from werkzeug.exceptions import HTTPException

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools import compare, nudge, origin
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
            "failed": self.env._("Broken off by an error"),
            "seal.checkpoint": self.env._("Checkpoint of a host"),
            "seal.finding": self.env._("Finding on a host"),
            "audit.find": self.env._("Time line looked up"),
            "audit.verified": self.env._("Log verified"),
            "audit.archived": self.env._("Month of the log exported to the archive"),
        }

    @api.model
    def _detail_labels(self):
        return super()._detail_labels() | {
            "cascade": self.env._("Deleted together with"), "claimed": self.env._("Claimed to be user"),
            "error": self.env._("Error"), "rows": self.env._("Rows"), "findings": self.env._("Findings"),
            "result": self.env._("Result"), "report": self.env._("Report"), "month": self.env._("Month"),
            "file": self.env._("File"), "host": self.env._("Host"), "sequence": self.env._("Checkpoint"),
            "digest": self.env._("Digest"), "model": self.env._("Model"), "profile": self.env._("Profile"),
        }

    @api.model
    def _row(self, event, records, detail, success):
        ids = records.ids if records is not None else []
        about = {}
        if not ids and isinstance(detail.get("rows"), int):  # an engine that says how many, not which
            about = {"res_count": detail["rows"]} | ({"model": detail["model"]} if detail.get("model") else {})
        return super()._row(event, records, detail, success) | about | {
            "channel": self._channel(), "session": origin.session(),
            "res_id": ids[0] if len(ids) == 1 else None,
        }

    @api.model
    def _channel(self):
        """Return the way in; the web client's calls of people from outside come from the desk."""
        code, user = origin.channel(self.env.context), self.env.user
        return "desk" if code == "web" and user and user._is_portal() else code

    @api.model
    def _log_call(self, model, method):
        self._log("call", self.env[model].browse() if model in self.env else None, method=str(method)[:100])

    @api.model
    def _log_call_failed(self, error, model, method, claimed=None):
        detail = {"claimed": claimed} if claimed else {}
        row = self._refusal(error, model, method, **detail)
        if claimed:
            row |= {"user_id": None, "login": None}
        self._write_row(self.env.cr, row)

    @api.model
    def _refusal(self, error, model, method, ids=(), **detail):
        """Return the row about what was refused or failed: model, method and identifiers, never the values."""
        known = isinstance(model, str) and model in self.env
        if isinstance(error, AccessError):
            event = "denied"
        else:
            event = "refused" if isinstance(error, (UserError, HTTPException)) else "failed"
        return self._row(event, self.env[model].browse(ids) if known else None, {
            "method": str(method)[:100], "error": type(error).__name__, **detail}, success=False)

    @api.model
    def _write_row(self, cr, row):
        self._write_rows(cr, [row])
        nudge.after_commit(cr)

    @api.model
    def _write_rows(self, cr, rows, plain=False):
        """Write ``rows`` (dicts of columns) in as few statements as possible, with their codes.

        :param plain: JSON columns hold only what :func:`layout.plain` gives
        """
        now = datetime.now(UTC).replace(tzinfo=None)
        for number, row in zip(self._numbers(cr, len(rows)), rows):
            row["id"] = number
            row.setdefault("date", now)
            for name in layout.JSON_COLUMNS:
                if (value := row.get(name)) is not None:
                    row[name] = (value or None) if plain else self._json(value)
            for name in layout.TEXT_COLUMNS:
                if row.get(name) is not None:
                    row[name] = layout.plain(row[name])
        lines = self._protected(rows)
        names = SQL(", ").join(map(SQL.identifier, layout.STORED))
        for start in range(0, len(rows), CHUNK):
            values = SQL(", ").join(SQL("%s", line) for line in lines[start:start + CHUNK])
            cr.execute(SQL("INSERT INTO ctsp_audit_log (%s) VALUES %s", names, values))

    @api.model
    def _json(self, value):
        """The kernel gives JSON columns as text, the recorder as values: here they are values, None when empty."""
        if isinstance(value, str):
            value = layout.loads(value)
        return layout.plain(value) if value else None

    @api.model
    def _protected(self, rows):
        """Return what is stored of ``rows``, their codes included: two calls of the macer for all of them."""
        macer = self.env["ctsp.audit.macer"]
        key_ref = macer._key_ref()
        filled = [layout.texts(row) for row in rows]
        keys = macer._macs([layout.key_message(row) for row in rows], key_ref)[0]
        macs = [layout.codes(key, one) for key, one in zip(keys, filled)]
        for row in rows:
            row["mac_key"] = key_ref
        wholes = macer._macs([layout.whole(*parts) for parts in zip(rows, filled, macs)], key_ref)[0]
        for row, mac in zip(rows, wholes):
            row["mac"] = mac
        return [layout.stored(*parts) for parts in zip(rows, filled, macs)]

    @api.model
    def _genuine(self, rows):
        """Say of each stored row whether it is what the platform wrote: True, False, None where its key is not known.

        One call of the macer for each key.
        """
        result = [None] * len(rows)
        for key_ref, places in self._by_key(rows).items():
            messages = [layout.whole(rows[place], layout.texts(rows[place]), rows[place]["macs"]) for place in places]
            codes, _key = self.env["ctsp.audit.macer"]._macs(messages, key_ref)
            for place, code in zip(places, codes or ()):
                result[place] = code == rows[place]["mac"]
        return result

    @api.model
    def _altered_columns(self, rows):
        """Return for each stored row that is not genuine the columns that were altered."""
        result = [["mac"]] * len(rows)
        for key_ref, places in self._by_key(rows).items():
            messages = [layout.key_message(rows[place]) for place in places]
            keys = self.env["ctsp.audit.macer"]._macs(messages, key_ref)[0]
            for place, key in zip(places, keys or ()):
                fresh = layout.codes(key, layout.texts(rows[place]))
                result[place] = compare.altered_columns(rows[place], fresh)
        return result

    @api.model
    def _by_key(self, rows):
        places = {}
        for place, row in enumerate(rows):
            places.setdefault(row["mac_key"], []).append(place)
        return places

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
