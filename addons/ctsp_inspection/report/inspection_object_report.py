from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.ctsp_clause.tools import codes


class InspectionObjectReport(models.Model):
    """Conclusions by what was inspected: a row for the institution, each specialty and each trial of an inspection."""

    _name = "ctsp.inspection.object.report"
    _description = "Statistics of Conclusions"
    _auto = False
    _inherit = ["ctsp.statistics.mixin"]
    _counted_record = "inspection_id"
    _order = "date_start desc, id desc"
    _rec_name = "inspection_id"
    _depends = {
        "ctsp.inspection": ["kind", "institution_id", "district_id", "leader_id", "date_start", "state"],
        "ctsp.institution": ["level_id"],
        "ctsp.inspection.conclusion": [
            "inspection_id", "object", "specialty_id", "trial_id", "critical", "major", "minor", "proposed", "decided"],
        "ctsp.specialty": ["discipline_id"],
    }

    inspection_id = fields.Many2one("ctsp.inspection", readonly=True)
    object = fields.Selection(lambda self: codes.objects(self.env), readonly=True)
    institution_id = fields.Many2one("ctsp.institution", readonly=True)
    district_id = fields.Many2one("ctsp.district", readonly=True)
    level_id = fields.Many2one("ctsp.dictionary.item", readonly=True)
    leader_id = fields.Many2one("ctsp.inspector", "Team Leader", readonly=True)
    specialty_id = fields.Many2one("ctsp.specialty", readonly=True)
    discipline_id = fields.Many2one("ctsp.discipline", readonly=True)
    trial_id = fields.Many2one("ctsp.trial", readonly=True)
    kind = fields.Selection(lambda self: codes.kinds(self.env), "Business Type", readonly=True)
    date_start = fields.Date("Inspected On", readonly=True)
    proposed = fields.Selection(lambda self: codes.conclusions(self.env), readonly=True)
    decided = fields.Selection(lambda self: codes.conclusions(self.env), "Conclusion", readonly=True)
    critical = fields.Integer("Critical Findings", readonly=True)
    major = fields.Integer("Major Findings", readonly=True)
    minor = fields.Integer("Minor Findings", readonly=True)
    differs = fields.Integer("Differs from the Proposal", readonly=True)
    pass_rate = fields.Float("Meets the Requirements (%)", readonly=True, aggregator="avg", digits=(5, 1))

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT row.id, row.inspection_id, row.object, inspection.institution_id, inspection.district_id,
                   institution.level_id, inspection.leader_id, row.specialty_id, specialty.discipline_id, row.trial_id,
                   inspection.kind, inspection.date_start,
                   row.proposed, row.decided, row.critical, row.major, row.minor,
                   CASE WHEN row.proposed IS NOT NULL AND row.decided != row.proposed THEN 1 ELSE 0 END AS differs,
                   CASE row.decided WHEN 'pass' THEN 100 ELSE 0 END AS pass_rate
              FROM ctsp_inspection_conclusion row
              JOIN ctsp_inspection inspection ON inspection.id = row.inspection_id
         LEFT JOIN ctsp_institution institution ON institution.id = inspection.institution_id
         LEFT JOIN ctsp_specialty specialty ON specialty.id = row.specialty_id
             WHERE row.decided IS NOT NULL AND inspection.state IN ('approved', 'rectification', 'closed')
            """)
