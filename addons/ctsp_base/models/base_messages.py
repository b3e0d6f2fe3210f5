import psycopg2.errors

from odoo import api, models
from odoo.exceptions import AccessError


class Base(models.AbstractModel):
    """What users read when the database or a field's rights refuse something: field and reason, no technical names.

    Odoo's own wording of these is English in every language and names tables and groups.
    """

    _inherit = "base"

    @api.model
    def _sql_error_to_message_generic(self, exc):
        if isinstance(exc, psycopg2.errors.NotNullViolation) and exc.diag.table_name == self._table:
            return self._missing_message(exc.diag.column_name)
        if isinstance(exc, psycopg2.errors.ForeignKeyViolation) and "is not present" in (exc.diag.message_detail or ""):
            return self._dangling_message(exc.diag)
        if isinstance(exc, psycopg2.errors.ForeignKeyViolation):
            return self.env._(
                "This record of “%(model)s” is still in use elsewhere and can't be deleted; archive it instead.",
                model=self._label_of_table(exc.diag.table_name))
        return super()._sql_error_to_message_generic(exc)

    @api.model
    def _missing_message(self, name):
        """Return what to say when the field ``name`` is empty and must not be."""
        field = self._fields.get(name)
        label = field._description_string(self.env) if field else name
        return self.env._(
            "%(model)s: “%(field)s” must be filled in.", model=self.env["ir.model"]._get(self._name).sudo().name,
            field=label)

    @api.model
    def _dangling_message(self, diag):
        """Return what to say when a link points at a record that is not there."""
        name = (diag.constraint_name or "").removeprefix(f"{diag.table_name}_").removesuffix("_fkey")
        field = self._fields.get(name) if diag.table_name == self._table else None
        return self.env._(
            "%(field)s: the chosen record does not exist, or was deleted meanwhile.",
            field=field._description_string(self.env) if field else self._label_of_table(diag.table_name))

    @api.model
    def _label_of_table(self, table):
        """Return the name under which users know the model of ``table``."""
        name = next((model._name for model in self.env.registry.values() if model._table == table), self._name)
        return self.env["ir.model"]._get(name).sudo().name  # names of models are no secret

    @api.model
    def _check_field_access(self, field, operation):
        try:
            super()._check_field_access(field, operation)
        except AccessError:
            label = field._description_string(self.env)
            model = self.env["ir.model"]._get(self._name).sudo().name  # names of models are no secret
            if operation == "write":
                message = self.env._("No right to change “%(field)s” of %(model)s.", field=label, model=model)
            else:
                message = self.env._("No right to see “%(field)s” of %(model)s.", field=label, model=model)
            raise AccessError(message) from None
