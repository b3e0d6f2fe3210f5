from odoo import api, models
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

MY_INSPECTIONS = _lt("My inspections")
TO_REVIEW = _lt("Inspections to review")
RETURNED = _lt("Inspections returned to me")
TO_ASSIGN = _lt("Inspections to assign")
INSPECTIONS = "ctsp_inspection.ctsp_inspection_action"


class Home(models.AbstractModel):
    """Counters of inspections on the home screen."""

    _inherit = "ctsp.home"

    @api.model
    def _cards(self):
        cards = super()._cards()
        has = self.env.user.has_group
        if has("ctsp_base.group_inspector"):
            cards.append(self._counted_card(
                "inspections_mine", self.env._(MY_INSPECTIONS), INSPECTIONS,
                [("is_mine", "=", True), ("state", "in", ("assigned", "onsite"))], "info", 40))
            cards.append(self._counted_card(
                "inspections_returned", self.env._(RETURNED), INSPECTIONS,
                [("is_mine", "=", True), ("state", "=", "returned")], "warning", 41))
        if has("ctsp_base.group_reviewer"):
            cards.append(self._counted_card(
                "inspections_review", self.env._(TO_REVIEW), INSPECTIONS,
                [("state", "in", ("submitted", "review"))], "info", 42))
        if has("ctsp_base.group_planner"):
            cards.append(self._counted_card(
                "inspections_draft", self.env._(TO_ASSIGN), INSPECTIONS, [("state", "=", "draft")], "info", 43))
        return cards
