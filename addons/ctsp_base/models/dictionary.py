from odoo import fields, models


class Dictionary(models.Model):
    """A named list of terms, e.g. levels of hospitals, which data stewards maintain on screen."""

    _name = "ctsp.dictionary"
    _inherit = ["ctsp.reference.mixin", "ctsp.export.mixin", "ctsp.import.mixin"]
    _description = "Dictionary"
    _import_keys = ("code",)
    _import_fields = ("code", "name", "sequence", "note")
    _import_headers = {"code": ("字典代码", "字典编码"), "name": ("字典", "字典名称")}
    _integrity_fields = {1: ("code", "active")}

    item_ids = fields.One2many("ctsp.dictionary.item", "dictionary_id", string="Items")
    item_count = fields.Integer(string="Number of Items", compute="_compute_item_count")

    _code_unique = models.Constraint("UNIQUE(code)", "There is a dictionary with this code already.")

    def _compute_item_count(self):
        counts = dict(self.env["ctsp.dictionary.item"]._read_group(
            [("dictionary_id", "in", self.ids)], ["dictionary_id"], ["__count"]
        ))
        for dictionary in self:
            dictionary.item_count = counts.get(dictionary._origin, 0)
