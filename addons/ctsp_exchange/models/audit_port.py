from odoo import api, models


class AuditPort(models.AbstractModel):
    """Words for what this addon writes to the log."""

    _inherit = "ctsp.audit.port"

    @api.model
    def _event_labels(self):
        return super()._event_labels() | {
            "exchange.refused": self.env._("Request of another system refused"),
            "exchange.key": self.env._("Interface key"),
        }

    @api.model
    def _detail_labels(self):
        return super()._detail_labels() | {
            "reason": self.env._("Reason"),
            "repeated": self.env._("Repeated Before"),
            "issued": self.env._("issued"),
            "ended": self.env._("ended"),
            "key": self.env._("Key"),
            "target": self.env._("Address Asked For"),
            "address": self.env._("From Address"),
            "header_missing": self.env._("headers of the signature missing"),
            "key_unknown": self.env._("key unknown or ended"),
            "signature": self.env._("signature does not hold"),
            "stale": self.env._("time stamp too far off"),
            "replayed": self.env._("sent before"),
            "scope": self.env._("key is not for that"),
        }
