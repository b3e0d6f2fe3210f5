from odoo import models

from odoo.addons.ctsp_exchange.tools import moment


class BizFile(models.AbstractModel):
    """A file sent ahead of the item that names it by its digest (biz.file)."""

    _name = "ctsp.connector.business.file"
    _inherit = "ctsp.exchange.handler"
    _description = "Business Platform: Files"

    def _receive(self, message, data):
        file = self.env["ctsp.business.file"]._keep(data["name"], data["sm3"], data["base64"])
        message._link(file)
        # items that came before their files were put off: their turn is now
        waiting = message.search([
            ("backend_id", "=", message.backend_id.id), ("type_id.code", "=", "biz.item"), ("state", "=", "queued"),
            ("tries", ">", 0)])
        waiting.write({"next_try_at": moment.now()})
        waiting._wake()
        return {"sm3": file.digest}
