from odoo import api, models


class Home(models.AbstractModel):
    """What waits for a data steward: versions to review, tests to sign off."""

    _inherit = "ctsp.home"

    @api.model
    def _cards(self):
        cards = super()._cards()
        if not self.env.user.has_group("ctsp_base.group_data_steward"):
            return cards
        review = [("state", "=", "review"), ("submitted_by", "!=", self.env.uid)]
        asked = [("state", "=", "requested")]
        return [
            *cards,
            self._counted_card(
                "dataset_review", self.env._("Versions of data sets to review"),
                "ctsp_dataset.ctsp_dataset_version_action", review, "info", 41),
            self._counted_card(
                "dataset_sign_off", self.env._("Interface tests to sign off"),
                "ctsp_dataset.ctsp_dataset_conformance_action", asked, "info", 42)]
