from odoo import api, models
from odoo.exceptions import UserError
from odoo.orm.utils import parse_field_expr

from ..fields import Encrypted


class Unordered(ValueError):
    """An order or a grouping by ciphertext: told to people by the methods they call."""


class Base(models.AbstractModel):
    """Every model: neither order nor group by what is encrypted, related fields included; no clear copies of it."""

    _inherit = "base"

    @api.model
    def _post_model_setup__(self):
        result = super()._post_model_setup__()
        for field in self._fields.values():
            if field.related and field.store and _source(field):
                raise TypeError(f"{self._name}.{field.name}: a stored copy of an encrypted field")
        return result

    def _order_to_sql(self, order, query, alias=None, reverse=False):
        try:
            return super()._order_to_sql(order, query, alias, reverse)
        except Unordered as error:
            raise UserError(self._refused_order(error.args[0])) from error

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        self._check_ordered(field_name)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None):
        try:
            return super()._read_group(domain, groupby, aggregates, having, offset, limit, order)
        except Unordered as error:
            raise UserError(self._refused_order(error.args[0])) from error

    def _read_group_groupby(self, alias, groupby_spec, query):
        if ":" in groupby_spec or "." not in groupby_spec:
            self._check_ordered(groupby_spec.partition(":")[0])
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _read_group_select(self, aggregate_spec, query):
        fname, _colon, function = aggregate_spec.partition(":")
        if function != "count" and fname != "__count":
            self._check_ordered(fname)
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def _check_ordered(self, field_expr):
        field = self._fields.get(parse_field_expr(field_expr)[0])
        if field is not None and _source(field):
            raise Unordered(field)

    @api.model
    def _refused_order(self, field):
        return self.env._(
            "“%(field)s” is stored encrypted: the list can be neither sorted nor grouped by it.",
            field=field._description_string(self.env))


def _source(field):
    """Return the encrypted field that ``field`` is or leads to, None for none."""
    while field is not None and not isinstance(field, Encrypted):
        field = field.related_field if field.related else None
    return field
