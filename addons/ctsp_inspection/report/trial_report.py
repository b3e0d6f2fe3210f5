from odoo import fields, models
from odoo.tools import SQL

from .institution_report import READERS


class TrialReport(models.Model):
    """Trial statistics, with what inspections of the trial at the institution found."""

    _inherit = "ctsp.trial.report"
    _depends = {"ctsp.inspection": ["state", "institution_id"], "ctsp.finding": ["trial_id", "institution_id", "state"]}

    inspection_count = fields.Integer("Inspections", readonly=True, groups=READERS)
    inspection_finding_count = fields.Integer("Findings", readonly=True, groups=READERS)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT base.*, COALESCE(visit.visits, 0) AS inspection_count,
                   COALESCE(finding.findings, 0) AS inspection_finding_count
              FROM (%s) base
         LEFT JOIN (SELECT rel.trial_id, inspection.institution_id, count(*) AS visits
                      FROM ctsp_inspection_trial_rel rel
                      JOIN ctsp_inspection inspection ON inspection.id = rel.inspection_id
                     WHERE inspection.state IN ('approved', 'rectification', 'closed')
                  GROUP BY 1, 2) visit ON visit.trial_id = base.trial_id AND visit.institution_id = base.institution_id
         LEFT JOIN (SELECT trial_id, institution_id, count(*) AS findings
                      FROM ctsp_finding
                     WHERE trial_id IS NOT NULL AND state IN ('issued', 'answered', 'accepted', 'failed')
                  GROUP BY 1, 2
                   ) finding ON finding.trial_id = base.trial_id AND finding.institution_id = base.institution_id
            """, super()._table_query)
