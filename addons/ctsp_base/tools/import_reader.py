"""Reads the rows of a table: cells → values, links by what narrows them down, rows that name one another."""
from . import import_values as values_
from . import input_checks
from .coercion import CoercionError, split, text
from .import_messages import explain_cell
from .import_places import Place
from .import_plan import RowPlan
from .import_resolver import RelationResolver

LONGEST = {"char": input_checks.longest_line, "text": lambda _field: input_checks.TEXT}
DAYS = {"date": input_checks.date, "datetime": input_checks.datetime}
UNKNOWN = ("unknown_record", "unknown_record_near", "unknown_inside", "unknown_inside_near")


class RowReader:
    """Turns the cells of a file into the values of :class:`RowPlan`, column by column.

    :param model: empty recordset in the importing user's environment
    :param columns: ``{column index: path}``, see ``import_places``
    """

    def __init__(self, model, columns):
        self.model, self.env = model, model.env
        self._index = {path: index for index, path in columns.items()}
        self._places = {path: Place(model, path) for path in [*columns.values(), *self._by_parts(columns.values())]}
        self._scopes = {
            path: {name: column for name, column in place.scopes().items() if column in self._places}
            for path, place in self._places.items()}
        self.fields = {path: place.field for path, place in self._places.items() if place.is_value}
        self.labels = {path: place.label for path, place in self._places.items()}
        self._resolvers = {
            path: RelationResolver(place.owner, place.name)
            for path, place in self._places.items() if place.field.comodel_name}
        self._options = {
            path: place.field._description_selection(self.env)
            for path, place in self._places.items() if place.field.type == "selection"}

    def _by_parts(self, given):
        """Links that are found by the other columns alone."""
        return [name for name in self.model._import_by_parts
                if set(Place(self.model, name).scopes().values()).intersection(given)]

    def read(self, rows):
        """Return a plan for each of ``rows`` (``(number, cells)``)."""
        plans = [RowPlan(number) for number, _cells in rows]
        for path in self._ordered():
            cells = [self._cell(path, cells) for _number, cells in rows]
            if path in self._resolvers:
                self._fill_links(path, plans, cells)
            else:
                for plan, cell in zip(plans, cells, strict=True):
                    self._fill(path, plan, cell, None)
        for plan in plans:
            plan.values = {path: value for path, value in plan.values.items() if path in self.fields}
        return plans

    def _ordered(self):
        """Columns in an order in which what another one needs comes before it: what narrows it down, names of rows."""
        found = []

        def add(path):
            if path not in found:
                for column in self._scopes[path].values():
                    add(column)
                found.append(path)

        for path in sorted(self._places, key=self._is_own_link):
            add(path)
        return found

    def _is_own_link(self, path):
        place = self._places[path]
        return place.is_value and place.field.type == "many2one" and place.field.comodel_name == self.model._name

    def _cell(self, path, cells):
        index = self._index.get(path)
        return cells[index] if index is not None and index < len(cells) else None

    def _fill(self, path, plan, cell, resolve):
        try:
            if path not in self._index:
                plan.values[path] = resolve(None)
            else:
                plan.values[path] = None if text(cell) == "" else self._value(path, cell, resolve)
        except CoercionError as error:
            plan.refuse(self.labels[path], explain_cell(self.env, error.code, **error.params))

    def _value(self, path, cell, resolve):
        field = self._places[path].field
        value = values_.cell_value(field, cell, resolve, self.env.tz, self._options.get(path))
        if isinstance(value, str) and field.type in LONGEST:
            limit = getattr(field, "size", None) or LONGEST[field.type](field)
            if len(value) > limit:
                raise CoercionError("too_long", count=len(value), limit=limit)
        if field.type in DAYS:
            self._check_year(DAYS[field.type], value)
        return values_.plain(field, value, self.env)

    @staticmethod
    def _check_year(check, value):
        try:
            check(value)
        except input_checks.InputError as error:
            raise CoercionError(error.code, **error.params) from None

    # -- links ------------------------------------------------------------------------------------

    def _fill_links(self, path, plans, cells):
        scopes = [self._scope(path, plan) for plan in plans]
        wanted = {
            (scope, name) for scope, cell in zip(scopes, cells, strict=True) if scope is not None
            for name in self._named(path, cell)}
        resolver = self._resolvers[path]
        resolver.load(wanted)
        columns = "、".join(self._places[path].scope_labels()) if self._scopes[path] else ""
        others = self._file_names(path, plans)
        for plan, cell, scope in zip(plans, cells, scopes, strict=True):
            if scope is None:
                plan.unread.add(path)  # what it is looked up in was refused already
            elif path not in self._index and not scope:
                plan.values[path] = None
            elif not self._wait_for(path, plan, cell, scope, others):
                self._fill(path, plan, cell, lambda name, scope=scope: resolver.one(name, scope, columns))

    def _scope(self, path, plan):
        """Return what the row narrows the link down to; None when that was refused."""
        columns = self._scopes[path]
        if any(column not in plan.values for column in columns.values()):
            return None
        return tuple((name, plan.values[column]) for name, column in columns.items() if plan.values[column])

    def _named(self, path, cell):
        if path not in self._index:
            return [None]
        try:
            return split(cell) if self._places[path].field.type == "many2many" else [text(cell)]
        except CoercionError:
            return []

    def _file_names(self, path, plans):
        """Rows of this file that others may name: ``{(scope, name): plan}``, for a link to the model itself."""
        if not self._is_own_link(path):
            return {}
        found = {}
        for plan in plans:
            scope = self._scope(path, plan)
            for name in ("code", "name"):
                if scope is not None and plan.values.get(name):
                    found.setdefault((scope, plan.values[name]), plan)
        return found

    def _wait_for(self, path, plan, cell, scope, others):
        """Tell whether the row names one of this file that does not exist yet, and remember which."""
        if not others or not text(cell):
            return False
        try:
            self._resolvers[path].one(text(cell), scope)
        except CoercionError as error:
            other = others.get((scope, text(cell)))
            if error.code in UNKNOWN and other is not None and other is not plan:
                plan.later[path] = other
                return True
        return False
