from odoo import api, models
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

TO_ASSIGN = _lt("Planned inspections to assign")
LATE = _lt("Planned inspections overdue")
MINE = _lt("My planned inspections")
MY_TASKS = _lt("My tasks of plans")
LINES = "ctsp_plan.ctsp_plan_line_action"


class Home(models.AbstractModel):
    """What planners and inspectors have to do, on the home screen."""

    _inherit = "ctsp.home"

    @api.model
    def _cards(self):
        cards = super()._cards()
        user = self.env.user
        published = ("plan_state", "=", "published")
        if user.has_group("ctsp_base.group_planner"):
            cards += [
                self._counted_card(
                    "plan_assign", self.env._(TO_ASSIGN), LINES, [published, ("state", "=", "waiting")], "info", 40),
                self._counted_card(
                    "plan_late", self.env._(LATE), LINES, [published, ("urgency", "in", ["late"])], "danger", 41),
            ]
        if user.has_group("ctsp_base.group_inspector"):
            cards.append(self._counted_card(
                "plan_mine", self.env._(MINE), LINES,
                [published, ("is_mine", "=", True), ("state", "in", ["assigned", "running"])], "info", 5))
        if user.has_group("ctsp_base.group_regulator"):
            cards += self._task_cards()
        return cards

    @api.model
    def _task_cards(self):
        domain = [("user_id", "=", self.env.uid), ("done", "=", False), ("plan_id.state", "=", "published")]
        count = self.env["ctsp.plan.task"].search_count(domain)
        window = self.env["ir.actions.act_window"]._for_xml_id("ctsp_plan.ctsp_plan_task_action")
        return [{"key": "plan_tasks", "title": self.env._(MY_TASKS), "count": count, "tone": "info", "sequence": 45,
                 "action": {**window, "domain": domain, "context": {}}}] if count else []
