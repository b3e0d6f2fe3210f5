from odoo import api, fields, models

from .annual_report import OPEN_STATES
from .deadline import OPEN

HANDED_IN = [("state", "!=", "draft")]
"""a draft is its writer's; nobody else's form counts or shows it"""


class Institution(models.Model):
    """Filings, annual reports and running deadlines of an institution."""

    _inherit = "ctsp.institution"
    _studio_outside = "ctsp.filing"

    filing_ids = fields.One2many("ctsp.filing", "institution_id", "Filings", domain=HANDED_IN, readonly=True)
    annual_report_ids = fields.One2many("ctsp.annual.report", "institution_id", "Annual Reports", readonly=True)
    deadline_ids = fields.One2many("ctsp.deadline", "institution_id", "Deadlines", readonly=True)
    filing_count = fields.Integer("Number of Filings", compute="_compute_filing_count")
    annual_report_count = fields.Integer("Number of Annual Reports", compute="_compute_annual_report_count")
    annual_report_late_count = fields.Integer("Annual Reports Overdue", compute="_compute_annual_report_late_count")
    deadline_count = fields.Integer("Deadlines Running", compute="_compute_deadline_count")
    deadline_late_count = fields.Integer("Deadlines Overdue", compute="_compute_deadline_late_count")

    def _compute_filing_count(self):
        self._count("filing_count")

    def _compute_annual_report_count(self):
        self._count("annual_report_count")

    def _compute_annual_report_late_count(self):
        self._count("annual_report_late_count")

    def _compute_deadline_count(self):
        self._count("deadline_count")

    def _compute_deadline_late_count(self):
        self._count("deadline_late_count")

    @api.model
    def _counters(self):
        running = [("state", "in", OPEN)]
        late_report = [("state", "in", OPEN_STATES), ("is_overdue", "=", True)]
        return {
            **super()._counters(),
            "filing_count": ("ctsp.filing", HANDED_IN, "id"),
            "annual_report_count": ("ctsp.annual.report", [], "id"),
            "annual_report_late_count": ("ctsp.annual.report", late_report, "id"),
            "deadline_count": ("ctsp.deadline", running, "id"),
            "deadline_late_count": ("ctsp.deadline", [*running, ("urgency", "in", ["late"])], "id"),
        }

    # called by buttons; each returns an action, whose data calls check the rights of the caller

    def action_open_filings(self):
        return self._open_children("ctsp_filing.ctsp_filing_action")

    def action_open_annual_reports(self):
        return self._open_children("ctsp_filing.ctsp_annual_report_action")

    def action_open_deadlines(self):
        return self._open_children("ctsp_filing.ctsp_deadline_action")
