"""The columns an import may have: fields of the model, and fields of the records it points at that help to find one.

``person_id.institution_id`` in an import of posts is no value of its own: it says among whose people ``person_id`` is
looked up. Such columns follow from ``_import_scopes`` of the model that has the link.
"""
from .import_headers import COMMON


class Place:
    """One column of an import: a field of ``model``, or a path of links to a field that narrows another down."""

    def __init__(self, model, path):
        *links, name = path.split(".")
        self.owner, self.path, self.prefix = model, path, path[:-len(name)]
        for link in links:
            self.owner = self.owner.env[self.owner._fields[link].comodel_name]
        self.field = self.owner._fields[name]
        self.name = name

    @property
    def is_value(self):
        """Whether the model itself has the field."""
        return not self.prefix

    @property
    def label(self):
        """The name under which people know the column."""
        return self.field._description_string(self.owner.env)

    def scopes(self):
        """Return ``{field of the linked records: path of the column that gives it}``."""
        declared = getattr(self.owner, "_import_scopes", {}).get(self.name, ())
        if isinstance(declared, dict):
            return {name: f"{self.prefix}{path}" for name, path in declared.items()}
        own = self.owner._import_value_names() if declared else ()
        return {name: f"{self.prefix}{name}" if name in own else f"{self.path}.{name}" for name in declared}

    def scope_labels(self):
        """Return the names of the columns that narrow this one down, as people know them."""
        linked = self.owner.env[self.field.comodel_name]
        return [linked._fields[name]._description_string(linked.env) for name in self.scopes()]

    def may_be_given(self):
        """Whether the user may fill it in: write the value, or at least read what narrows one down."""
        return self.owner._has_field_access(self.field, "write" if self.is_value else "read")

    def headers(self):
        """Return other headers under which files bring this column."""
        declared = getattr(self.owner, "_import_headers", {}).get(self.name, ())
        return (*declared, *COMMON.get(self.name, ()))


def paths(model):
    """Return the paths of all columns of ``model``, those that narrow a link down before it."""
    found = []
    for name in model._import_value_names():
        _add(model, name, found)
    return [path for path in found if path not in model._import_by_parts and Place(model, path).may_be_given()]


def _add(model, path, found):
    if path in found:
        return
    for scope in Place(model, path).scopes().values():
        _add(model, scope, found)
    found.append(path)
