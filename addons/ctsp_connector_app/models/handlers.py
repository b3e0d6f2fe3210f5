from odoo import models


class AppSignOut(models.AbstractModel):
    """Somebody signed out of the APP (app.signout): what his tickets opened here ends."""

    _name = "ctsp.connector.app.signout"
    _inherit = "ctsp.exchange.handler"
    _description = "Mobile APP: Sign-out"

    def _receive(self, message, data):
        person = self.env["ctsp.app.person"]._known(data["subject"])
        return {"sessions": person._end_sessions("app") if person else 0}


class AppPersonChanged(models.AbstractModel):
    """The APP says that somebody left (app.person): he gets in no longer, and is put out at once."""

    _name = "ctsp.connector.app.person"
    _inherit = "ctsp.exchange.handler"
    _description = "Mobile APP: People"

    def _receive(self, message, data):
        person = self.env["ctsp.app.person"]._known(data["subject"])
        if person and data["state"] == "left":
            person._end("app")
        if person:
            message._link(person)
        return {"known": bool(person)}
