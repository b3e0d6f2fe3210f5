"""Which rows of which tables are protected, read from the classes: ``_integrity_fields`` of any model."""
import logging

from odoo.tools import SQL

from . import naming, sealing

_logger = logging.getLogger(__name__)
#: Not fields of the ORM, but columns that matter.
COLUMNS = {
    ("res.users", "password"), ("res.users", "totp_secret"), ("res.users.apikeys", "index"),
    ("res.users.apikeys", "key")}
#: Tables that Odoo makes past the ORM.
TABLES = {"res.users.apikeys"}


#: Whose row it is, on every class with an owner, decides who sees it: it counts beside the names a class gives, as a
#: version of its own for each of theirs.
OWNER, OWNED = "owner_partner_id", 1000


class Protection:
    """How one model is protected: the versions of its list of fields, and how their values are read."""

    def __init__(self, model):
        self.model, self.table = model._name, model._table
        self.versions = {
            version: tuple(name for name in names if _is_readable(model, name))
            for version, names in _with_owner(model).items()}
        self.version = max(self.versions)
        self.names = self.versions[self.version]
        everything = dict.fromkeys(name for names in self.versions.values() for name in names)
        self.links = {name: model._fields[name] for name in everything
                      if name in model._fields and model._fields[name].type == "many2many"}
        self.sealed = {name for name in everything if _is_encrypted(model._fields.get(name))}
        self.read = {name: _expression(model, name) for name in everything if name not in self.sealed}
        self.watched = frozenset(everything)
        self.signed = model._integrity_signed
        self.rows, self.partial = SQL(model._integrity_rows), model._integrity_rows != "TRUE"
        self.spoken = model._integrity_spoken
        #: fields with a file, and the protected one that holds its SM3
        self.files = {name: digest for name, digest in model._integrity_files.items() if digest in everything}

    def link_texts(self, env, name, ids, added=(), removed=()):
        """Return ``{id: text}`` of the links of rows.

        :param added, removed: pairs of links with and without which they are read: as they were before a change
        """
        field, found = self.links[name], {res_id: set() for res_id in ids}
        if found:
            env.cr.execute(SQL(
                "SELECT %s, %s FROM %s WHERE %s = ANY(%s)", SQL.identifier(field.column1),
                SQL.identifier(field.column2), SQL.identifier(field.relation), SQL.identifier(field.column1),
                list(found)))
            for own, other in (env.cr.fetchall() + list(added)):
                if (own, other) not in removed:
                    found[own].add(other)
        return {res_id: _linked_text(others) for res_id, others in found.items()}

    def values(self, env, condition, wanted=None, rows=None):
        """Return ``{id: {name: text or None}}`` of the rows that fulfil ``condition`` (SQL over ``t``).

        :param wanted: the names to read; all when None
        :param rows: the rows that are protected when None
        """
        names = [name for name in self.read if wanted is None or name in wanted]
        sealed = self.sealed if wanted is None else self.sealed.intersection(wanted)
        env.cr.execute(SQL(
            "SELECT t.id%s FROM %s t WHERE %s AND %s ORDER BY t.id", SQL("").join(
                SQL(", %s", self.read[name]) for name in names), SQL.identifier(self.table), condition,
            rows or self.rows))
        found = {row[0]: dict(zip(names, row[1:])) for row in env.cr.fetchall()}
        if sealed and found:
            # superuser: digests cover what the field says, whoever asks; what does not open counts as another value
            context = {"active_test": False, "bin_size": False, "crypto_broken": sealing.SHOWN}
            for record in env[self.model].sudo().with_context(**context).browse(found):
                found[record.id] |= {name: _text(record[name]) for name in sealed}
        return found

    def stored(self, env, ids, names):
        """Return ``{id: {name: text or None}}`` of columns as the database holds them, whatever the cache of the ORM
        is about to write there. Links are not among them (:meth:`link_texts`).
        """
        plain = [name for name in names if name in self.read and name not in self.links]
        found = {res_id: {} for res_id in ids}
        if plain:
            env.cr.execute(SQL(
                "SELECT t.id%s FROM %s t WHERE t.id = ANY(%s)", SQL("").join(
                    SQL(", %s", self.read[name]) for name in plain), SQL.identifier(self.table), list(ids)))
            found = {row[0]: dict(zip(plain, row[1:])) for row in env.cr.fetchall()}
        for name in self.sealed.intersection(names):
            for res_id, text in self._opened(env, ids, name).items():
                found[res_id][name] = text
        return found

    def everything(self, env):
        """Return ``{id: {name: text or None}}`` of the columns of all rows, as :meth:`stored`."""
        env.cr.execute(SQL("SELECT t.id FROM %s t WHERE %s", SQL.identifier(self.table), self.rows))
        return self.stored(env, [row[0] for row in env.cr.fetchall()], self.names)

    def count(self, env):
        """Return how many rows are protected."""
        env.cr.execute(SQL("SELECT count(*) FROM %s t WHERE %s", SQL.identifier(self.table), self.rows))
        return env.cr.fetchone()[0]

    def _opened(self, env, ids, name):
        """Return ``{id: text}`` of an encrypted column, decrypted past the cache."""
        records = env[self.model].sudo().browse(ids)  # superuser: as in values()
        field, uuid = records._fields[name], SQL.identifier("t", naming.UUID)
        env.cr.execute(SQL(
            "SELECT t.id, uuid_send(%s) || %s FROM %s t WHERE t.id = ANY(%s)", uuid, SQL.identifier("t", name),
            SQL.identifier(self.table), list(ids)))
        rows = env.cr.fetchall()
        sealed = [(res_id, bytes(value)) for res_id, value in rows if value is not None]
        texts = {
            res_id: sealing.UNREADABLE if value is sealing.BROKEN else _text(field.convert_to_record(value, records))
            for (res_id, _value), value in zip(sealed, sealing.opened(field, records, sealed), strict=True)}
        return {res_id: texts.get(res_id) for res_id, _value in rows}


