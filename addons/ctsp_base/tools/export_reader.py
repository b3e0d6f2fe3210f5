"""Reads records for export: the values behind field paths, batch by batch, with the reader's own rights.

A path such as ``institution_id.district_id`` is followed through relations; records on the way that the user may
not read give an empty cell, a field he may not read gives its masked twin, or the column is refused.
"""
from dataclasses import dataclass, field

import pytz

from odoo.tools import html2plaintext

from .export_writer import DATE, DATETIME, INTEGER, NUMBER, TEXT

BATCH = 1000
SEPARATOR = "、"
KINDS = {"date": DATE, "datetime": DATETIME, "integer": INTEGER, "float": NUMBER, "monetary": NUMBER}
NOT_EXPORTED = ("binary", "image", "serialized", "json", "properties", "properties_definition")
MAX_DEPTH = 5


@dataclass
class Column:
    """One column: the path as asked for, the names really read, and what the file shows."""

    path: str
    label: str
    names: tuple = ()
    kind: str = TEXT
    personal: bool = False  # personal data in clear
    masked: bool = False
    options: dict = field(default_factory=dict)


class ColumnRefused(ValueError):
    """A path that the user cannot export. ``reason`` is ``unknown`` or ``denied``."""

    def __init__(self, path, reason):
        super().__init__(path)
        self.path = path
        self.reason = reason


def resolve(model, path, label=None):
    """Return the :class:`Column` of ``path`` on ``model`` (a recordset in the user's environment)."""
    names, labels, many, personal, masked = [], [], False, False, False
    parts = path.replace("/", ".").split(".")
    if len(parts) > MAX_DEPTH:
        raise ColumnRefused(path, "unknown")
    for position, name in enumerate(parts):
        leaf = position == len(parts) - 1
        field_ = model._fields.get(name)
        if field_ is None or (not leaf and not field_.comodel_name) or field_.type in NOT_EXPORTED:
            raise ColumnRefused(path, "unknown")
        labels.append(field_._description_string(model.env))
        is_personal = name in getattr(model, "_personal_fields", {})
        if not model._has_field_access(field_, "read"):
            field_ = model._fields.get(f"{name}_masked")
            if not (leaf and is_personal and field_):
                raise ColumnRefused(path, "denied")
            masked = True
        masked = masked or (name.removesuffix("_masked") in getattr(model, "_personal_fields", {}) and not is_personal)
        personal = personal or (is_personal and not masked)
        names.append(field_.name)
        many = many or field_.type in ("one2many", "many2many")
        owner, model = model, model.env[field_.comodel_name] if field_.comodel_name else model
    column = Column(path, label or "/".join(labels), tuple(names), personal=personal, masked=masked)
    column.kind = TEXT if many else KINDS.get(field_.type, TEXT)
    if field_.type == "selection":
        column.options = dict(field_._description_selection(owner.env))
    return column


class Reader:
    """Turns records into rows of plain values.

    :param model: empty recordset in the environment (user, language, time zone) of the reader
    """

    def __init__(self, model, columns):
        self._model = model
        self._columns = columns
        self._tz = model.env.tz
        self._words = {True: model.env._("Yes"), False: model.env._("No")}
        self._readable = {}

    def rows(self, ids):
        """Yield one list of values for each record, in order; the record cache is emptied after every batch."""
        for start in range(0, len(ids), BATCH):
            batch = self._model.browse(ids[start:start + BATCH])._filtered_access("read")
            self._scan_relations(batch)
            for record in batch:
                yield [self._cell(record, column) for column in self._columns]
            self._model.env.invalidate_all()

    def _scan_relations(self, batch):
        """Find which records on the way the user may read, and read for the batch at once what its cells need."""
        found = {(): batch}
        for path, names in self._steps():
            found[path].fetch(names)
            for name in names:
                if found[path]._fields[name].comodel_name:
                    found[*path, name] = found[path].mapped(name)._filtered_access("read")
        for column in self._columns:
            if column.names in found:
                found[column.names].mapped("display_name")  # computed together: one by one costs a query each
        self._readable = {path: set(records._ids) for path, records in found.items()}

    def _steps(self):
        """Return ``[(path, names of the fields read there)]``, short paths first."""
        steps = {}
        for column in self._columns:
            for length, name in enumerate(column.names):
                steps.setdefault(column.names[:length], {})[name] = True
        return [(path, list(names)) for path, names in sorted(steps.items(), key=lambda step: len(step[0]))]

    def _cell(self, record, column):
        records = record
        for length in range(1, len(column.names)):
            records = self._visible(records.mapped(column.names[length - 1]), column.names[:length])
        values = [self._leaf(one, column) for one in records]
        if len(values) == 1:
            return values[0]
        return SEPARATOR.join(str(value) for value in values if value not in (None, "")) if values else None

    def _visible(self, records, prefix):
        allowed = self._readable[prefix]
        return records.browse(id_ for id_ in records._ids if id_ in allowed)

    def _leaf(self, record, column):
        name = column.names[-1]
        field_ = record._fields[name]
        value = record[name]
        if field_.comodel_name:
            linked = self._visible(value, column.names)
            return SEPARATOR.join(one.display_name or "" for one in linked) or None
        if field_.type == "boolean":
            return self._words[bool(value)]
        if value is False or value is None:
            return None
        return self._formatted(field_.type, value, column)

    def _formatted(self, kind, value, column):
        if kind == "selection":
            return column.options.get(value, value)
        if kind == "datetime":
            return pytz.utc.localize(value).astimezone(self._tz).replace(tzinfo=None)
        if kind == "html":
            return html2plaintext(value).strip()
        if kind in ("reference", "many2one_reference"):
            return getattr(value, "display_name", value)
        return value
