from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import pinyin


class ReferenceMixin(models.AbstractModel):
    """Rows that other records choose from: found by code, name and pinyin; archived rather than deleted once in use."""

    _name = "ctsp.reference.mixin"
    _description = "Reference Data"
    _order = "sequence, code, id"
    _rec_names_search = ["name", "code", "pinyin"]

    name = fields.Char(required=True)
    code = fields.Char(required=True, index=True)
    pinyin = fields.Char(string="Pinyin Initials", compute="_compute_pinyin", store=True, index=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    note = fields.Char()

    @api.depends("name")
    def _compute_pinyin(self):
        for record in self:
            record.pinyin = pinyin.initials(record.name)

    @api.ondelete(at_uninstall=False)
    def _refuse_when_in_use(self):
        for record in self:
            if users := record._used_by():
                raise UserError(self.env._(
                    "“%(record)s” is used by %(users)s. Please archive it instead of deleting it.",
                    record=record.display_name, users=self.env._(", ").join(sorted(users)),
                ))

    def _used_by(self):
        """Return the names of the models whose records point here, rows of this one's own making aside."""
        self.ensure_one()
        names = set()
        for model_name, field in self._referring_fields():
            # Superuser: a record the user cannot see still needs what it points to.
            model = self.env[model_name].sudo().with_context(active_test=False)
            if model.search_count([(field.name, "in", self.ids)], limit=1):
                names.add(self.env["ir.model"]._get(model_name).name)
        return names

    def _referring_fields(self):
        """Yield ``(model name, field)`` for the stored relations to this model that would not be deleted with it."""
        for model_name, model in self.env.registry.items():
            if model._abstract or model._transient or not model._auto:
                continue
            for field in model._fields.values():
                if field.store and not field.related and field.type in ("many2one", "many2many"):
                    cascade = field.type == "many2one" and field.ondelete == "cascade"
                    if field.comodel_name == self._name and not cascade:
                        yield model_name, field
