from odoo import api, models


class Integrity(models.AbstractModel):
    """What lets people and systems in is access-control information, too."""

    _inherit = "ctsp.integrity"

    @api.model
    def _access_models(self):
        return super()._access_models() | {
            "res.users.apikeys", "ctsp.auth.authority", "ctsp.auth.certificate", "ctsp.auth.gateway", "ctsp.auth.rule"}
