"""What of a field's value goes into the log: small, plain, and nothing that must not be read there."""
import json

from odoo.addons.ctsp_base.tools.digest import sm3
from odoo.addons.ctsp_base.tools.masking import mask

LONG = 2000  # characters of a text; beyond it a digest stands for the rest
NEVER = frozenset({
    "create_date", "create_uid", "write_date", "write_uid", "password", "new_password", "totp_secret",
    "totp_last_counter", "oauth_access_token", "signup_token", "key", "access_token", "db_datas", "index_content",
})
TECHNICAL = ("integrity_", "message_", "activity_", "crypto_")


class Masked(str):
    """A personal value as the log shows it; until its row is written it knows the clear value, to be compared by."""

    __slots__ = ("clear",)

    @classmethod
    def of(cls, kind, value):
        masked = cls(mask(kind, value) or "")
        masked.clear = str(value)
        return masked if masked else None


def differ(one, other):
    """Return whether two values of a field differ, personal ones by what they are and not by their masks."""
    if isinstance(one, Masked) and isinstance(other, Masked):
        return one.clear != other.clear
    return one != other


def is_logged(field):
    """Return whether changes of ``field`` are evidence: stored, not derived, not technical, not secret."""
    return (
        field.store and field.type not in ("one2many", "properties") and field.name not in NEVER
        and not field.name.startswith(TECHNICAL) and (not field.compute or not field.readonly)
    )


def is_plain(field):
    """Return whether a new record's value of ``field`` is kept though nobody gave it: no derived or large one."""
    return bool(
        field.column_type and not field.compute and not field.related and not field.company_dependent
        and field.type not in ("html", "binary", "image"))


def shown(record, field, kinds):
    """Return the JSON value of a field as the log keeps it.

    :param kinds: ``_personal_fields`` of the class; such a value is kept masked only (:class:`Masked`)
    """
    value = record[field.name] if field.type != "json" else _uncopied(record, field)
    if field.type == "boolean":
        return bool(value)
    if field.type == "many2one":
        return value.id or None
    if field.type in ("many2many", "reference", "many2one_reference"):
        return sorted(value.ids) if field.type == "many2many" else str(value or "") or None
    if value is False or value is None:
        return None
    if field.name in kinds:
        return Masked.of(kinds[field.name], value)
    if field.type in ("binary", "image"):
        content = value if isinstance(value, bytes) else str(value).encode()
        return {"sm3": sm3(content), "size": len(content)}
    if field.type == "json":
        value = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    if field.type in ("char", "text", "html", "selection", "json") and len(text := str(value)) > LONG:
        return {"text": text[:LONG], "sm3": sm3(text.encode()), "length": len(text)}
    return value if isinstance(value, (str, int)) else str(value)


def _uncopied(record, field):
    """Return the value of a JSON field as the cache holds it: the ORM hands out a deep copy, of snapshots of many
    thousand values too. What the cache holds instead of a value is read as any reader does.
    """
    cache = field._get_cache(record.env)
    if record.id not in cache:
        record.fetch([field.name])
    value = cache.get(record.id)
    return value if value is None or isinstance(value, (dict, list, str, int, float)) else record[field.name]


def alike(rows):
    """Yield ``(row, name)`` of the personal fields that were changed behind one and the same mask."""
    for row in rows:
        old = row.get("before") or {}
        for name, value in (row.get("after") or {}).items():
            if isinstance(value, Masked) and old.get(name) == value and differ(old[name], value):
                yield row, name


def value_message(row, name, value):
    """Return the bytes of a personal value's keyed digest, bound to its field and record."""
    return f"{row['model']}|{row['res_id']}|{name}|{value.clear}".encode()
