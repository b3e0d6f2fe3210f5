from odoo import models


class TaskDispatch(models.AbstractModel):
    """A task is issued, changed or withdrawn (task.dispatch)."""

    _name = "ctsp.connector.admin.task.dispatch"
    _inherit = "ctsp.exchange.handler"
    _description = "Inspection System: Tasks"

    def _receive(self, message, data):
        task = self.env["ctsp.admin.task"]._receive(message, data)
        if task:
            message._link(task)
        if task.plan_id:
            message._link(task.plan_id)
        return {"taskNo": data["taskNo"], "planNo": task.plan_id.number or "", "unmatched": [
            {"name": line.name, "reason": line.problem or ""}
            for line in task.line_ids if not line.removed and not line.institution_id]}
