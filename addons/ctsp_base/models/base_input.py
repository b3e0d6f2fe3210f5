from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools.translate import LazyTranslate

from ..tools import input_checks

_lt = LazyTranslate(__name__)

REASONS = {
    "not_text": _lt("“%(value)s” is not a text"),
    "unreadable": _lt("“%(value)s” holds characters that cannot be stored"),
    "too_long": _lt("has %(count)s characters, at most %(limit)s are allowed"),
    "not_integer": _lt("“%(value)s” is not a whole number"),
    "not_number": _lt("“%(value)s” is not a number"),
    "too_large": _lt("“%(value)s” is too large"),
    "not_boolean": _lt("“%(value)s” is neither yes nor no"),
    "not_date": _lt("“%(value)s” is not a date; write it as 2026-09-05"),
    "not_moment": _lt("“%(value)s” is not a date and time; write it as 2026-09-05 14:30:00"),
    "no_such_day": _lt("there is no such day as “%(value)s”"),
    "year": _lt("the year of “%(value)s” must lie between %(first)s and %(last)s"),
    "unknown_option": _lt("“%(value)s” is not one of: %(options)s"),
    "not_record": _lt("“%(value)s” does not name a record"),
    "not_rows": _lt("“%(value)s” is not a list of rows"),
    "not_file": _lt("“%(value)s” is not a file"),
    "not_structure": _lt("“%(value)s” cannot be stored"),
}
SIMPLE = {
    "integer": input_checks.integer, "float": input_checks.number, "monetary": input_checks.number,
    "boolean": input_checks.boolean, "date": input_checks.date, "datetime": input_checks.datetime,
    "text": input_checks.text, "html": input_checks.html, "binary": input_checks.binary,
    "image": input_checks.binary, "json": input_checks.structure, "one2many": input_checks.commands,
    "many2many": input_checks.commands, "many2one_reference": input_checks.integer,
}
DEEPEST = 6
"""levels of rows within rows; screens of ours have three"""


class Base(models.AbstractModel):
    """Every model: values that clients send are looked at before any code of ours meets them.

    Called by the doors (``controllers/input.py``): field and reason are named, where the ORM or the database would
    fail with a technical English sentence, or store something else than what was sent.
    """

    _inherit = "base"

    @api.model
    def _check_input(self, vals, depth=0):
        """Refuse ``vals`` that cannot be values of this model.

        :raise ValidationError: names field and reason
        """
        if not isinstance(vals, dict) or depth > DEEPEST:
            raise ValidationError(self.env._(
                "%(model)s: “%(value)s” is not a set of values.", model=self._input_label(),
                value=input_checks.shown(vals)))
        for name, value in vals.items():
            if name == "id" or value is None or value is False:
                continue
            field = self._fields.get(name)
            if field is None:
                raise ValidationError(self.env._(
                    "%(model)s has no field “%(name)s”.", model=self._input_label(), name=input_checks.shown(name)))
            try:
                self._check_input_value(field, value)
            except input_checks.InputError as error:
                self._refuse_input(field, error)
            if field.type in ("one2many", "many2many"):
                self._check_input_rows(field, value, depth)

    @api.model
    def _check_input_value(self, field, value):
        if field.type in SIMPLE:
            SIMPLE[field.type](value)
        elif field.type == "char" and not (field.translate and isinstance(value, dict)):
            input_checks.line(value, input_checks.longest_line(field))
        elif field.type == "selection" and value != "":
            input_checks.option(value, field._description_selection(self.env))
        elif field.type == "many2one" and not (isinstance(value, dict) and not value.get("id")):
            # a row of a form that is not saved yet sends its parent as values without an id
            input_checks.identifier(self._input_id(value))

    @staticmethod
    def _input_id(value):
        """Return the id in what forms send for a link: a number, ``[id, name]`` or ``{"id": …}``."""
        if isinstance(value, dict):
            return value.get("id") or 0
        return value[0] if isinstance(value, list | tuple) and value else value

    @api.model
    def _check_input_rows(self, field, value, depth):
        for command in value:
            if isinstance(command, list | tuple) and command[0] in (0, 1):
                self.env[field.comodel_name]._check_input(command[2], depth + 1)

    @api.model
    def _refuse_input(self, field, error):
        label = field._description_string(self.env) or field.name
        reason = self.env._(REASONS[error.code])
        raise ValidationError(self.env._(
            "%(field)s: %(reason)s.", field=label, reason=reason % error.params)) from None

    @api.model
    def _input_label(self):
        return self.env["ir.model"]._get(self._name).sudo().name or self._description  # names of models are no secret
