from odoo import fields, models


class Specialty(models.Model):
    """Trials of a specialty."""

    _inherit = "ctsp.specialty"

    trial_site_ids = fields.One2many("ctsp.trial.site", "specialty_id", string="Trials")
    trial_count = fields.Integer(string="Number of Trials", compute="_compute_trial_count")
    running_trial_count = fields.Integer(string="Trials Under Way", compute="_compute_running_trial_count")

    def _compute_trial_count(self):
        self.env["ctsp.trial.site"]._count_trials(self, "specialty_id", "trial_count")

    def _compute_running_trial_count(self):
        self.env["ctsp.trial.site"]._count_trials(
            self, "specialty_id", "running_trial_count", [("trial_id.is_running", "=", True)])

    def action_open_trials(self):
        """Open the trials of this specialty."""
        return self.env["ctsp.trial.site"]._trials_of(self, "specialty_id")
