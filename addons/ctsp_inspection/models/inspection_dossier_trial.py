from odoo import fields, models


class InspectionDossierTrial(models.Model):
    """One trial of the suggested sample, why it was chosen, and which of its subjects by their order of enrolment."""

    _name = "ctsp.inspection.dossier.trial"
    _description = "Suggested Trial"
    _order = "dossier_id, sequence, id"
    _rec_name = "trial_id"

    dossier_id = fields.Many2one("ctsp.inspection.dossier", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(readonly=True)
    trial_id = fields.Many2one("ctsp.trial", required=True, readonly=True, index=True, ondelete="cascade")
    specialty_id = fields.Many2one("ctsp.specialty", readonly=True, ondelete="set null")
    pi_name = fields.Char("Investigator", readonly=True)
    enrolled = fields.Integer("Enrolled Here", readonly=True)
    reason = fields.Selection(
        [("named", "Named in the Task"), ("events", "Serious Adverse Events"), ("alerts", "Open Risk Alerts"),
         ("largest", "Most Subjects"), ("never", "Never Inspected (by Lot)"), ("random", "By Lot")],
        "Why", readonly=True)
    subjects = fields.Char("Subjects by Order of Enrolment", readonly=True)
