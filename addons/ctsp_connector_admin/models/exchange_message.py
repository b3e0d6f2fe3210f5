from odoo import api, models


class ExchangeMessage(models.Model):
    """A task and the inspections it asked for are one business."""

    _inherit = "ctsp.exchange.message"

    @api.model
    def _kin_records(self, about):
        about = super()._kin_records(about)
        lines = self.env["ctsp.admin.task.line"].sudo().search([  # sudo: as in _of_business
            "|", ("task_id", "in", list(about.get("ctsp.admin.task", ()))),
            ("plan_line_id.inspection_id", "in", list(about.get("ctsp.inspection", ())))])
        for records in (lines.task_id, lines.plan_line_id.inspection_id):
            name = records._name
            about[name] = about.get(name, set()) | set(records.ids)
        return about
