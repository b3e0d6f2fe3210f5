from odoo import fields, models


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
        [("submission", "Outcome of a Submission"), ("ping", "Test")], required=True, readonly=True)
    submission_id = fields.Many2one("ctsp.dataset.submission", readonly=True, index="btree_not_null",
                                    ondelete="cascade")
    message_id = fields.Many2one("ctsp.exchange.message", readonly=True, index="btree_not_null", ondelete="cascade",
                                 groups="ctsp_base.group_data_steward")
    made_at = fields.Datetime("Made At", required=True, readonly=True, default=fields.Datetime.now)
    state = fields.Selection(related="message_id.state")
    tries = fields.Integer(related="message_id.tries", aggregator=None)
    reason = fields.Text(related="message_id.reason")
    done_at = fields.Datetime("Arrived At", related="message_id.done_at")
