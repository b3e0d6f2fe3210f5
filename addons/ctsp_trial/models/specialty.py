from odoo import fields, models


class Specialty(models.Model):
    """Trials of a specialty."""

    _inherit = "ctsp.specialty"

    trial_site_ids = fields.One2many("ctsp.trial.site", "specialty_id", string="Trials")
    trial_count = fields.Integer(string="Number of Trials", compute="_compute_trial_counts")
    running_trial_count = fields.Integer(string="Trials Under Way", compute="_compute_trial_counts")

    def _compute_trial_counts(self):
        self.env["ctsp.trial.site"]._count_trials(self, "specialty_id", "trial_count", "running_trial_count")

    def action_open_trials(self):
        """Open the trials of this specialty."""
        return self.env["ctsp.trial.site"]._trials_of(self, "specialty_id")
