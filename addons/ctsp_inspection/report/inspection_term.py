from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.ctsp_base.tools import clock

from ..models.inspection_terms import EVALUATE, REPORT, VERIFY

PARAMETERS = {"report": REPORT, "verify": VERIFY, "evaluation": EVALUATE}
INSTITUTION, DRUG = "inspection.rectification_days", "inspection.rectification_days_drug_inspection"


class InspectionTerm(models.Model):
    """Every time limit that runs (时限): whose it is, until when, by which rule; the overdue list is a filter of it.

    A row for each report not handed in, rectification not answered, answer not verified, inspection not evaluated.
    """

    _name = "ctsp.inspection.term"
    _description = "Time Limit of an Inspection"
    _auto = False
    _inherit = ["ctsp.inspection.part.mixin", "ctsp.due.mixin", "ctsp.export.mixin"]
    _order = "date_due, id"
    _rec_name = "inspection_id"
    _depends = {
        "ctsp.inspection": [
            "state", "submitted_at", "report_due", "date_start", "date_end", "date_planned_to", "institution_id",
            "district_id", "leader_id", "evaluation", "evaluation_from", "evaluation_due", "kind"],
        "ctsp.rectification": [
            "inspection_id", "institution_id", "district_id", "leader_id", "state", "date_start", "date_due",
            "verify_from", "date_verify", "rule"],
    }

    kind = fields.Selection(
        [("report", "Report of the Team"), ("rectify", "Rectification by the Institution"),
         ("verify", "Verification of the Rectification"), ("evaluation", "Comprehensive Evaluation")],
        "Time Limit For", readonly=True)
    inspection_id = fields.Many2one(readonly=True)
    rectification_id = fields.Many2one("ctsp.rectification", readonly=True)
    inspection_kind = fields.Selection(related="inspection_id.kind", string="Business Type")
    institution_id = fields.Many2one("ctsp.institution", readonly=True)
    district_id = fields.Many2one("ctsp.district", readonly=True)
    leader_id = fields.Many2one("ctsp.inspector", "Team Leader", readonly=True)
    rule = fields.Char(readonly=True)
    date_start = fields.Date("Runs From", readonly=True)
    date_due = fields.Date("Due", readonly=True)
    basis = fields.Char(compute="_compute_basis", help="The document and article the time limit rests on.")

    @property
    def _table_query(self):
        return SQL("""
            SELECT id * 4 AS id, 'report' AS kind, id AS inspection_id, NULL::integer AS rectification_id,
                   institution_id, district_id, leader_id, NULL AS rule,
                   COALESCE(date_end, GREATEST(date_planned_to, date_start)) AS date_start, report_due AS date_due
              FROM ctsp_inspection
             WHERE state IN ('onsite', 'returned') AND submitted_at IS NULL AND report_due IS NOT NULL
         UNION ALL
            SELECT id * 4 + 1, 'evaluation', id, NULL, institution_id, district_id, leader_id, NULL,
                   evaluation_from, evaluation_due
              FROM ctsp_inspection
             WHERE state = 'rectification' AND evaluation IS NULL AND evaluation_due IS NOT NULL
         UNION ALL
            SELECT id * 4 + 2, 'rectify', inspection_id, id, institution_id, district_id, leader_id, rule,
                   date_start, date_due
              FROM ctsp_rectification
             WHERE state IN ('waiting', 'returned')
         UNION ALL
            SELECT id * 4 + 3, 'verify', inspection_id, id, institution_id, district_id, leader_id, NULL,
                   verify_from, date_verify
              FROM ctsp_rectification
             WHERE state = 'answered' AND date_verify IS NOT NULL
        """)

    @api.model
    def _soon_until(self):
        # superuser: everybody's terms
        days = self.env["ctsp.parameter"].sudo()._get("inspection.term_warning_days")
        return self.env["ctsp.workday"]._add(clock.today(), days)

    @api.depends("kind", "rule", "date_start")
    def _compute_basis(self):
        for term in self:
            code = PARAMETERS.get(term.kind) or (DRUG if term.rule == "drug" else INSTITUTION)
            term.basis = self.env["ctsp.parameter"]._source_on(code, term.date_start)

    def action_open_record(self):
        """Open what has to be done, with the reader's own rights."""
        self.ensure_one()
        record = self.rectification_id or self.inspection_id
        record.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": record._name, "res_id": record.id,
                "views": [(False, "form")], "name": record.display_name}
