from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DictionaryItem(models.Model):
    """One term of a dictionary. Rules look at ``code`` and ``mark``, people at ``name``."""

    _name = "ctsp.dictionary.item"
    _inherit = ["ctsp.reference.mixin"]
    _description = "Dictionary Item"
    _order = "dictionary_id, sequence, id"

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
    def _item(self, dictionary_code, code):
        """Return the item, archived ones included; an empty record when there is none."""
        return self.with_context(active_test=False).search(
            [("dictionary_code", "=", dictionary_code), ("code", "=", code)], limit=1
        )
