"""Plans and applies an import: cells → values → new, changed, unchanged or bad rows.

Works in the importing user's environment only; the ORM's rights, rules and constraints decide.
"""
import psycopg2

from odoo.exceptions import UserError
from odoo.models import MAGIC_COLUMNS

from . import import_values as values_
from .import_keys import KeyFinder
from .import_messages import explain_cell, explain_refusal
from .import_plan import BAD, CHANGED, NEW, UNCHANGED
from .import_reader import RowReader

BATCH = 200
EXAMPLE_MARKS = ("示例：", "示例:", "例：", "Example:")


class ImportEngine:
    """Imports the rows of one table into one model.

    :param model: empty recordset in the importing user's environment
    :param columns: ``{column index: path}``, see ``import_places``
    :param clear_empty: empty cells clear what is stored; otherwise they leave it
    """

    def __init__(self, model, columns, clear_empty=False):
        self.model = model
        self.env = model.env
        self._clear_empty = clear_empty
        self._reader = RowReader(model, columns)
        self._fields, self._labels = self._reader.fields, self._reader.labels
        self._finder = KeyFinder(model, self._fields)

    # -- planning ---------------------------------------------------------------------------------

    def plan(self, rows, progress):
        """Return a :class:`RowPlan` for each of ``rows`` (``(number, cells)``); example rows are left out."""
        plans = self._reader.read([row for row in rows if not self._is_example(row[1])])
        progress.step(len(plans))
        self._refuse_duplicates(plans)
        self._match(plans)
        return plans

    def _is_example(self, cells):
        first = next((cell for cell in cells if cell not in (None, "")), "")
        return isinstance(first, str) and first.strip().startswith(EXAMPLE_MARKS)

    def _refuse_duplicates(self, plans):
        seen = {}
        for plan in plans:
            names, value = self._finder.identity(plan.values)
            if not names:
                continue
            first = seen.setdefault((names, value), plan.number)
            if first != plan.number:
                shown = " / ".join(values_.shown(self.model, *pair) for pair in zip(names, value, strict=True))
                plan.refuse(self._label(names), explain_cell(self.env, "duplicate_row", value=shown, row=first))

    def _label(self, names):
        return " / ".join(self._labels[name] for name in names)

    def _match(self, plans):
        """Find the existing record of each row, and what would change in it."""
        self._finder.load([plan.values for plan in plans])
        for plan in plans:
            ids, names, value = self._finder.find(plan.values)
            if len(ids) > 1:
                shown = " / ".join(values_.shown(self.model, *pair) for pair in zip(names, value, strict=True))
                plan.refuse(self._label(names), explain_cell(self.env, "several_records", value=shown))
            elif ids:
                plan.record_id = ids[0]
                plan.old = {"key": names}
        for start in range(0, len(plans), BATCH):
            self._compare(plans[start:start + BATCH])

    def _compare(self, plans):
        records = self.model.browse([plan.record_id for plan in plans if plan.record_id])
        records.fetch([name for name, one in self._fields.items() if one.store])
        for plan in plans:
            if plan.record_id:
                self._compare_one(plan, self.model.browse(plan.record_id))
            self._refuse_missing(plan)

    def _compare_one(self, plan, record):
        names = plan.old.pop("key")
        for key in self._finder.stronger(names):
            for name in key:
                value = values_.stored(record, name)
                if value and plan.values.get(name) and value != plan.values[name]:
                    plan.refuse(self._labels[name], explain_cell(
                        self.env, "key_conflict", record=record.display_name,
                        value=values_.shown(self.model, name, value)))
        for name, value in list(plan.values.items()):
            value = self._empty(name) if value is None else value
            old = values_.stored(record, name)
            if (plan.values[name] is None and not self._clear_empty) or old == value:
                del plan.values[name]
            else:
                plan.values[name], plan.old[name] = value, old
        if plan.state != BAD:
            plan.state = CHANGED if plan.values or plan.later else UNCHANGED

    def _empty(self, name):
        return values_.plain(self._fields[name], None, self.env)

    def _refuse_missing(self, plan):
        """Required fields: new rows must fill them, changed rows must not clear them."""
        bad = {label for label, _reason in plan.problems} | {self._labels[path] for path in plan.unread}
        if plan.record_id:
            missing = [name for name, value in plan.values.items()
                       if self._fields[name].required and value in (False, [], "")]
        else:
            plan.values = {name: value for name, value in plan.values.items() if value is not None}
            missing = [name for name in self._required() if name not in plan.values and name not in plan.later]
        for name in missing:
            label = self.model._fields[name]._description_string(self.env)
            if label not in bad:
                plan.refuse(label, explain_cell(self.env, "required"))

    def _required(self):
        """Required fields that files give and nothing else fills."""
        if not hasattr(self, "_required_names"):
            given = [self.model._fields[name] for name in self.model._import_value_names()]
            names = [one.name for one in given
                     if one.required and one.store and not one.compute and not one.related and not one.default
                     and one.name not in MAGIC_COLUMNS and not one.inherited]
            filled = self.model.default_get(names)
            self._required_names = [name for name in names if not filled.get(name)]
        return self._required_names

    # -- applying ---------------------------------------------------------------------------------

    def apply(self, plans, progress):
        """Create and write what is planned; rows the ORM refuses become bad, the others stand."""
        todo = [plan for plan in plans if plan.state in (NEW, CHANGED)]
        ready = [plan for plan in todo if not plan.later]
        waiting = [plan for plan in todo if plan.later]
        while ready:
            self._apply_batches(ready, progress)
            ready = [plan for plan in waiting if self._is_ready(plan)]
            waiting = [plan for plan in waiting if plan.later]
        for plan in waiting:
            for name, other in plan.later.items():
                plan.refuse(self._labels[name], explain_cell(self.env, "row_not_imported", row=other.number))

    def _is_ready(self, plan):
        """Fill in the rows of this file that ``plan`` names and that exist by now."""
        for name, other in list(plan.later.items()):
            if other.record_id and other.state != BAD:
                plan.values[name] = other.record_id
                del plan.later[name]
        return not plan.later

    def _apply_batches(self, todo, progress):
        for start in range(0, len(todo), BATCH):
            batch = todo[start:start + BATCH]
            if not self._apply_together(batch):
                for plan in batch:
                    self._apply_alone(plan)
            progress.step(len(batch))
            self.env.invalidate_all()

    def _apply_together(self, batch):
        try:
            with self.env.cr.savepoint():
                new = [plan for plan in batch if plan.state == NEW]
                records = self.model.create([self._vals(plan) for plan in new])
                for plan in batch:
                    if plan.state == CHANGED:
                        self.model.browse(plan.record_id).write(self._vals(plan))
                self.env.flush_all()
        except (UserError, ValueError, psycopg2.IntegrityError, psycopg2.DataError):
            return False  # one row of the batch is bad: the caller finds it row by row
        for plan, record in zip(new, records, strict=True):
            plan.record_id = record.id
        return True

    def _apply_alone(self, plan):
        try:
            with self.env.cr.savepoint():
                if plan.state == NEW:
                    plan.record_id = self.model.create(self._vals(plan)).id
                else:
                    self.model.browse(plan.record_id).write(self._vals(plan))
                self.env.flush_all()
        except (UserError, ValueError, psycopg2.IntegrityError, psycopg2.DataError) as error:
            if plan.state == NEW:
                plan.record_id = 0
            plan.refuse("", explain_refusal(self.model, error))

    def _vals(self, plan):
        vals = {name: values_.writable(self.model._fields[name], value) for name, value in plan.values.items()}
        return self.model._import_prepare(vals, self.model.browse(plan.record_id))
