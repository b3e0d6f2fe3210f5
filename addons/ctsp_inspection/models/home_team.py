from odoo import api, models
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

CERTIFICATES_EXPIRING = _lt("Inspector certificates expired or expiring")


class Home(models.AbstractModel):
    """Counters of the inspectors' register on the home screen."""

    _inherit = "ctsp.home"

    @api.model
    def _cards(self):
        cards = super()._cards()
        if self.env.user.has_group("ctsp_base.group_planner"):
            cards.append(self._counted_card(
                "inspector_certificates", self.env._(CERTIFICATES_EXPIRING),
                "ctsp_inspection.ctsp_inspector_certificate_action",
                [("expiry_state", "in", ["expiring", "expired"]), ("inspector_id.active", "=", True)], "warning", 46))
        return cards
