from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DictionaryItem(models.Model):
    """One term of a dictionary. Rules look at ``code`` and ``mark``, people at ``name``."""

    _name = "ctsp.dictionary.item"
    _inherit = ["ctsp.reference.mixin", "ctsp.export.mixin", "ctsp.import.mixin"]
    _description = "Dictionary Item"
    _order = "dictionary_id, sequence, id"
    _import_keys = (("dictionary_id", "code"), ("dictionary_id", "name"))
    _import_fields = ("dictionary_id", "code", "name", "parent_id", "mark", "sequence", "note")
    _import_scopes = {"parent_id": ("dictionary_id",)}
    _import_headers = {
        "dictionary_id": ("字典名称", "字典代码", "所属字典"), "code": ("字典项代码", "字典值", "键值"),
        "name": ("字典项", "字典项名称", "值域含义"), "parent_id": ("上级", "上级代码", "上级字典项"),
        "mark": ("标记", "特征"),
    }
    _integrity_fields = {1: ("dictionary_id", "code", "mark", "active")}

    dictionary_id = fields.Many2one("ctsp.dictionary", required=True, index=True, ondelete="cascade")
    dictionary_code = fields.Char(related="dictionary_id.code", string="Dictionary Code", store=True, index=True)
    parent_id = fields.Many2one(
        "ctsp.dictionary.item", string="Belongs To", index=True, ondelete="restrict",
        domain="[('dictionary_id', '=', dictionary_id), ('id', '!=', id)]",
    )
    mark = fields.Char(help="Property that rules look at, e.g. “senior” for senior professional titles.")

    _code_unique = models.Constraint(
        "UNIQUE(dictionary_id, code)", "There is an item with this code in the dictionary already."
    )

    @api.constrains("parent_id", "dictionary_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(self.env._("An item cannot belong to itself."))
        for item in self:
            if item.parent_id and item.parent_id.dictionary_id != item.dictionary_id:
                raise ValidationError(self.env._(
                    "“%(item)s” belongs to an item of another dictionary.", item=item.name
                ))

    @api.model
    def _import_example(self):
        return {"code": "example", "name": self.env._("Term of the dictionary"), "sequence": "10"}

    @api.model
    def _item(self, dictionary_code, code):
        """Return the item, archived ones included; an empty record when there is none."""
        return self.with_context(active_test=False).search(
            [("dictionary_code", "=", dictionary_code), ("code", "=", code)], limit=1
        )