def _with_owner(model):
    """Return the lists of fields of a class by version, those with the owner's column included."""
    versions = dict(model._integrity_fields)
    if OWNER in model._fields and model._fields[OWNER].store and OWNER not in versions[max(versions)]:
        versions |= {OWNED + version: (*names, OWNER) for version, names in versions.items()}
    return versions


def _linked_text(ids):
    """Return links as :func:`_expression` reads them."""
    return ",".join(map(str, sorted(ids))) or None


def _is_table(cls):
    return not cls._abstract and (cls._auto or cls._name in TABLES)


def _is_encrypted(field):
    return hasattr(type(field), "index_purpose")  # ``fields.Encrypted``


def _text(value):
    if value is False or value is None:
        return None
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _is_readable(model, name):
    if (model._name, name) in COLUMNS:
        return True
    field = model._fields.get(name)
    readable = field is not None and (
        _is_encrypted(field) or (field.store and (field.column_type or field.type == "many2many")))
    if not readable:
        _logger.warning("%s.%s has no column of its own and cannot be protected", model._name, name)
    return readable


def _expression(model, name):
    field = model._fields.get(name)
    if field is not None and field.type == "many2many":
        own, other = SQL.identifier("r", field.column1), SQL.identifier("r", field.column2)
        return SQL("(SELECT string_agg(%s::text, ',' ORDER BY %s) FROM %s r WHERE %s = t.id)",
                   other, other, SQL.identifier(field.relation), own)
    column = SQL.identifier("t", name)
    if field is not None and field.translate:
        if name in model._integrity_spoken:
            return SQL("%s::text", column)
        return SQL("(%s->>'en_US')", column)  # other languages are loaded past the ORM
    if alike := model._integrity_alike.get(name):
        return SQL("(CASE WHEN %s IN %s THEN %s ELSE %s::text END)", column, alike, "|".join(alike), column)
    return SQL("%s::text", column)


class Map:
    """All protected models of a registry, and what else changes their rows."""

    def __init__(self, env):
        self.models = {
            name: Protection(env[name]) for name, cls in env.registry.items()
            if cls._integrity_fields and _is_table(cls)}
        #: models that protected many2many fields lead to: a row of theirs that goes takes its links with it
        self.linked = {link.comodel_name for one in self.models.values() for link in one.links.values()}
        self.inverse = self._inverse(env)
        self.below = self._below(env)

    def _inverse(self, env):
        """Return ``{model: {field: (protected model, its field)}}``: the other ends of protected many2many fields."""
        found = {}
        for name, protection in self.models.items():
            for own, field in protection.links.items():
                for other in env.registry.many2many_relations.get((field.relation, field.column2, field.column1), ()):
                    found.setdefault(other[0], {})[other[1]] = (name, own)
        return found

    def _below(self, env):
        """Return ``{model: [(model below, column, its field or None)]}``: what the database does when a row goes.

        Deleting a row deletes those below it (no field), or empties a protected column of theirs.
        """
        edges = {}
        for name, cls in env.registry.items():
            if not _is_table(cls) or cls._transient:
                continue
            watched = self.models[name].watched if name in self.models else ()
            for field in cls._fields.values():
                if field.type != "many2one" or not field.store or not field.column_type:
                    continue
                if field.ondelete == "cascade":
                    edges.setdefault(field.comodel_name, []).append((name, field.name, None))
                elif field.ondelete == "set null" and field.name in watched:
                    edges.setdefault(field.comodel_name, []).append((name, field.name, field.name))
        return self._relevant(edges)

    def _relevant(self, edges):
        """Keep what leads to a protected row, or to one that a protected row is linked to."""
        useful, grown = self.models.keys() | self.linked, True
        while grown:
            more = {target for target, rows in edges.items()
                    if target not in useful and any(row[0] in useful for row in rows)}
            grown = bool(more)
            useful |= more
        kept = {}
        for target, rows in edges.items():
            if chosen := [row for row in rows if row[0] in useful and (row[2] is None or row[0] in self.models)]:
                kept[target] = chosen
        return kept
