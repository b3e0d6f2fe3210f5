from odoo import api, models


class AuditPort(models.AbstractModel):
    """Who opened an inspection, and who took evidence away again."""

    _inherit = "ctsp.audit.port"

    @api.model
    def _event_labels(self):
        return {
            **super()._event_labels(),
            "inspection.open": self.env._("Inspection opened"),
            "evidence.delete": self.env._("Evidence taken away"),
        }

    @api.model
    def _detail_labels(self):
        return {**super()._detail_labels(), "files": self.env._("Files"), "digests": self.env._("SM3 Digests")}
