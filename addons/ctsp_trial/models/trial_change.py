from odoo import api, models

EVENT = "ctsp.trial.changed"
UNTOLD = {"data_source"}
"""where a trial is known from is the platform's own knowledge"""


class Trial(models.Model):
    """A changed trial is an event, once for each transaction: connectors tell other systems."""

    _inherit = "ctsp.trial"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        trials = super().create(vals_list)
        trials._outbox_changed(EVENT)
        return trials

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() - UNTOLD:
            self._outbox_changed(EVENT)
        return result


class TrialSite(models.Model):
    """What an institution does in a trial is part of what is told of it."""

    _inherit = "ctsp.trial.site"

    @api.model_create_multi
    def create(self, vals_list):
        sites = super().create(vals_list)
        sites.trial_id._outbox_changed(EVENT)
        return sites

    def write(self, vals):
        trials = self.trial_id
        result = super().write(vals)
        (trials | self.trial_id)._outbox_changed(EVENT)
        return result

    def unlink(self):
        trials = self.trial_id
        result = super().unlink()
        trials._outbox_changed(EVENT)
        return result
