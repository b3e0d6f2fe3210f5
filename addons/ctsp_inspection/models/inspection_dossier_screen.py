from odoo import models


class Inspection(models.Model):
    """The button of the dossier."""

    _inherit = "ctsp.inspection"

    def action_open_dossier(self):
        """Open the dossier of this inspection; for whoever may read the inspection."""
        self.ensure_one()
        dossier = self.env["ctsp.inspection.dossier"]._for(self)
        return {
            "type": "ir.actions.act_window", "res_model": dossier._name, "res_id": dossier.id,
            "views": [(False, "form")], "name": dossier.display_name}
