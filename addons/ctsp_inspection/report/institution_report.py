from odoo import fields, models
from odoo.tools import SQL

READERS = "ctsp_base.group_planner,ctsp_base.group_reviewer,ctsp_base.group_leader,ctsp_base.group_risk_analyst"


class InstitutionReport(models.Model):
    """Institution statistics, with what inspections found."""

    _inherit = "ctsp.institution.report"
    _depends = {
        "ctsp.inspection": ["institution_id", "state", "date_start", "conclusion"],
        "ctsp.finding": ["institution_id", "state", "grade"],
    }

    inspection_count = fields.Integer("Inspections", readonly=True, groups=READERS)
    last_inspection = fields.Date("Last Inspected", readonly=True, groups=READERS)
    not_passed_count = fields.Integer("Not Passed at Once", readonly=True, groups=READERS)
    inspection_finding_count = fields.Integer("Findings", readonly=True, groups=READERS)
    open_finding_count = fields.Integer("Findings Not Closed", readonly=True, groups=READERS)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT base.*, COALESCE(visit.visits, 0) AS inspection_count, visit.last AS last_inspection,
                   COALESCE(visit.not_passed, 0) AS not_passed_count,
                   COALESCE(finding.findings, 0) AS inspection_finding_count,
                   COALESCE(finding.pending, 0) AS open_finding_count
              FROM (%s) base
         LEFT JOIN (SELECT institution_id, count(*) AS visits, max(date_start) AS last,
                           count(*) FILTER (WHERE conclusion IN ('rectify', 'fail')) AS not_passed
                      FROM ctsp_inspection WHERE state IN ('approved', 'rectification', 'closed')
                  GROUP BY institution_id) visit ON visit.institution_id = base.institution_id
         LEFT JOIN (SELECT institution_id, count(*) AS findings,
                           count(*) FILTER (WHERE state NOT IN ('accepted', 'failed')) AS pending
                      FROM ctsp_finding WHERE state IN ('issued', 'answered', 'accepted', 'failed')
                  GROUP BY institution_id) finding ON finding.institution_id = base.institution_id
            """, super()._table_query)
