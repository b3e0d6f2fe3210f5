"""Field types of the platform."""
from odoo import fields


def _is_unknown(value):
    return value is None or value is False or value == ""


class OptionalInteger(fields.Integer):
    """A whole number that may be unknown: empty is not nought.

    Odoo shows an empty number as 0. Here it reads as False: blank in lists, forms (``widget="ctsp_optional_integer"``,
    which also empties it), papers and exports; sums leave it out. 0 that somebody typed stays 0.
    """

    falsy_value = None

    def convert_to_column(self, value, record, values=None, validate=True):
        return None if _is_unknown(value) else super().convert_to_column(value, record, values, validate)

    def convert_to_cache(self, value, record, validate=True):
        return None if _is_unknown(value) else super().convert_to_cache(value, record, validate)

    def convert_to_record(self, value, record):
        return False if value is None else value

    def convert_to_read(self, value, record, use_display_name=True):
        return False if _is_unknown(value) else super().convert_to_read(value, record, use_display_name)

    def convert_to_export(self, value, record):
        return "" if _is_unknown(value) else value
