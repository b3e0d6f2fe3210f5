from odoo import fields, models
from odoo.exceptions import UserError


class BusinessSettle(models.TransientModel):
    """Ends an item of the business platform by hand, with a reason that the applicant reads."""

    _name = "ctsp.business.settle"
    _description = "End a Business Item"

    item_id = fields.Many2one("ctsp.business.item", required=True, readonly=True, ondelete="cascade")
    kind = fields.Selection([("reject", "Do Not Accept"), ("finish", "Finish")], required=True, readonly=True)
    result = fields.Selection([("approved", "Approved"), ("refused", "Refused"), ("done", "Finished")], default="done")
    reason = fields.Text("Reason or Result", required=True, help="The applicant reads this on the business platform.")

    def action_apply(self):
        """End the item; the platform is told with the same commit."""
        self.ensure_one()
        item = self.item_id
        item._check_settle()
        if self.kind == "reject":
            self._reject(item)
        else:
            self._finish(item)
        return {"type": "ir.actions.act_window_close"}

    def _reject(self, item):
        unsent = item.state in ("unmatched", "correction") or (item.state == "submitted" and not item._target())
        if not unsent or item.filing_id.state == "returned" or item.accepted_at:
            raise UserError(self.env._(
                "“%(item)s” was accepted already: it is decided with its filing or inspection.", item=item.number))
        own = item.sudo()  # sudo: the item and its draft are the engine's; the role was checked
        own._send("biz.accept", accepted=False, reason=self.reason)
        own._close("rejected", self.reason)

    def _finish(self, item):
        if item.kind != "other" or item.state != "working":
            raise UserError(self.env._("“%(item)s” is not worked on as it is.", item=item.number))
        item.sudo()._close(self.result, self.reason)  # sudo: as above
