"""Finds the records that cells name, for all rows of a file at once.

Works with the importing user's environment: what he may not read is not found.
"""
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from . import coercion

SMALL = 5000  # records: up to here all names are read for suggestions
CHUNK = 1000


class RelationResolver:
    """Names of one relational field → ids.

    :param model: the importing model; :param name: its many2one or many2many field
    """

    def __init__(self, model, name):
        self._field = model._fields[name]
        self._comodel = model.env[self._field.comodel_name].with_context(active_test=True)
        self._domain = self._field_domain(model)
        self._found = {}
        self._names = None
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
        fields = [model._fields.get(name) for name in (*declared, "code", model._rec_name, "complete_name")]
        usable = [field.name for field in fields if field and field.type == "char" and field._description_searchable]
        return [name for name in dict.fromkeys(usable) if model._has_field_access(model._fields[name], "read")]

    def load(self, texts):
        """Look up all ``texts``; strong keys win over weak ones."""
        wanted = sorted(set(texts) - {""})
        for key in self._keys():
            for start in range(0, len(wanted), CHUNK):
                chunk = wanted[start:start + CHUNK]
                records = self._comodel.search_fetch(self._domain & Domain(key, "in", chunk), [key])
                found = {}
                for record in records:
                    found.setdefault(record[key], []).append(record.id)
                for text, ids in found.items():
                    self._found.setdefault(text, ids)

    def ids(self, text):
        """Return the ids that ``text`` names (none, one or several)."""
        return self._found.get(text, [])

    def one(self, text):
        """Return the id ``text`` names; raise ``CoercionError`` otherwise."""
        ids = self.ids(text)
        if len(ids) == 1:
            return ids[0]
        if ids:
            raise coercion.CoercionError("ambiguous_record", value=text)
        nearest = self.nearest(text)
        if nearest:
            raise coercion.CoercionError("unknown_record_near", value=text, nearest=nearest)
        raise coercion.CoercionError("unknown_record", value=text)

    def nearest(self, text):
        """Return names that resemble ``text``."""
        if text not in self._nearest:
            self._nearest[text] = coercion.nearest(text, self._all_names(text))
        return self._nearest[text]

    def names(self, limit):
        """Return the display names of at most ``limit`` records that a cell may name; none without the right."""
        if not self._comodel.has_access("read"):
            return []
        return self._comodel.search(self._domain, limit=limit).mapped("display_name")

    def _all_names(self, text):
        if self._names is None:
            self._names = ()
            records = self._comodel.search(self._domain, limit=SMALL + 1)
            if len(records) <= SMALL:
                self._names = [record.display_name for record in records]
        return self._names or [name for _id, name in self._comodel.name_search(text, self._domain, limit=10)]


class KeyFinder:
    """Finds the existing record of each row by the model's import keys."""

    def __init__(self, model, fields):
        self._model = model.with_context(active_test=False)
        self._keys = []
        for key in model._import_keys:
            names = (key,) if isinstance(key, str) else tuple(key)
            if set(names) <= set(fields):
                self._keys.append(names)
        self._index = {}

    def identity(self, values):
        """Return ``(key, value)`` by which a row is known: the strongest key it fills."""
        for names in self._keys:
            value = tuple(values.get(name) for name in names)
            if all(part not in (None, False, "") for part in value):
                return names, value
        return None, None

    def load(self, rows):
        """Read the existing records of all ``rows`` (dicts of values), a few queries for each key."""
        for names in self._keys:
            lead = names[0]
            wanted = sorted({row[lead] for row in rows if row.get(lead) not in (None, False, "")}, key=str)
            index = self._index[names] = {}
            for start in range(0, len(wanted), CHUNK):
                for record in self._model.search_fetch([(lead, "in", wanted[start:start + CHUNK])], list(names)):
                    index.setdefault(tuple(self._plain(record, name) for name in names), []).append(record.id)

    @staticmethod
    def _plain(record, name):
        value = record[name]
        return value.id if record._fields[name].type == "many2one" else value

    def find(self, values):
        """Return ``(ids, key, value)``: the records the strongest matching key gives."""
        for names in self._keys:
            value = tuple(values.get(name) for name in names)
            if ids := self._index[names].get(value):
                return ids, names, value
        return [], None, None

    def stronger(self, names):
        """Return the keys before ``names``."""
        return self._keys[:self._keys.index(names)]
