from odoo import api, models


class AuditPort(models.AbstractModel):
    """What happens to papers beside their steps, named for the audit administrator."""

    _inherit = "ctsp.audit.port"

    @api.model
    def _event_labels(self):
        return {
            **super()._event_labels(),
            "document_unlock": self.env._("Signatures of a document dropped"),
            "document_package": self.env._("Documents packed for download"),
        }
