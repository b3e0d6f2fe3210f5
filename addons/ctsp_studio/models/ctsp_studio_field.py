from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import sql

from odoo.addons.ctsp_base.tools.defaults import without_defaults
from odoo.addons.ctsp_crypto.fields import Encrypted
from odoo.addons.ctsp_crypto.tools import naming
from odoo.addons.ctsp_crypto.tools.columns import CIPHERTEXT

from .ir_model_fields import SEALED

KINDS = [
    ("char", "Text"),
    ("text", "Long Text"),
    ("integer", "Whole Number"),
    ("float", "Decimal Number"),
    ("date", "Date"),
    ("datetime", "Date and Time"),
    ("boolean", "Yes / No"),
    ("selection", "Choice"),
    ("many2one", "Dictionary Entry"),
]
INTERNALS = {"technical_name", "field_id", "proposal_column_id"}
"""what only the class sets"""


class CtspStudioField(models.Model):
    """A field that an administrator adds on screen to one of the platform's main forms.

    The column is an Odoo manual field (``x_…``), its places are inherited views: both are data,
    so upgrades of addons keep them. Archiving takes the field off the screens and keeps its values.
    A model opts in with the class attribute ``_studio_extensible = True``.
    """

    _name = "ctsp.studio.field"
    _description = "Added Field"
    _audit_what = "write"
    _order = "model_id, sequence, id"

    model_id = fields.Many2one(
        "ir.model", string="Form", required=True, ondelete="cascade", index=True,
        domain=lambda self: [("model", "in", self._extensible_models())])
    model = fields.Char(related="model_id.model")
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Label", required=True)
    description = fields.Char(string="Help Text", help="Shown when the pointer rests on the label.")
    kind = fields.Selection(KINDS, required=True, default="char")
    option_ids = fields.One2many("ctsp.studio.option", "field_id", string="Choices")
    dictionary_id = fields.Many2one("ctsp.dictionary", string="Dictionary", ondelete="restrict")
    required = fields.Boolean(string="Must Be Filled")
    personal = fields.Boolean(
        string="Holds Personal Data",
        help="Stored encrypted, shown in clear only to those who may see personal data, found by the whole value.")
    in_list = fields.Boolean(string="In the List", default=True)
    in_search = fields.Boolean(string="In the Search", default=True)
    active = fields.Boolean(default=True)
    technical_name = fields.Char(readonly=True, copy=False)
    field_id = fields.Many2one("ir.model.fields", readonly=True, copy=False, ondelete="set null")

    _label_unique = models.UniqueIndex("(model_id, name) WHERE active", "The form has a field of this label already.")

    @api.model
    def _extensible_models(self):
        return [name for name, model in self.env.registry.items() if getattr(model, "_studio_extensible", False)]

    @api.constrains("kind", "option_ids", "dictionary_id")
    def _check_choices(self):
        for field in self:
            if field.kind == "selection" and not field.option_ids:
                raise ValidationError(self.env._("Choices: name at least one choice for %(name)s.", name=field.name))
            if field.kind == "many2one" and not field.dictionary_id:
                raise ValidationError(self.env._("Dictionary: choose the dictionary of %(name)s.", name=field.name))

    @api.constrains("model_id")
    def _check_model(self):
        allowed = self._extensible_models()
        for field in self:
            if field.model not in allowed:
                raise ValidationError(self.env._("Form: %(model)s can't be extended.", model=field.model_id.name))

    @api.constrains("personal", "kind", "model_id")
    def _check_personal(self):
        """Personal data is encrypted: that takes a kind of value and a form that can be (rule: GB/T 39786-2021 8.4)."""
        for field in self.filtered("personal"):
            if field.kind not in SEALED:
                raise ValidationError(self.env._(
                    "Kind: personal data is stored encrypted; choose text, long text or date for %(name)s.",
                    name=field.name))
            if not hasattr(self.env.registry[field.model], "_encrypted_names"):
                raise ValidationError(self.env._(
                    "Form: “%(form)s” holds no personal data; add the field to the form of the persons concerned.",
                    form=field.model_id.name))

    @api.model_create_multi
    def create(self, vals_list):
        clean = without_defaults(self, self._fields.keys() - INTERNALS)
        added = super(CtspStudioField, clean).create([self._without_internals(vals) for vals in vals_list])
        for field in added:
            field._create_column()
        added._place()
        return added

    def write(self, vals):
        vals = self._without_internals(vals)
        for key in ("model_id", "kind", "dictionary_id", "personal"):
            if key in vals and any(self._fields[key].convert_to_write(f[key], f) != vals[key] for f in self):
                raise UserError(self.env._(
                    "%(field)s can't be changed once the field exists; archive it and add another.",
                    field=self._fields[key]._description_string(self.env)))
        result = super().write(vals)
        for field in self:
            field._update_column()
        self._place()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_filled(self):
        for field in self:
            for column in field._columns():
                # whether any record holds a value must not depend on what the administrator may read
                holder = self.env[column.model].sudo().with_context(active_test=False)
                filled = [(column.name, "not in", (False, 0))]
                if column.name in holder._fields and holder.search_count(filled, limit=1):
                    raise UserError(self.env._(
                        "%(name)s holds values; archive it instead: it leaves the screens and keeps them.",
                        name=field.name))

    def _register_hook(self):
        super()._register_hook()
        if "ctsp_studio" in self.pool.updated_modules:
            self._seal_columns()

    @api.model
    def _seal_columns(self):
        """Encrypt personal columns that an older release made in clear; go on where an update was interrupted."""
        # superuser: columns are made and changed only by this class
        for column in self.sudo().with_context(active_test=False).search([("personal", "=", True)])._columns():
            model = self.env.get(column.model)
            if model is None or not isinstance(model._fields.get(column.name), Encrypted):
                continue
            found = sql.table_columns(self.env.cr, model._table)
            if found[column.name]["udt_name"] != CIPHERTEXT or naming.clear(column.name) in found:
                self.pool.init_models(self.env.cr, [model._name], {"update_custom_fields": True})

    def _columns(self):
        """Return the columns of these fields, in superuser mode: only this screen has a right on them."""
        return self.sudo().field_id

    def unlink(self):
        columns = self._columns()
        self.active = False
        result = super().unlink()
        columns.unlink()
        return result

    @api.model
    def _without_internals(self, vals):
        """Drop what only this class sets, whoever sends it."""
        return {k: v for k, v in vals.items() if k not in INTERNALS}

    def _column_values(self):
        values = {
            "field_description": self.name,
            "help": self.description,
            "ctsp_personal": self.personal,
        }
        if self.kind == "many2one":
            values["domain"] = repr([("dictionary_id", "=", self.dictionary_id.id)])
        return values

    def _create_column(self):
        """Make the column of a new field."""
        column = self._make_column(self.model, f"x_ctsp_{self.id}")
        self._keep(technical_name=column.name, field_id=column.id)

    def _keep(self, **values):
        """Write what only this class sets, past the override that takes it from nobody."""
        super().write(values)  # pylint: disable=super-method-mismatch

    def _update_column(self):
        self._refresh_column(self.sudo().field_id)  # columns are changed only through this screen

    def _make_column(self, model, name):
        """Return a new column for this field, in ``model``."""
        self.option_ids._ensure_values()
        values = self._column_values() | {
            "name": name,
            "model_id": self.env["ir.model"]._get_id(model),
            "ttype": self.kind,
            "state": "manual",
            "copied": True,
        }
        if self.kind == "many2one":
            values |= {"relation": "ctsp.dictionary.item", "on_delete": "restrict", "index": True}
        if self.kind == "selection":
            values["selection_ids"] = [
                fields.Command.create({"value": o.value, "name": o.name, "sequence": o.sequence})
                for o in self.option_ids]
        # the administrator of forms has no right on columns themselves, only through this screen
        return self.env["ir.model.fields"].sudo().create(values)

    def _refresh_column(self, column, **values):
        """Bring an existing column (in superuser mode) up to date with this field."""
        if not column:
            return
        column.write(self._column_values() | values)
        if self.kind != "selection":
            return
        self.option_ids._ensure_values()
        known = {selection.value: selection for selection in column.selection_ids}
        for option in self.option_ids:
            values = {"name": option.name, "sequence": option.sequence}
            if option.value in known:
                known[option.value].write(values)
            else:
                column.selection_ids.create(values | {"field_id": column.id, "value": option.value})
