from odoo import api, models


class CachedMixin(models.AbstractModel):
    """Rows that are read through a cache: whoever changes one empties the caches of all processes."""

    _name = "ctsp.cached.mixin"
    _description = "Rows Read through a Cache"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        self.env.registry.clear_cache()
        return rows

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
