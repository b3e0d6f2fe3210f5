from odoo import fields, models
from odoo.tools import SQL


class PlanReport(models.Model):
    """Completion of plans: one row per planned inspection of a published plan; cancelled ones are not to be done.

    Done in time: inspected on or before the due day. Days are calendar days, negative when early.
    """

    _name = "ctsp.plan.report"
    _description = "Completion of Plans"
    _auto = False
    _inherit = ["ctsp.statistics.mixin"]
    _counted_record = "line_id"
    _order = "date_due, id"
    _rec_name = "line_id"
    _depends = {
        "ctsp.plan": ["state"],
        "ctsp.institution": ["level_id"],
        "ctsp.plan.line": [
            "plan_id", "kind", "year", "institution_id", "district_id", "leader_id", "state", "date_due", "done_on"],
    }

    line_id = fields.Many2one("ctsp.plan.line", "Planned Inspection", readonly=True)
    plan_id = fields.Many2one("ctsp.plan", readonly=True)
    kind = fields.Selection(selection=lambda self: self.env["ctsp.plan"]._kinds(), readonly=True)
    year = fields.Char(readonly=True)
    institution_id = fields.Many2one("ctsp.institution", readonly=True)
    district_id = fields.Many2one("ctsp.district", readonly=True)
    level_id = fields.Many2one("ctsp.dictionary.item", readonly=True)
    leader_id = fields.Many2one("ctsp.inspector", "Team Leader", readonly=True)
    state = fields.Selection(
        [("waiting", "To Assign"), ("assigned", "Assigned"), ("running", "Under Way"), ("done", "Done"),
         ("cancelled", "Cancelled")], readonly=True)
    date_due = fields.Date("Due", readonly=True)
    done_on = fields.Date("Inspected On", readonly=True)
    planned = fields.Integer(readonly=True)
    done = fields.Integer(readonly=True)
    in_time = fields.Integer("Done in Time", readonly=True)
    late = fields.Integer("Overdue", readonly=True)
    cancelled = fields.Integer(readonly=True)
    completion = fields.Float("Done (%)", readonly=True, aggregator="avg", digits=(5, 1))
    days_late = fields.Integer("Days After the Due Day", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT line.id, line.id AS line_id, line.plan_id, line.kind, line.year::varchar AS year,
                   line.institution_id, line.district_id,
                   institution.level_id, line.leader_id, line.state, line.date_due, line.done_on,
                   CASE WHEN line.state = 'cancelled' THEN 0 ELSE 1 END AS planned,
                   CASE WHEN line.state = 'done' THEN 1 ELSE 0 END AS done,
                   CASE WHEN line.state = 'done' AND line.done_on <= line.date_due THEN 1 ELSE 0 END AS in_time,
                   CASE WHEN line.state IN ('waiting', 'assigned', 'running')
                             AND line.date_due < (now() AT TIME ZONE 'Asia/Shanghai')::date
                          OR line.state = 'done' AND line.done_on > line.date_due THEN 1 ELSE 0 END AS late,
                   CASE WHEN line.state = 'cancelled' THEN 1 ELSE 0 END AS cancelled,
                   CASE line.state WHEN 'cancelled' THEN NULL WHEN 'done' THEN 100 ELSE 0 END AS completion,
                   line.done_on - line.date_due AS days_late
              FROM ctsp_plan_line line
         LEFT JOIN ctsp_institution institution ON institution.id = line.institution_id
             WHERE line.plan_state IN ('published', 'done')
            """)
