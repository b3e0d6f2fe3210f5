"""Finds the existing record of each row of an import, a few queries for the whole file."""
from . import import_values as values_
from .import_resolver import CHUNK

NOTHING = (None, False, "")


class KeyFinder:
    """Finds existing records by the import keys of their model.

    :param model: the importing model; :param fields: names of the fields the file gives
    """

    def __init__(self, model, fields):
        self._model = model.with_context(active_test=False)
        self._blank = set(model._import_blank)
        self._keys = []
        for key in model._import_keys:
            names = (key,) if isinstance(key, str) else tuple(key)
            # what may be empty and stands in no column does not tell records apart
            names = tuple(name for name in names if name in fields or name not in self._blank)
            if set(names) <= set(fields) and names not in self._keys:
                self._keys.append(names)
        self._index = {}

    def _value(self, names, values):
        """Return the value of the key ``names`` in a row, None when the row does not fill it."""
        value = tuple(values.get(name) or False for name in names)
        filled = all(part not in NOTHING or name in self._blank for name, part in zip(names, value, strict=True))
        return value if filled else None

    def identity(self, values):
        """Return ``(key, value)`` by which a row is known: the strongest key it fills."""
        for names in self._keys:
            if value := self._value(names, values):
                return names, value
        return None, None

    def load(self, rows):
        """Read the existing records of all ``rows`` (dicts of values), a few queries for each key."""
        for names in self._keys:
            lead = names[0]
            wanted = sorted({row[lead] for row in rows if row.get(lead) not in NOTHING}, key=str)
            index = self._index[names] = {}
            for start in range(0, len(wanted), CHUNK):
                for record in self._model.search_fetch([(lead, "in", wanted[start:start + CHUNK])], list(names)):
                    value = tuple(values_.stored(record, name) or False for name in names)
                    index.setdefault(value, []).append(record.id)

    def find(self, values):
        """Return ``(ids, key, value)``: the records the strongest matching key gives."""
        for names in self._keys:
            value = self._value(names, values)
            if value and (ids := self._index[names].get(value)):
                return ids, names, value
        return [], None, None

    def stronger(self, names):
        """Return the keys before ``names``."""
        return self._keys[:self._keys.index(names)]
