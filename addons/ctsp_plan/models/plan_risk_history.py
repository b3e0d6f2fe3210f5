from dateutil.relativedelta import relativedelta

from odoo import api, models

from .plan_risk import YEARS

FINISHED = ("approved", "rectification", "closed")


class PlanRisk(models.AbstractModel):
    """What earlier inspections add to the risk: when the last one was, how it ended, what was found."""

    _inherit = "ctsp.plan.risk"

    @api.model
    def _sources(self):
        return [*super()._sources(), self._visit_facts, self._conclusion_facts, self._finding_facts]

    @api.model
    def _last_visits(self, institutions):
        """Return ``{institution id: first day of the last inspection}`` (superuser: other teams' included)."""
        groups = self.env["ctsp.inspection"].sudo()._read_group(
            [("institution_id", "in", institutions.ids), ("date_start", "!=", False), ("state", "!=", "cancelled")],
            ["institution_id"], ["date_start:max"])
        return {home.id: day for home, day in groups}

    @api.model
    def _visit_facts(self, institutions, day):
        return {key: {"months_since_visit": max((day - visit).days, 0) / 30.4}
                for key, visit in self._last_visits(institutions).items()}

    @api.model
    def _conclusion_facts(self, institutions, day):
        groups = self.env["ctsp.inspection"]._read_group(
            [("institution_id", "in", institutions.ids), ("state", "in", FINISHED),
             ("date_start", ">", day - relativedelta(years=YEARS)), ("conclusion", "in", ("rectify", "fail"))],
            ["institution_id", "conclusion"], ["__count"])
        result = {}
        for home, conclusion, count in groups:
            result.setdefault(home.id, {})["failed" if conclusion == "fail" else "to_rectify"] = count
        return result

    @api.model
    def _finding_facts(self, institutions, day):
        """Count findings that were issued; what is being recorded or was dropped is not held against anybody."""
        groups = self.env["ctsp.finding"]._read_group(
            [("institution_id", "in", institutions.ids), ("state", "in", ("issued", "answered", "accepted")),
             ("inspection_date", ">", day - relativedelta(years=YEARS))],
            ["institution_id", "grade"], ["__count"])
        result = {}
        for home, grade, count in groups:
            result.setdefault(home.id, {})[grade] = count
        return result
