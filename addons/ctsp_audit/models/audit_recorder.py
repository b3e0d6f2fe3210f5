from odoo import api, models

from ..tools import content, nudge

ROWS = "ctsp_audit.rows"


class AuditRecorder(models.AbstractModel):
    """Collects what a transaction does to logged models and writes it in one statement when the transaction flushes.

    The buffer is the cursor's own (``precommit``): what a savepoint rolls back disappears from it, what is committed
    is written before. Changes of one record within one flush are one row: the values before the first of them and
    those after the last.
    """

    _name = "ctsp.audit.recorder"
    _description = "Audit Recorder"

    @api.model
    def _before(self, records, vals):
        """Return ``{id: {field: value}}`` before a write, of the fields it may change."""
        names = [name for name in vals if name in records._fields and content.is_logged(records._fields[name])]
        return self._values(records, names) if names else {}

    @api.model
    def _values(self, records, names):
        # superuser: the log is complete whatever the one who writes may read; bin_size would give sizes for contents
        records = records.sudo().with_context(bin_size=False, active_test=False)
        kinds = getattr(records, "_personal_fields", {})
        fields = [records._fields[name] for name in names]
        return {
            record.id: {field.name: content.shown(record, field, kinds) for field in fields} for record in records
        }

    @api.model
    def _created(self, records, vals_list):
        names = {name for vals in vals_list for name in vals}
        names = sorted(name for name in names if content.is_logged(records._fields[name])) if records else []
        after = self._values(records, names)
        for record in records:
            filled = {name: value for name, value in after[record.id].items() if value is not None}
            self._keep("create", record, {}, filled)

    @api.model
    def _written(self, records, before):
        if not before:
            return
        after = self._values(records, list(next(iter(before.values()))))
        for record in records:
            old, new = before[record.id], after[record.id]
            changed = [name for name in new if new[name] != old.get(name)]
            if changed:
                self._keep(
                    "write", record, {name: old[name] for name in changed}, {name: new[name] for name in changed})

    @api.model
    def _deleted(self, records):
        records = records.exists()
        names = [field.name for field in records._fields.values() if field.column_type and content.is_logged(field)
                 and field.type not in ("binary", "image")]
        for record_id, values in self._values(records, names).items():
            filled = {name: value for name, value in values.items() if value not in (None, False)}
            self._keep("unlink", records.browse(record_id), filled, {})

    @api.model
    def _read(self, records):
        self.env["ctsp.audit.port"]._log("read", records)

    @api.model
    def _keep(self, event, record, before, after):
        rows = self._buffer()
        key = (record._name, record.id)
        row = rows.get(key)
        if row and row["event"] in ("create", "write") and event == "write" and row["user_id"] == self.env.uid:
            row["before"] = {**before, **row["before"]} if row["event"] == "write" else row["before"]
            row["after"] = {**row["after"], **after}
            return
        if row:
            rows[key, len(rows)] = rows.pop(key)  # kept as it is; the new row takes its place
        rows[key] = {
            **self.env["ctsp.audit.port"]._row(event, record, {}, success=True),
            "record_name": self._name_of(record), "before": before, "after": after,
        }

    @api.model
    def _name_of(self, record):
        """Return a name that people know the record by, None where it would tell personal data."""
        name = record._rec_name
        field = record._fields.get(name) if name else None
        if not field or not field.store or field.type != "char" or name in getattr(record, "_personal_fields", {}):
            return None
        return (record.sudo()[name] or None) and record.sudo()[name][:200]  # sudo: for the log

    @api.model
    def _buffer(self):
        callbacks = self.env.cr.precommit
        if ROWS not in callbacks.data:
            callbacks.data[ROWS] = {}
            callbacks.add(self.env(su=True)["ctsp.audit.recorder"]._flush_rows)
        return callbacks.data[ROWS]

    @api.model
    def _flush_rows(self):
        rows = self.env.cr.precommit.data.pop(ROWS, {})
        if rows:
            self.env["ctsp.audit.port"]._write_rows(self.env.cr, list(rows.values()))
            nudge.after_commit(self.env.cr)
