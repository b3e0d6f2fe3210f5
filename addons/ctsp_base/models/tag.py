from odoo import api, fields, models

from ..tools.model_names import named


class Tag(models.Model):
    """A coloured word that people put on records of one model to find them again."""

    _name = "ctsp.tag"
    _inherit = ["ctsp.reference.mixin"]
    _description = "Tag"
    _order = "res_model, sequence, name, id"
    _rec_names_search = ["name", "pinyin"]

    code = fields.Char(required=False, help="For other systems; people need none.")
    res_model = fields.Selection(
        selection="_selection_res_model", string="For", required=True, index=True, help="What can bear this tag."
    )
    color = fields.Integer()
    usage_count = fields.Integer(string="Tagged", compute="_compute_usage_count")

    _name_unique = models.Constraint("UNIQUE(res_model, name)", "There is a tag with this name already.")

    @api.model_create_multi
    def create(self, vals_list):
        """Give each tag without a colour the next of the eleven."""
        used = self.search_count([])
        return super().create([
            {**vals, "color": vals.get("color") or 1 + (used + position) % 11}
            for position, vals in enumerate(vals_list)
        ])

    @api.model
    def _tagged_models(self):
        """Return the names of the models whose records can be tagged."""
        names = self.env.registry.descendants(["ctsp.tag.mixin"], "_inherit")
        return sorted(name for name in names if not self.env[name]._abstract)

    @api.model
    def _selection_res_model(self):
        return named(self.env, self._tagged_models())

    def _compute_usage_count(self):
        self.usage_count = 0
        for name, tags in self.grouped("res_model").items():
            records = self.env.get(name)
            if records is None or not records.has_access("read"):
                continue
            for tag, count in records._read_group([("tag_ids", "in", tags.ids)], ["tag_ids"], ["__count"]):
                if tag in tags:
                    tags.browse(tag.id).usage_count = count

    def action_open_records(self):
        """Open the records that bear this tag."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self.res_model,
            "view_mode": "list,form",
            "domain": [("tag_ids", "in", self.ids)],
        }
