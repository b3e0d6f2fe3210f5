from odoo import fields, models
from odoo.tools import SQL

from .institution_report import PART_DEPENDS


class PersonReport(models.Model):
    """People statistics: one row per principal investigator, who leads a filed specialty or a part of a trial."""

    _name = "ctsp.person.report"
    _description = "People Statistics"
    _auto = False
    _inherit = ["ctsp.statistics.mixin"]
    _counted_record = "person_id"
    _order = "trial_count desc, id"
    _rec_name = "person_id"
    _depends = {
        "ctsp.institution": ["district_id"],
        "ctsp.specialty": ["active", "state", "discipline_id", "pi_id"],
        "ctsp.person": ["active", "institution_id", "title_id", "discipline_id"],
        **PART_DEPENDS,
    }

    person_id = fields.Many2one("ctsp.person", string="Principal Investigator", readonly=True)
    institution_id = fields.Many2one("ctsp.institution", readonly=True)
    district_id = fields.Many2one("ctsp.district", readonly=True)
    title_id = fields.Many2one("ctsp.dictionary.item", string="Professional Title", readonly=True)
    discipline_id = fields.Many2one("ctsp.discipline", readonly=True)
    specialty_count = fields.Integer(string="Specialties Led", readonly=True)
    trial_count = fields.Integer(string="Trials", readonly=True)
    running_count = fields.Integer(string="Trials Under Way", readonly=True)
    lead_count = fields.Integer(string="Trials Led", readonly=True)
    international_count = fields.Integer(string="International Trials", readonly=True)
    phase1_count = fields.Integer(string="Phase I and BE Trials", readonly=True)
    planned = fields.Integer(string="Planned Subjects", readonly=True)
    actual = fields.Integer(string="Enrolled Subjects", readonly=True)

    @property
    def _table_query(self):
        return SQL("""
            SELECT person.id, person.id AS person_id, person.institution_id, institution.district_id, person.title_id,
                   COALESCE(person.discipline_id, specialty.discipline) AS discipline_id,
                   COALESCE(specialty.specialties, 0) AS specialty_count,
                   COALESCE(part.trials, 0) AS trial_count, COALESCE(part.running, 0) AS running_count,
                   COALESCE(part.led, 0) AS lead_count, COALESCE(part.international, 0) AS international_count,
                   COALESCE(part.early, 0) AS phase1_count,
                   COALESCE(part.planned, 0) AS planned, COALESCE(part.actual, 0) AS actual
              FROM ctsp_person person
              JOIN ctsp_institution institution ON institution.id = person.institution_id
         LEFT JOIN (SELECT pi_id, count(*) AS specialties, min(discipline_id) AS discipline
                      FROM ctsp_specialty WHERE active AND state = 'filed' AND pi_id IS NOT NULL GROUP BY pi_id
                   ) specialty ON specialty.pi_id = person.id
         LEFT JOIN (%(parts)s) part ON part.key = person.id
             WHERE person.active AND (specialty.pi_id IS NOT NULL OR part.key IS NOT NULL)
        """, parts=self.env["ctsp.institution.report"]._parts(SQL("site.pi_id")))
