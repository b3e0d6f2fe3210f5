from odoo import api, models


class AuditPort(models.AbstractModel):
    """Words for what this addon writes to the log."""

    _inherit = "ctsp.audit.port"

    @api.model
    def _event_labels(self):
        return super()._event_labels() | {
            "auth.unlock": self.env._("Account or address unlocked"),
            "auth.session_end": self.env._("Session ended"),
        }

    @api.model
    def _detail_labels(self):
        return super()._detail_labels() | {
            "reason": self.env._("Reason"),
            "locked": self.env._("locked after failed attempts"),
            "busy": self.env._("too many sign-ins at once"),
            "provider": self.env._("cryptographic service not available"),
            "owner": self.env._("by its user"),
            "admin": self.env._("by the security administrator"),
        }
