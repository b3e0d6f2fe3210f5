from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.ctsp_exchange.models.exchange_message import STATES


class AdminMessage(models.Model):
    """A message about a task, as its readers see it: when, what kind, what became of it; never its content."""

    _name = "ctsp.admin.message"
    _description = "Message about a Task"
    _auto = False
    _order = "id desc"
    _rec_name = "kind"

    task_id = fields.Many2one("ctsp.admin.task", readonly=True)
    inspection_id = fields.Many2one("ctsp.inspection", readonly=True)
    direction = fields.Selection([("in", "Incoming"), ("out", "Outgoing")], readonly=True)
    kind = fields.Selection(
        [("task.dispatch", "Task"), ("task.status", "State of the Task"), ("inspection.result", "Inspection Result"),
         ("receipt", "Receipt")], "Message", readonly=True)
    version = fields.Integer(readonly=True, aggregator=None)
    state = fields.Selection(STATES, readonly=True)
    receipt_state = fields.Selection(
        [("done", "Applied There"), ("dead", "Failed There"), ("superseded", "Superseded There"),
         ("person", "With a Person There")], "Their Receipt", readonly=True)
    created_at = fields.Datetime("Made At", readonly=True)
    done_at = fields.Datetime("Dealt With At", readonly=True)
    tries = fields.Integer(readonly=True, aggregator=None)
    reason = fields.Text(readonly=True)

    def action_message(self):
        """Open the message itself, for who keeps the exchange."""
        self.ensure_one()
        self.env["ctsp.exchange.message"].browse(self.id).check_access("read")
        return {"type": "ir.actions.act_window", "res_model": "ctsp.exchange.message", "res_id": self.id,
                "views": [(False, "form")]}

    @property
    def _table_query(self):
        """What links say is about a task, receipts by the task's number, results of the task's inspections."""
        return SQL("""
            SELECT m.id, a.task_id, a.inspection_id, m.direction, k.code AS kind, m.version, m.state, m.receipt_state,
                   m.created_at, m.done_at, m.tries, m.reason
              FROM (SELECT l.message_id, l.res_id AS task_id, NULL::integer AS inspection_id
                      FROM ctsp_exchange_link l WHERE l.res_model = 'ctsp.admin.task'
                     UNION ALL
                    SELECT m.id, t.id, NULL
                      FROM ctsp_admin_task t
                      JOIN ctsp_exchange_message m ON m.business_id = 'task.dispatch:' || t.number
                     UNION ALL
                    SELECT l.message_id, r.task_id, l.res_id
                      FROM ctsp_exchange_link l
                      LEFT JOIN ctsp_plan_line p ON p.inspection_id = l.res_id
                      LEFT JOIN (SELECT DISTINCT plan_line_id, task_id FROM ctsp_admin_task_line) r
                        ON r.plan_line_id = p.id
                     WHERE l.res_model = 'ctsp.inspection') a
              JOIN ctsp_exchange_message m ON m.id = a.message_id
              JOIN ctsp_exchange_type k ON k.id = m.type_id
              JOIN ctsp_exchange_backend b ON b.id = m.backend_id AND b.code = 'admin'""")
