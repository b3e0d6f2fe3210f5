from odoo import fields, models
from odoo.tools import SQL


class FilingReport(models.Model):
    """Statistics of filings: one row per filing, with its duration; read by pivot, graph and export alike."""

    _name = "ctsp.filing.report"
    _description = "Filing Statistics"
    _auto = False
    _inherit = ["ctsp.export.mixin"]
    _order = "submitted_on desc, id desc"
    _rec_name = "number"
    _depends = {
        "ctsp.filing": [
            "number", "name", "institution_id", "district_id", "kind", "state", "reviewer_id", "return_count",
            "submitted_at", "decided_at"],
        "ctsp.filing.specialty": ["filing_id", "operation"],
    }

    filing_id = fields.Many2one("ctsp.filing", readonly=True)
    number = fields.Char("Acceptance No.", readonly=True)
    name = fields.Char("Institution Name", readonly=True)
    institution_id = fields.Many2one("ctsp.institution", "Registered Institution", readonly=True)
    district_id = fields.Many2one("ctsp.district", readonly=True)
    kind = fields.Selection(
        [("initial", "First Filing"), ("change", "Change"), ("cancellation", "Cancellation")], readonly=True)
    state = fields.Selection(
        [("submitted", "Submitted"), ("in_review", "In Review"), ("returned", "Returned"), ("approved", "Approved"),
         ("refused", "Refused"), ("withdrawn", "Withdrawn")], readonly=True)
    reviewer_id = fields.Many2one("res.users", "Officer", readonly=True)
    submitted_on = fields.Date(readonly=True)
    decided_on = fields.Date(readonly=True)
    review_days = fields.Integer("Days to Decision", readonly=True, aggregator="avg", help="Calendar days.")
    return_count = fields.Integer("Times Returned", readonly=True)
    added_specialties = fields.Integer("New Specialties", readonly=True)
    removed_specialties = fields.Integer("Cancelled Specialties", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT filing.id, filing.id AS filing_id, filing.number, filing.name, filing.institution_id,
                   filing.district_id, filing.kind, filing.state, filing.reviewer_id, filing.return_count,
                   (filing.submitted_at AT TIME ZONE 'UTC' AT TIME ZONE 'Asia/Shanghai')::date AS submitted_on,
                   (filing.decided_at AT TIME ZONE 'UTC' AT TIME ZONE 'Asia/Shanghai')::date AS decided_on,
                   EXTRACT(day FROM filing.decided_at - filing.submitted_at)::integer AS review_days,
                   COALESCE(line.added, 0) AS added_specialties, COALESCE(line.removed, 0) AS removed_specialties
              FROM ctsp_filing filing
         LEFT JOIN (SELECT filing_id,
                           COUNT(*) FILTER (WHERE operation = 'add') AS added,
                           COUNT(*) FILTER (WHERE operation = 'remove') AS removed
                      FROM ctsp_filing_specialty
                  GROUP BY filing_id) line ON line.filing_id = filing.id
             WHERE filing.state != 'draft'
            """)
