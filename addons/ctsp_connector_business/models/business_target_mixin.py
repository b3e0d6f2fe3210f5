from odoo import models


class BusinessTargetMixin(models.AbstractModel):
    """What items of the business platform become: from each a way back to its item (``business_item_ids``)."""

    _name = "ctsp.business.target.mixin"
    _description = "Made of a Business Item"

    def action_business_item(self):
        """Open the item this was made of."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": "ctsp.business.item",
                "res_id": self.business_item_ids[:1].id, "views": [(False, "form")]}
