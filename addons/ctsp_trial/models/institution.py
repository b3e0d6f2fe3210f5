from odoo import fields, models


class Institution(models.Model):
    """Trials of an institution."""

    _inherit = "ctsp.institution"

    trial_site_ids = fields.One2many("ctsp.trial.site", "institution_id", string="Trials")
    trial_count = fields.Integer(string="Number of Trials", compute="_compute_trial_count")
    running_trial_count = fields.Integer(string="Trials Under Way", compute="_compute_running_trial_count")

    def _compute_trial_count(self):
        """Trials, not rows: an institution may take part in one trial with several specialties."""
        self.env["ctsp.trial.site"]._count_trials(self, "institution_id", "trial_count")

    def _compute_running_trial_count(self):
        self.env["ctsp.trial.site"]._count_trials(
            self, "institution_id", "running_trial_count", [("trial_id.is_running", "=", True)])

    def action_open_trials(self):
        """Open the trials of this institution."""
        return self.env["ctsp.trial.site"]._trials_of(self, "institution_id")
