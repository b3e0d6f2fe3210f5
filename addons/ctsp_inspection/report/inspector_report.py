from odoo import fields, models
from odoo.tools import SQL

from ..tools.consistency import Z95


class InspectorReport(models.Model):
    """Consistency of inspectors: what each recorded in a year, beside what his peers recorded on the same clauses.

    The peers' share is what would be expected of the inspector's clauses if he judged as the others of that year do:
    each clause counts by how often they found it wanting. The interval is Wilson's at 95 % (``tools/consistency.py``).
    A difference is a reason to talk, never a verdict. A condition on the year reaches the innermost query, which keeps
    two million rows quick.
    """

    _name = "ctsp.inspector.report"
    _description = "Consistency of Inspectors"
    _auto = False
    _inherit = ["ctsp.statistics.mixin"]
    _counted_record = "inspector_id"
    _order = "year desc, checked desc, id"
    _rec_name = "inspector_id"
    _depends = {
        "ctsp.inspection": ["date_start", "state"],
        "ctsp.inspection.line": ["inspection_id", "clause_id", "clause_grade", "result", "grade", "recorded_by"],
        "ctsp.inspector": ["user_id", "level", "unit"],
    }

    year = fields.Char(readonly=True)
    inspector_id = fields.Many2one("ctsp.inspector", readonly=True)
    level = fields.Selection(
        [("junior", "Junior"), ("middle", "Intermediate"), ("senior", "Senior"), ("expert", "Expert")], readonly=True)
    unit = fields.Char("Sending Unit", readonly=True)
    inspections = fields.Integer(readonly=True)
    checked = fields.Integer("Clauses Checked", readonly=True)
    nonconform = fields.Integer("Does Not Conform", readonly=True)
    rate = fields.Float("Share That Does Not Conform (%)", readonly=True, aggregator="avg", digits=(5, 1))
    rate_low = fields.Float("At Least (%)", readonly=True, aggregator=None, digits=(5, 1))
    rate_high = fields.Float("At Most (%)", readonly=True, aggregator=None, digits=(5, 1))
    peers_rate = fields.Float("Peers on the Same Clauses (%)", readonly=True, aggregator="avg", digits=(5, 1))
    verdict = fields.Selection(
        [("above", "More Than Peers"), ("within", "Like Peers"), ("below", "Fewer Than Peers")],
        "Compared with Peers", readonly=True)
    raised = fields.Integer("Grade Raised", readonly=True, help="Graded more serious than the clause is.")
    lowered = fields.Integer("Grade Lowered", readonly=True, help="Graded less serious than the clause is.")
    regraded_rate = fields.Float("Other Grade Than the Clause (%)", readonly=True, aggregator="avg", digits=(5, 1))

    @property
    def _table_query(self):
        return SQL(
            """
            WITH %(figures)s, %(visits)s, %(intervals)s
            SELECT inspector.id * 100 + intervals.year %% 100 AS id, intervals.year::varchar AS year,
                   inspector.id AS inspector_id,
                   inspector.level, inspector.unit, COALESCE(visits.inspections, 0) AS inspections,
                   intervals.checked::integer, intervals.nonconform::integer, 100 * share AS rate,
                   100 * GREATEST(middle - half, 0) AS rate_low, 100 * LEAST(middle + half, 1) AS rate_high,
                   intervals.peers_rate::float8 AS peers_rate,
                   CASE WHEN peers_rate IS NULL THEN NULL
                        WHEN peers_rate < 100 * GREATEST(middle - half, 0) THEN 'above'
                        WHEN peers_rate > 100 * LEAST(middle + half, 1) THEN 'below' ELSE 'within' END AS verdict,
                   intervals.raised::integer, intervals.lowered::integer,
                   100.0 * (intervals.raised + intervals.lowered) / NULLIF(intervals.nonconform, 0) AS regraded_rate
              FROM intervals
              JOIN ctsp_inspector inspector ON inspector.user_id = intervals.recorded_by
         LEFT JOIN visits ON visits.year = intervals.year AND visits.user_id = intervals.recorded_by
            """,
            figures=self._figures(), visits=self._visits(), intervals=self._intervals())

    def _figures(self):
        """What each recorded, and what the others would have found on the same clauses."""
        return SQL(
            """
            counted AS (
                SELECT EXTRACT(year FROM inspection.date_start)::integer AS year, line.recorded_by, line.clause_id,
                       count(*) AS checked,
                       count(*) FILTER (WHERE line.result = 'nonconform') AS nonconform,
                       count(*) FILTER (WHERE line.result = 'nonconform' AND %(seriousness)s > 0) AS raised,
                       count(*) FILTER (WHERE line.result = 'nonconform' AND %(seriousness)s < 0) AS lowered
                  FROM ctsp_inspection_line line
                  JOIN ctsp_inspection inspection ON inspection.id = line.inspection_id
                 WHERE line.result IN ('conform', 'nonconform') AND line.recorded_by IS NOT NULL
                   AND inspection.state IN ('approved', 'rectification', 'closed')
              GROUP BY 1, 2, 3
            ), peers AS (
                SELECT counted.*,
                       sum(checked) OVER same - checked AS others,
                       sum(nonconform) OVER same - nonconform AS others_nonconform
                  FROM counted WINDOW same AS (PARTITION BY year, clause_id)
            ), figures AS (
                SELECT year, recorded_by, sum(checked) AS checked, sum(nonconform) AS nonconform,
                       sum(raised) AS raised, sum(lowered) AS lowered,
                       100.0 * sum(checked * others_nonconform / NULLIF(others, 0))
                           / NULLIF(sum(checked) FILTER (WHERE others > 0), 0) AS peers_rate
                  FROM peers GROUP BY year, recorded_by
            )
            """,
            seriousness=self._seriousness())

    def _visits(self):
        return SQL(
            """
            visits AS (
                SELECT EXTRACT(year FROM inspection.date_start)::integer AS year, member.user_id,
                       count(*) AS inspections
                  FROM ctsp_inspection_member member
                  JOIN ctsp_inspection inspection ON inspection.id = member.inspection_id
                 WHERE inspection.state IN ('approved', 'rectification', 'closed') AND member.role != 'observer'
              GROUP BY 1, 2
            )
            """)

    def _intervals(self):
        """The share that does not conform with Wilson's interval."""
        return SQL(
            """
            bounds AS (
                SELECT figures.*, figures.nonconform::float8 / figures.checked AS share,
                       %(z)s::float8 * %(z)s::float8 AS square
                  FROM figures
            ), intervals AS (
                SELECT bounds.*,
                       (share + square / (2 * checked)) / (1 + square / checked) AS middle,
                       %(z)s::float8 * sqrt(share * (1 - share) / checked + square / (4.0 * checked * checked))
                           / (1 + square / checked) AS half
                  FROM bounds
            )
            """,
            z=Z95)

    def _seriousness(self):
        """Return by how many steps the finding was graded above (or below) its clause."""
        rank = SQL("array_position(ARRAY['minor', 'major', 'critical']::varchar[], line.%s)", SQL("grade"))
        clause = SQL("array_position(ARRAY['minor', 'major', 'critical']::varchar[], line.%s)", SQL("clause_grade"))
        return SQL("(%s - %s)", rank, clause)

    def action_open_record(self):
        """Open what the row counts: the clauses the inspector checked in that year."""
        self.ensure_one()
        clauses = self.env["ctsp.clause.report"]
        clauses.check_access("read")
        return {
            "type": "ir.actions.act_window", "res_model": clauses._name, "views": [(False, "list"), (False, "pivot")],
            "name": f"{self.inspector_id.name} {self.year}",
            "domain": [("inspector_id", "=", self.inspector_id.id), ("date_start", ">=", f"{self.year}-01-01"),
                       ("date_start", "<=", f"{self.year}-12-31")]}
