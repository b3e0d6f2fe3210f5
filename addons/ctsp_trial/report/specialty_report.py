from odoo import fields, models
from odoo.tools import SQL

from .institution_report import PART_DEPENDS


class SpecialtyReport(models.Model):
    """Specialty statistics: one row per specialty of an institution."""

    _name = "ctsp.specialty.report"
    _description = "Specialty Statistics"
    _auto = False
    _inherit = ["ctsp.statistics.mixin"]
    _counted_record = "specialty_id"
    _order = "trial_count desc, id"
    _rec_name = "specialty_id"
    _depends = {
        "ctsp.institution": ["district_id", "level_id"],
        "ctsp.specialty": [
            "active", "state", "institution_id", "discipline_id", "is_phase1", "is_be", "filed_date", "pi_id"],
        **PART_DEPENDS,
    }

    specialty_id = fields.Many2one("ctsp.specialty", readonly=True)
    discipline_id = fields.Many2one("ctsp.discipline", readonly=True)
    institution_id = fields.Many2one("ctsp.institution", readonly=True)
    district_id = fields.Many2one("ctsp.district", readonly=True)
    level_id = fields.Many2one("ctsp.dictionary.item", string="Institution Level", readonly=True)
    state = fields.Selection([("filed", "Filed"), ("cancelled", "Cancelled")], readonly=True)
    is_phase1 = fields.Boolean(string="Phase I Unit", readonly=True)
    is_be = fields.Boolean(string="Bioequivalence", readonly=True)
    filed_date = fields.Date(string="Filed On", readonly=True)
    pi_id = fields.Many2one("ctsp.person", string="Principal Investigators", readonly=True)
    trial_count = fields.Integer(string="Trials", readonly=True)
    running_count = fields.Integer(string="Trials Under Way", readonly=True)
    lead_count = fields.Integer(string="Trials Led", readonly=True)
    international_count = fields.Integer(string="International Trials", readonly=True)
    planned = fields.Integer(string="Planned Subjects", readonly=True)
    actual = fields.Integer(string="Enrolled Subjects", readonly=True)

    @property
    def _table_query(self):
        return SQL("""
            SELECT specialty.id, specialty.id AS specialty_id, specialty.discipline_id, specialty.institution_id,
                   institution.district_id, institution.level_id, specialty.state, specialty.is_phase1, specialty.is_be,
                   specialty.filed_date, specialty.pi_id,
                   COALESCE(part.trials, 0) AS trial_count, COALESCE(part.running, 0) AS running_count,
                   COALESCE(part.led, 0) AS lead_count, COALESCE(part.international, 0) AS international_count,
                   COALESCE(part.planned, 0) AS planned, COALESCE(part.actual, 0) AS actual
              FROM ctsp_specialty specialty
              JOIN ctsp_institution institution ON institution.id = specialty.institution_id
         LEFT JOIN (%(parts)s) part ON part.key = specialty.id
             WHERE specialty.active
        """, parts=self.env["ctsp.institution.report"]._parts(SQL("site.specialty_id")))
