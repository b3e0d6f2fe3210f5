from odoo import api, models
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

TERMS_LATE = _lt("Reports, verifications and evaluations overdue")
TO_VERIFY = _lt("Rectifications to verify")
OVERDUE = _lt("Rectifications overdue")
MORE_TIME = _lt("Requests for more time")
OBJECTIONS = _lt("Objections to findings")
TO_EVALUATE = _lt("Inspections to evaluate")
TO_PUBLISH = _lt("Public disclosures to approve")


class Home(models.AbstractModel):
    """Counters of the rectification on the home screen."""

    _inherit = "ctsp.home"

    @api.model
    def _cards(self):
        cards, user = super()._cards(), self.env.user
        decides = any(user.has_group(f"ctsp_base.group_{role}") for role in ("reviewer", "leader"))
        items = "ctsp_inspection.ctsp_rectification_action"
        if user.has_group("ctsp_base.group_inspector") or decides:
            cards += [
                self._counted_card("rectification_verify", self.env._(TO_VERIFY), items,
                                [("state", "=", "answered")], "info", 50),
                self._counted_card("rectification_late", self.env._(OVERDUE), items,
                                [("urgency", "in", ["late"])], "danger", 51)]
        if user.has_group("ctsp_base.group_inspector") or user.has_group("ctsp_base.group_planner") or decides:
            cards.append(self._counted_card(
                "inspection_terms_late", self.env._(TERMS_LATE), "ctsp_inspection.ctsp_inspection_term_action",
                [("urgency", "in", ["late"]), ("kind", "!=", "rectify")], "danger", 49))
        if decides:
            cards += [
                self._counted_card("rectification_time", self.env._(MORE_TIME),
                                "ctsp_inspection.ctsp_rectification_extension_action", [("state", "=", "asked")],
                                "warning", 52),
                self._counted_card("rectification_objection", self.env._(OBJECTIONS),
                                "ctsp_inspection.ctsp_rectification_objection_action", [("state", "=", "asked")],
                                "warning", 53),
                self._counted_card("inspection_evaluate", self.env._(TO_EVALUATE),
                                "ctsp_inspection.ctsp_inspection_action",
                                [("state", "=", "rectification"), ("evaluation", "=", False),
                                 ("evaluation_due", "!=", False)], "info", 54)]
        if user.has_group("ctsp_base.group_leader"):
            cards.append(self._counted_card(
                "disclosure_approve", self.env._(TO_PUBLISH), "ctsp_inspection.ctsp_inspection_disclosure_action",
                [("state", "=", "submitted")], "info", 55))
        return cards
