from odoo import fields, models


class Person(models.Model):
    """Trials a person leads as principal investigator."""

    _inherit = "ctsp.person"

    trial_site_ids = fields.One2many("ctsp.trial.site", "pi_id", string="Trials as PI")
    trial_count = fields.Integer(string="Trials as PI (Number)", compute="_compute_trial_count")
    running_trial_count = fields.Integer(string="Trials Under Way", compute="_compute_running_trial_count")

    def _compute_trial_count(self):
        self.env["ctsp.trial.site"]._count_trials(self, "pi_id", "trial_count")

    def _compute_running_trial_count(self):
        self.env["ctsp.trial.site"]._count_trials(
            self, "pi_id", "running_trial_count", [("trial_id.is_running", "=", True)])

    def action_open_trials(self):
        """Open the trials this person leads."""
        return self.env["ctsp.trial.site"]._trials_of(self, "pi_id")
