from odoo import api, fields, models


class ImportJob(models.Model):
    """Import of institutions into the plan it was started from: the file need not name the plan in each row."""

    _inherit = "ctsp.import.job"

    inspection_plan_id = fields.Many2one("ctsp.plan", "Into the Plan", readonly=True, ondelete="cascade")

    @api.model
    def _started_from(self):
        return super()._started_from() | {"inspection_plan_id"}

    def _read_table(self):
        """Add the column of the plan, unless the file has one."""
        table = super()._read_table()
        label = self.env["ctsp.plan.line"]._fields["plan_id"]._description_string(self.env)
        plan = self.inspection_plan_id
        if self.res_model != "ctsp.plan.line" or not plan or label in [header for _at, header in table.columns]:
            return table
        place = max([len(cells) for _number, cells in table.rows] + [index + 1 for index, _label in table.columns])
        table.columns.append((place, label))
        name = plan.number or plan.name
        table.rows[:] = [(number, [*cells, *[None] * (place - len(cells)), name]) for number, cells in table.rows]
        return table
