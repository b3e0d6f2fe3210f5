from odoo import api, models, tools

from ..tools import cascade, content, nudge, origin

ROWS, FRAME = "ctsp_audit.rows", "ctsp_audit.frame"


class AuditRecorder(models.AbstractModel):
    """Collects what a transaction does to logged models and writes it in one statement when the transaction flushes.

    The buffer is the cursor's own (``precommit``): what a savepoint rolls back disappears from it, what is committed
    is written before. Changes of one record within one flush are one row: the values before the first of them and
    those after the last.
    """

    _name = "ctsp.audit.recorder"
    _description = "Audit Recorder"

    # ---- values

    @api.model
    @tools.ormcache("name", cache="stable")
    def _logged_names(self, name):
        """Return ``(all, plain)``: the fields of a model whose changes are logged, and those of them whose value a new
        record has whether given or not."""
        fields = [field for field in self.env[name]._fields.values() if content.is_logged(field)]
        return frozenset(field.name for field in fields), tuple(
            field.name for field in fields if content.is_plain(field))

    @api.model
    def _reading_context(self):
        """Hook: with what context values are read for the log. ``bin_size`` would give sizes for contents."""
        return {"bin_size": False, "active_test": False}

    @api.model
    def _reader(self, records):
        """Return ``records`` as the log reads them."""
        env = records.env
        # superuser: the log is complete whatever the one who writes may read
        return records.with_env(env(su=True, context={**env.context, **self._reading_context()}))

    @api.model
    def _values(self, records, names):
        """Return ``{id: {name: value as logged}}`` of :meth:`_reader` records."""
        kinds = getattr(records, "_personal_fields", {})
        fields = [records._fields[name] for name in names]
        return {
            record.id: {field.name: content.shown(record, field, kinds) for field in fields} for record in records
        }

    # ---- what happens

    @api.model
    def _created(self, records, vals_list):
        """Log new records with their values as stored, defaults included."""
        if not records:
            return
        logged, plain = self._logged_names(records._name)
        given = set().union(*vals_list)
        reader = self._reader(records)
        after = self._values(reader, sorted(logged & given.union(plain)))
        self._keep("create", records, {}, {
            number: {name: value for name, value in values.items()
                     if value is not None and (value is not False or name in given)}
            for number, values in after.items()}, self._names_of(reader))

    @api.model
    def _before(self, records, vals):
        """Return what :meth:`_written` needs: records to read again, the fields that may change, their values."""
        names = sorted(self._logged_names(records._name)[0].intersection(vals))
        if not names:
            return None
        reader = self._reader(records)
        return reader, names, self._values(reader, names)

    @api.model
    def _written(self, records, known):
        if not known:
            return
        reader, names, before = known
        after = self._values(reader, names)
        changed = {number: [name for name in new if content.differ(new[name], before[number].get(name))]
                   for number, new in after.items()}
        records = records.browse(number for number, names in changed.items() if names)
        self._keep(
            "write", records,
            {number: {name: before[number][name] for name in changed[number]} for number in records.ids},
            {number: {name: after[number][name] for name in changed[number]} for number in records.ids},
            self._names_of(reader.browse(records.ids)))

    @api.model
    def _doomed(self, records):
        """Return ``[(records, values, names, parent)]`` that a deletion takes along, the database's cascades included.

        Read before it happens; :meth:`_deleted` is called once it has.
        """
        result, todo, seen = [], [(records, None)], set()
        levels, cascades = self.env["ctsp.audit.scope"]._levels(), self._cascades()
        while todo:
            found, parent = todo.pop()
            found = found.browse(number for number in found.ids if (found._name, number) not in seen)
            seen.update((found._name, number) for number in found.ids)
            if not found:
                continue
            if found._name in levels:
                result.append(self._last_values(found, parent))
            for child, field in cascades.get(found._name, ()):
                # superuser: the database deletes them, whoever may see them
                children = self.env[child].sudo().with_context(active_test=False).search(
                    [(field, "in", found.ids)], order="id")
                todo.append((children, found._name))
        return result

    @api.model
    def _last_values(self, records, parent):
        records = records.exists()
        reader, (_logged, plain) = self._reader(records), self._logged_names(records._name)
        values = {
            number: {name: value for name, value in one.items() if value not in (None, False)}
            for number, one in self._values(reader, plain).items()
        }
        return records, values, self._names_of(reader), parent

    @api.model
    def _deleted(self, doomed):
        for records, values, names, parent in doomed:
            self._keep("unlink", records, values, {}, names, {"cascade": parent} if parent else {})

    @api.model
    @tools.ormcache(cache="stable")
    def _cascades(self):
        """Return ``{model: ((child, field), …)}``: what the database deletes with a record, as far as it is logged."""
        return cascade.leading_to(cascade.edges(self.pool), self.env["ctsp.audit.scope"]._levels().keys())

    @api.model
    def _read(self, records):
        self.env["ctsp.audit.port"]._log("read", records)

    # ---- the buffer

    @api.model
    def _keep(self, event, records, before, after, names, detail=None):
        """Put one row for each record into the buffer; ``before``, ``after`` and ``names`` by identifier."""
        if not records:
            return
        rows = self._buffer()
        frame = {**self._frame(), "event": event, "detail": detail}
        for number in records.ids:
            key, old, new = (records._name, number), before.get(number, {}), after.get(number, {})
            row = rows.get(key)
            if row and row["event"] in ("create", "write") and event == "write" and row["user_id"] == self.env.uid:
                row["before"] = {**old, **row["before"]} if row["event"] == "write" else row["before"]
                row["after"] = {**row["after"], **new}
                continue
            if row:
                rows[key, len(rows)] = rows.pop(key)  # kept as it is; the new row takes its place
            rows[key] = {
                **frame, "model": records._name, "res_id": number, "res_ids": [number], "res_count": 1,
                "record_name": names.get(number), "before": old, "after": new,
            }

    @api.model
    def _frame(self):
        """Return the columns that all rows of one person in one request share; made once for each flush."""
        context, data = self.env.context, self.env.cr.precommit.data
        key = FRAME, self.env.uid, *(context.get(name) for name in origin.CONTEXT)
        if key not in data:
            data[key] = self.env["ctsp.audit.port"]._row("write", None, {}, success=True)
        return data[key]

    @api.model
    def _names_of(self, records):
        """Return ``{id: name}`` that people know :meth:`_reader` records by; nothing that would tell personal data."""
        name = records._rec_name
        field = records._fields.get(name) if name else None
        if not field or not field.store or field.type != "char" or name in getattr(records, "_personal_fields", {}):
            return {}
        return {record.id: record[name][:200] for record in records if record[name]}

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
        if not rows:
            return
        try:
            self._tell_apart(rows.values())
            self.env["ctsp.audit.port"]._write_rows(self.env.cr, list(rows.values()), plain=True)
        except BaseException:  # who catches it must not get changes saved without their rows
            self._buffer().update(rows)
            raise
        nudge.after_commit(self.env.cr)

    @api.model
    def _tell_apart(self, rows):
        """Put a keyed digest beside masks that are the same before and after, one call for all ``rows``.

        Without a key nothing but the mask is written: the row says by itself that the field was changed.
        """
        found = list(content.alike(rows))
        messages = [content.value_message(row, name, row[side][name])
                    for row, name in found for side in ("before", "after")]
        digests = iter(self.env["ctsp.audit.macer"]._value_digests(messages) or () if found else ())
        for row, name in found:
            for side in ("before", "after"):
                row[side] = {**row[side], name: {"mask": str(row[side][name]), "keyed": next(digests, None)}}
