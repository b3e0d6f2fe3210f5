"""Finds the records that cells name, for all rows of a file at once.

Works with the importing user's environment: what he may not read is not found.
"""
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from . import coercion

SMALL = 5000  # records: up to here all names are read for suggestions
CHUNK = 1000
SUGGESTIONS = 100  # names of a file for which something similar is looked for; the next ones are refused without


class RelationResolver:
    """Names of one relational field → ids.

    A *scope* is a tuple of ``(field of the linked records, id)`` that narrows them down, e.g. to one institution.

    :param model: the model that has the field; :param name: its many2one or many2many field
    """

    def __init__(self, model, name):
        self._field = model._fields[name]
        self._comodel = model.env[self._field.comodel_name].with_context(active_test=True)
        self._domain = self._field_domain(model)
        self._found = {}
        self._names = {}
        self._nearest = {}

    def _field_domain(self, model):
        """The field's own domain when it stands alone; one that depends on the form is left to the ORM's checks."""
        domain = self._field.domain
        if callable(domain):
            domain = domain(model)
        if isinstance(domain, str):
            try:
                domain = safe_eval(domain, {"uid": model.env.uid})
            except (NameError, ValueError):
                domain = []
        return Domain(domain or [])

    def _keys(self):
        """Fields by which a cell may name a record, the strongest first."""
        model = self._comodel
        declared = [key for key in getattr(model, "_import_keys", ()) if isinstance(key, str)]
        declared += getattr(model, "_import_lookup", ())
        names = (*declared, "code", model._rec_name, "complete_name", "name")
        fields = [model._fields.get(name) for name in names]
        usable = [field.name for field in fields if field and field.type == "char" and field._description_searchable]
        return [name for name in dict.fromkeys(usable) if model._has_field_access(model._fields[name], "read")]

    def load(self, wanted):
        """Look up all ``wanted``, pairs of ``(scope, text)``; strong keys win over weak ones.

        Without a text the scope alone must give the record.
        """
        by_fields = {}
        for scope, text in wanted:
            if text != "":
                by_fields.setdefault((tuple(name for name, _id in scope), text is None), set()).add((scope, text))
        for (names, alone), part in by_fields.items():
            if alone:
                self._load_alone(names, part)
            else:
                self._load_named(names, part)

    def _load_named(self, names, wanted):
        texts = sorted({text for _scope, text in wanted})
        within = self._within(names, {scope for scope, _text in wanted})
        for key in self._keys():
            for start in range(0, len(texts), CHUNK):
                domain = self._domain & within & Domain(key, "in", texts[start:start + CHUNK])
                self._keep(names, key, self._comodel.search_fetch(domain, [key, *names]))

    def _load_alone(self, names, wanted):
        scopes = sorted({scope for scope, _text in wanted})
        for start in range(0, len(scopes), CHUNK):
            domain = self._domain & self._within(names, scopes[start:start + CHUNK])
            self._keep(names, None, self._comodel.search_fetch(domain, list(names)))

    @staticmethod
    def _within(names, scopes):
        places = [[scope[place][1] for scope in scopes] for place in range(len(names))]
        return Domain.AND(Domain(name, "in", sorted(set(ids))) for name, ids in zip(names, places, strict=True))

    def _keep(self, names, key, records):
        found = {}
        for record in records:
            scope = tuple((name, record[name].id) for name in names)
            found.setdefault((scope, record[key] if key else None), []).append(record.id)
        for place, ids in found.items():
            self._found.setdefault(place, ids)

    def one(self, text, scope=(), columns=""):
        """Return the id ``text`` names within ``scope``; raise ``CoercionError`` otherwise.

        :param columns: the columns that could narrow it down, for the message
        """
        ids = self._found.get((scope, text), [])
        if len(ids) == 1:
            return ids[0]
        shown = self._place_name(scope) if text is None else text
        if ids:
            raise coercion.CoercionError("ambiguous_scope" if columns else "ambiguous_record", value=shown,
                                         columns=columns)
        nearest = self.nearest(text, scope) if text is not None else []
        code = "unknown_inside" if scope and text is not None else "unknown_record"
        raise coercion.CoercionError(
            f"{code}_near" if nearest else code, value=shown, nearest=nearest, place=self._place_name(scope))

    def _place_name(self, scope):
        linked = [self._comodel.env[self._comodel._fields[name].comodel_name].browse(res_id) for name, res_id in scope]
        return " / ".join(record.display_name or "" for record in linked)

    def nearest(self, text, scope=()):
        """Return names that resemble ``text``; none once too many were asked for."""
        if (scope, text) not in self._nearest and len(self._nearest) < SUGGESTIONS:
            self._nearest[scope, text] = coercion.nearest(text, self._all_names(text, scope))
        return self._nearest.get((scope, text), [])

    def names(self, limit):
        """Return the display names of at most ``limit`` records that a cell may name; none without the right."""
        if not self._comodel.has_access("read"):
            return []
        return self._comodel.search(self._domain, limit=limit).mapped("display_name")

    def _all_names(self, text, scope):
        domain = self._domain & Domain.AND(Domain(name, "=", res_id) for name, res_id in scope)
        if scope not in self._names:
            records = self._comodel.search(domain, limit=SMALL + 1)
            self._names[scope] = [record.display_name for record in records] if len(records) <= SMALL else []
        return self._names[scope] or [name for _id, name in self._comodel.name_search(text, domain, limit=10)]
