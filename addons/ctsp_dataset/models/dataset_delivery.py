from odoo import fields, models
from odoo.exceptions import UserError

PING = "ping"


class DatasetDelivery(models.Model):
    """Something that an institution's program was told: which message it was, and whether it arrived."""

    _name = "ctsp.dataset.delivery"
    _description = "Delivery of a Callback"
    _inherit = ["ctsp.owned.mixin"]
    _order = "id desc"
    _rec_name = "event"
    _desk_parent = "webhook_id"
    _desk_hidden = ("message_id",)

    webhook_id = fields.Many2one("ctsp.dataset.webhook", "Callback Address", required=True, readonly=True, index=True,
                                 ondelete="cascade")
    event = fields.Selection(
        [("submission", "Outcome of a Submission"), (PING, "Test")], required=True, readonly=True)
    submission_id = fields.Many2one("ctsp.dataset.submission", readonly=True, index="btree_not_null",
                                    ondelete="cascade")
    message_id = fields.Many2one("ctsp.exchange.message", readonly=True, index="btree_not_null", ondelete="cascade",
                                 groups="ctsp_base.group_data_steward")
    made_at = fields.Datetime("Made At", required=True, readonly=True, default=fields.Datetime.now)
    state = fields.Selection(related="message_id.state")
    tries = fields.Integer(related="message_id.tries", aggregator=None)
    reason = fields.Text(related="message_id.reason")
    done_at = fields.Datetime("Arrived At", related="message_id.done_at")

    def _withdraw(self):
        """Take back tests that did not go yet: what is asked now counts."""
        waiting = self.sudo().message_id.filtered(lambda message: message.state == "queued")  # sudo: the engine's
        for message in waiting.try_lock_for_update():
            message._finish("cancelled", self.env._("Withdrawn."))

    def action_withdraw(self):
        """Take a test back that did not go yet."""
        self.ensure_one()
        self.check_access("read")
        self.webhook_id.check_access("write")
        if self.event != PING or self.state != "queued":
            raise UserError(self.env._("Only a test that did not go yet can be taken back."))
        self._withdraw()
        return True


class ExchangeMessage(models.Model):
    """A test is sent once, and says nothing about the line: a wrong key in a test keeps no result waiting."""

    _inherit = "ctsp.exchange.message"

    def _goes_once(self):
        # sudo: the engine asks
        return super()._goes_once() or bool(self.backend_id.webhook_id and self.env["ctsp.dataset.delivery"].sudo()
                                            .search_count([("message_id", "=", self.id), ("event", "=", PING)]))
