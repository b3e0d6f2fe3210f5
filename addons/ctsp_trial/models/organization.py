from odoo import fields, models


class Organization(models.Model):
    """Trials of a sponsor or service provider."""

    _inherit = "ctsp.organization"

    trial_party_ids = fields.One2many("ctsp.trial.party", "organization_id", string="Roles in Trials")
    trial_count = fields.Integer(string="Number of Trials", compute="_compute_trial_count")

    def _compute_trial_count(self):
        counts = dict(self.env["ctsp.trial.party"]._read_group(
            [("organization_id", "in", self.ids)], ["organization_id"], ["trial_id:count_distinct"]))
        for organization in self:
            organization.trial_count = counts.get(organization._origin, 0)

    def action_open_trials(self):
        """Open the trials of this organisation."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("ctsp_trial.ctsp_trial_action")
        return {**action, "domain": [("party_ids", "any", [("organization_id", "=", self.id)])], "context": {}}
