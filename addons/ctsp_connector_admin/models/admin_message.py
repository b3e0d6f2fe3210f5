from odoo import fields, models
from odoo.tools import SQL


class AdminMessage(models.Model):
    """A message about a task."""

    _name = "ctsp.admin.message"
    _description = "Message about a Task"
    _inherit = ["ctsp.exchange.message.mixin"]
    _auto = False
    _rec_name = "kind"
    _backend = "admin"

    task_id = fields.Many2one("ctsp.admin.task", readonly=True)
    inspection_id = fields.Many2one("ctsp.inspection", readonly=True)
    kind = fields.Selection(
        [("task.dispatch", "Task"), ("task.status", "State of the Task"), ("inspection.result", "Inspection Result"),
         ("receipt", "Receipt")], "Message", readonly=True)

    def _about(self):
        """What links say is about a task, receipts by the task's number, results of the task's inspections."""
        return SQL("""
            SELECT l.message_id, l.res_id AS task_id, NULL::integer AS inspection_id
              FROM ctsp_exchange_link l WHERE l.res_model = 'ctsp.admin.task'
             UNION ALL
            SELECT m.id, t.id, NULL
              FROM ctsp_admin_task t
              JOIN ctsp_exchange_message m ON m.business_id = 'task.dispatch:' || t.number
             UNION ALL
            SELECT l.message_id, r.task_id, l.res_id
              FROM ctsp_exchange_link l
              LEFT JOIN ctsp_plan_line p ON p.inspection_id = l.res_id
              LEFT JOIN (SELECT DISTINCT plan_line_id, task_id FROM ctsp_admin_task_line) r ON r.plan_line_id = p.id
             WHERE l.res_model = 'ctsp.inspection'""")
