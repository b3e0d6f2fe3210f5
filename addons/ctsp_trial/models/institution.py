from odoo import api, fields, models


class Institution(models.Model):
    """Trials of an institution."""

    _inherit = "ctsp.institution"

    trial_site_ids = fields.One2many("ctsp.trial.site", "institution_id", string="Trials")
    trial_count = fields.Integer(string="Number of Trials", compute="_compute_trial_count")
    running_trial_count = fields.Integer(string="Trials Under Way", compute="_compute_running_trial_count")

    def _compute_trial_count(self):
        self._count("trial_count")

    def _compute_running_trial_count(self):
        self._count("running_trial_count")

    @api.model
    def _counters(self):
        """Add trials, not rows: an institution may take part in one trial with several specialties."""
        return {
            **super()._counters(),
            "trial_count": ("ctsp.trial.site", [], "trial_id"),
            "running_trial_count": ("ctsp.trial.site", [("trial_id.is_running", "=", True)], "trial_id"),
        }

    def action_open_trials(self):
        """Open the trials of this institution."""
        return self.env["ctsp.trial.site"]._trials_of(self, "institution_id")
