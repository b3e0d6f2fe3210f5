from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import moment


class ExchangeTry(models.Model):
    """What was done with a message: received, tried, applied, sent again, given up. Append-only."""

    _name = "ctsp.exchange.try"
    _inherit = ["ctsp.append.mixin"]
    _description = "Step in the Life of a Message"
    _order = "id desc"
    _log_access = False
    _rec_name = "outcome"

    message_id = fields.Many2one("ctsp.exchange.message", required=True, readonly=True, index=True, ondelete="cascade")
    date = fields.Datetime("At", required=True, readonly=True)
    outcome = fields.Selection(
        [("received", "Received"), ("again", "Received Again"), ("ok", "Done"), ("retry", "To Be Tried Again"),
         ("line", "Line Down"), ("final", "Refused for Good"),
         ("died", "Interrupted"), ("superseded", "Superseded"), ("receipt", "Receipt Received"),
         ("resent", "Sent Again by Hand"), ("fetched", "Fetched from There"),
         ("edited", "Edited and Sent Again"), ("cancelled", "Given Up")], required=True, readonly=True)
    duration = fields.Integer("Milliseconds", readonly=True, aggregator="avg")
    status = fields.Integer("HTTP Status", readonly=True, aggregator=None)
    code = fields.Integer("Answer Code", readonly=True, aggregator=None)
    request_ref = fields.Char("Their Request No.", readonly=True)
    reason = fields.Text(readonly=True)
    user_id = fields.Many2one("res.users", "By", readonly=True)

    _recent_idx = models.Index("(date, outcome)")

    @api.model
    def _add(self, message, outcome, reason=None, duration=None, status=None, code=None, request_ref=None, user=None):
        """Append a row, past the ORM."""
        self.env.cr.execute(SQL(
            """INSERT INTO ctsp_exchange_try (message_id, date, outcome, reason, duration, status, code, request_ref,
                                              user_id) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)""",
            message.id, moment.now(), outcome, reason or None, duration, status or None, code,
            (request_ref or "")[:100] or None, user.id if user else None))
        message.invalidate_recordset(["try_ids"])
