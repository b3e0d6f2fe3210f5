from odoo import api, models


class AuditPort(models.AbstractModel):
    """Names of what is logged about data sets."""

    _inherit = "ctsp.audit.port"

    @api.model
    def _event_labels(self):
        return super()._event_labels() | {"dataset.apply": self.env._("Submission applied again")}
