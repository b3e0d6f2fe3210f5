from odoo import fields, models
from odoo.tools import SQL


class TrialReport(models.Model):
    """Trial statistics: one row per trial and local institution's part in it, one row for a trial without any.

    Count trials by the measure ``trial_id`` (distinct), parts by the number of rows.
    """

    _name = "ctsp.trial.report"
    _description = "Trial Statistics"
    _auto = False
    _inherit = ["ctsp.statistics.mixin"]
    _counted_record = "trial_id"
    _order = "year desc, id desc"
    _rec_name = "trial_id"
    _depends = {
        "ctsp.trial": [
            "active", "year", "first_public_date", "phase_id", "status_id", "is_running", "trial_type_id",
            "drug_class_id", "is_international", "is_local_lead", "lead_name", "sponsor_id"],
        "ctsp.trial.site": ["trial_id", "institution_id", "specialty_id", "pi_id", "role", "planned", "actual"],
        "ctsp.institution": ["district_id", "level_id"],
        "ctsp.specialty": ["discipline_id"],
    }

    trial_id = fields.Many2one("ctsp.trial", string="Number of Trials", readonly=True)
    site_id = fields.Many2one("ctsp.trial.site", string="Part of an Institution", readonly=True)
    year = fields.Char(readonly=True)
    first_public_date = fields.Date(string="First Published", readonly=True)
    phase_id = fields.Many2one("ctsp.dictionary.item", readonly=True)
    status_id = fields.Many2one("ctsp.dictionary.item", string="Trial Status", readonly=True)
    is_running = fields.Boolean(string="Under Way", readonly=True)
    trial_type_id = fields.Many2one("ctsp.dictionary.item", string="Drug or Device", readonly=True)
    drug_class_id = fields.Many2one("ctsp.dictionary.item", readonly=True)
    is_international = fields.Boolean(string="International Multicentre", readonly=True)
    is_local_lead = fields.Boolean(string="Led in This City", readonly=True)
    lead_name = fields.Char(string="Leading Institution", readonly=True)
    sponsor_id = fields.Many2one("ctsp.organization", readonly=True)
    is_local = fields.Boolean(string="In This City", readonly=True)
    institution_id = fields.Many2one("ctsp.institution", readonly=True)
    district_id = fields.Many2one("ctsp.district", readonly=True)
    level_id = fields.Many2one("ctsp.dictionary.item", string="Institution Level", readonly=True)
    specialty_id = fields.Many2one("ctsp.specialty", readonly=True)
    discipline_id = fields.Many2one("ctsp.discipline", readonly=True)
    pi_id = fields.Many2one("ctsp.person", string="Principal Investigator", readonly=True)
    role = fields.Selection([("lead", "Leading"), ("part", "Participating")], readonly=True)
    planned = fields.Integer(string="Planned Subjects", readonly=True)
    actual = fields.Integer(string="Enrolled Subjects", readonly=True)

    @property
    def _table_query(self):
        return SQL("""
            SELECT COALESCE(site.id, -trial.id) AS id,
                   trial.id AS trial_id, site.id AS site_id, NULLIF(trial.year, 0)::varchar AS year,
                   trial.first_public_date, trial.phase_id, trial.status_id, trial.is_running, trial.trial_type_id,
                   trial.drug_class_id, trial.is_international, trial.is_local_lead, trial.lead_name, trial.sponsor_id,
                   site.id IS NOT NULL AS is_local, site.institution_id, institution.district_id, institution.level_id,
                   site.specialty_id, specialty.discipline_id, site.pi_id, site.role, site.planned, site.actual
              FROM ctsp_trial trial
         LEFT JOIN ctsp_trial_site site ON site.trial_id = trial.id AND site.institution_id IS NOT NULL
         LEFT JOIN ctsp_institution institution ON institution.id = site.institution_id
         LEFT JOIN ctsp_specialty specialty ON specialty.id = site.specialty_id
             WHERE trial.active
        """)
