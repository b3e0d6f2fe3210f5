"""Converts between cells, what the ORM takes, what is stored beside an import row, and what people read."""
from odoo import fields
from odoo.tools import float_round

from . import coercion


def cell_value(field, value, resolve=None, tz=None, options=None):
    """Return the ORM value of a filled cell for ``field``; raise ``CoercionError``.

    :param resolve: returns the id of the record that a text names
    """
    if field.type == "many2one":
        return resolve(coercion.text(value))
    if field.type == "many2many":
        return sorted({resolve(part) for part in coercion.split(value)})
    if field.type == "selection":
        return coercion.selection(value, options)
    if field.type == "datetime":
        return coercion.datetime(value, tz)
    simple = {
        "boolean": coercion.boolean, "integer": coercion.integer, "float": coercion.number,
        "monetary": coercion.number, "date": coercion.date,
    }
    return simple.get(field.type, coercion.text)(value)


def plain(field, value, env):
    """Return an ORM value as JSON, comparable with :func:`stored`."""
    if field.type == "date":
        return fields.Date.to_string(value) or False
    if field.type == "datetime":
        return fields.Datetime.to_string(value) or False
    if field.type in ("float", "monetary"):
        digits = field.get_digits(env) if field.type == "float" else None
        return float_round(value or 0.0, precision_digits=digits[1] if digits else 6)
    if field.type == "integer":
        unknown = value is None or value is False
        return None if unknown and field.falsy_value is None else value or 0  # ctsp_base/fields.py: no nought
    if field.type == "many2many":
        return sorted(value or [])
    return value or False


def stored(record, name):
    """Return what ``record`` holds in ``name``, in the form of :func:`plain`."""
    field = record._fields[name]
    value = record[name]
    if field.type == "many2one":
        return value.id or False
    if field.type == "many2many":
        return sorted(value.ids)
    return plain(field, value, record.env)


def writable(field, value):
    """Return a :func:`plain` value as the ORM writes it."""
    if field.type == "many2many":
        return [fields.Command.set(value or [])]
    return value


def shown(model, name, value, options=None):
    """Return a :func:`plain` value as people read it."""
    field = model._fields[name]
    if value in (False, None, "", []):
        return "" if field.type != "boolean" else model.env._("No")
    if field.type == "boolean":
        return model.env._("Yes")
    if field.type == "selection":
        return dict(options or field._description_selection(model.env)).get(value, value)
    if field.comodel_name:
        ids = value if isinstance(value, list) else [value]
        return "、".join(record.display_name or "" for record in model.env[field.comodel_name].browse(ids).exists())
    if field.type == "datetime":
        moment = fields.Datetime.context_timestamp(model, fields.Datetime.from_string(value))
        return moment.strftime("%Y-%m-%d %H:%M:%S")
    return str(value)
