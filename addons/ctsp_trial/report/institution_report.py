from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.ctsp_base.fields import OptionalInteger

PART_DEPENDS = {
    "ctsp.trial": ["active", "is_running", "is_international", "phase_id"],
    "ctsp.trial.site": ["trial_id", "institution_id", "specialty_id", "pi_id", "role", "planned", "actual"],
}
"""what the count of trials per key reads"""


class InstitutionReport(models.Model):
    """Institution statistics: one row per institution with what it has and does."""

    _name = "ctsp.institution.report"
    _description = "Institution Statistics"
    _auto = False
    _inherit = ["ctsp.statistics.mixin"]
    _counted_record = "institution_id"
    _order = "trial_count desc, id"
    _rec_name = "institution_id"
    _depends = {
        "ctsp.institution": [
            "active", "district_id", "level_id", "kind_id", "state", "first_filed_date", "bed_count"],
        "ctsp.specialty": ["active", "state", "institution_id", "pi_id"],
        "ctsp.person": ["active", "institution_id"],
        **PART_DEPENDS,
    }

    institution_id = fields.Many2one("ctsp.institution", readonly=True)
    district_id = fields.Many2one("ctsp.district", readonly=True)
    level_id = fields.Many2one("ctsp.dictionary.item", readonly=True)
    kind_id = fields.Many2one("ctsp.dictionary.item", readonly=True)
    state = fields.Selection(
        [("pending", "Not Yet Numbered"), ("filed", "Filed"), ("cancelled", "Cancelled")], readonly=True)
    first_filed_date = fields.Date(string="First Filed On", readonly=True)
    bed_count = OptionalInteger(string="Beds", readonly=True)
    specialty_count = fields.Integer(string="Specialties", readonly=True)
    pi_count = fields.Integer(string="Principal Investigators", readonly=True)
    person_count = fields.Integer(string="People", readonly=True)
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
            SELECT institution.id, institution.id AS institution_id, institution.district_id, institution.level_id,
                   institution.kind_id, institution.state, institution.first_filed_date, institution.bed_count,
                   COALESCE(specialty.specialties, 0) AS specialty_count,
                   COALESCE(specialty.investigators, 0) AS pi_count,
                   COALESCE(person.people, 0) AS person_count,
                   COALESCE(part.trials, 0) AS trial_count, COALESCE(part.running, 0) AS running_count,
                   COALESCE(part.led, 0) AS lead_count, COALESCE(part.international, 0) AS international_count,
                   COALESCE(part.early, 0) AS phase1_count,
                   COALESCE(part.planned, 0) AS planned, COALESCE(part.actual, 0) AS actual
              FROM ctsp_institution institution
         LEFT JOIN (SELECT institution_id, count(*) AS specialties, count(DISTINCT pi_id) AS investigators
                      FROM ctsp_specialty WHERE active AND state = 'filed' GROUP BY institution_id
                   ) specialty ON specialty.institution_id = institution.id
         LEFT JOIN (SELECT institution_id, count(*) AS people FROM ctsp_person WHERE active GROUP BY institution_id
                   ) person ON person.institution_id = institution.id
         LEFT JOIN (%(parts)s) part ON part.key = institution.id
             WHERE institution.active
        """, parts=self._parts(SQL("site.institution_id")))

    @api.model
    def _parts(self, key):
        """Return the query that counts trials and subjects per ``key``, a column of ``ctsp_trial_site``."""
        return SQL("""
            SELECT %(key)s AS key,
                   count(DISTINCT trial.id) AS trials,
                   count(DISTINCT trial.id) FILTER (WHERE trial.is_running) AS running,
                   count(DISTINCT trial.id) FILTER (WHERE site.role = 'lead') AS led,
                   count(DISTINCT trial.id) FILTER (WHERE trial.is_international) AS international,
                   count(DISTINCT trial.id) FILTER (WHERE phase.code IN ('i', 'i_ii', 'be')) AS early,
                   sum(site.planned) AS planned, sum(site.actual) AS actual
              FROM ctsp_trial_site site
              JOIN ctsp_trial trial ON trial.id = site.trial_id AND trial.active
         LEFT JOIN ctsp_dictionary_item phase ON phase.id = trial.phase_id
             WHERE %(key)s IS NOT NULL
          GROUP BY 1
        """, key=key)
