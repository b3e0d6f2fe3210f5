from odoo import api, models


class AuditPort(models.AbstractModel):
    """Words for what this addon writes to the log."""

    _inherit = "ctsp.audit.port"

    @api.model
    def _event_labels(self):
        return super()._event_labels() | {"app.person": self.env._("Person of the mobile APP")}

    @api.model
    def _detail_labels(self):
        return super()._detail_labels() | {
            "app_ticket": self.env._("ticket not valid, says the APP"),
            "app_form": self.env._("ticket or answer not of the agreed form"),
            "app_down": self.env._("the APP's server could not be asked"),
            "app_off": self.env._("sign-in from the APP is not set up"),
            "app_signature": self.env._("signature of the APP does not hold"),
            "app_other": self.env._("the APP answered another question"),
            "app_late": self.env._("said too long ago"),
            "app_pending": self.env._("no account assigned yet"),
            "app_ended": self.env._("access from the APP was ended"),
            "app_privileged": self.env._("an account that no ticket opens"),
            "app_origin": self.env._("sent here by another site"),
            "altered": self.env._("altered outside the platform"),
            "opened": self.env._("account opened by rule"),
            "reopened": self.env._("reopened"),
            "roles": self.env._("roles by rule changed"),
            "ended": self.env._("ended"),
        }
