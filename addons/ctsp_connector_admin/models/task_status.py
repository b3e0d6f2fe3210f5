from odoo import models

from ..tools import words


class TaskStatus(models.AbstractModel):
    """What became of each enterprise of a task (task.status), as the planned inspection moves."""

    _name = "ctsp.connector.admin.task.status"
    _inherit = "ctsp.exchange.handler"
    _description = "Inspection System: State of Tasks"

    def _payloads(self, records, event, facts):
        lines = self.env["ctsp.admin.task.line"].sudo().search(  # sudo: whoever makes the step
            [("plan_line_id", "in", records.ids), ("removed", "=", False)])
        for line in lines:
            yield words.status_message(line.with_env(records.env))
