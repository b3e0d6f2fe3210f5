from odoo import api, models


class Home(models.AbstractModel):
    """What waits for a security administrator: what another one asked for, and findings."""

    _inherit = "ctsp.home"

    @api.model
    def _cards(self):
        cards = super()._cards()
        if not self.env.user.has_group("ctsp_base.group_security_admin"):
            return cards
        still_open = [("state", "=", "open")]
        late = [("is_late", "=", True)]
        asked = [("state", "=", "asked"), ("asked_by", "!=", self.env.uid)]
        return [
            *cards,
            self._counted_card("crypto_export", self.env._("Exports of keys to approve"),
                               "ctsp_crypto.ctsp_crypto_export_action", asked, "warning", 23),
            self._counted_card("crypto_destruction", self.env._("Destructions of keys to confirm"),
                               "ctsp_crypto.ctsp_crypto_destruction_action", asked, "warning", 24),
            self._counted_card("crypto_stamps", self.env._("Papers that wait for their time stamp for more than a day"),
                               "ctsp_crypto.ctsp_crypto_stamp_action", late, "warning", 25),
            self._counted_card("crypto_findings", self.env._("Findings nobody has handled"),
                               "ctsp_crypto.ctsp_integrity_issue_action", still_open, "danger", 11)]
