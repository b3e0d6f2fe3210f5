from dateutil.relativedelta import relativedelta

from odoo import api, models

from odoo.addons.ctsp_inspection.models.finding import RELEASED
from odoo.addons.ctsp_inspection.models.rectification import WITH_INSTITUTION

from .plan_risk import YEARS

FINISHED = ("approved", "rectification", "closed")


class PlanRisk(models.AbstractModel):
    """What earlier inspections add to the risk: when the last one was, how it ended, what was found."""

    _inherit = "ctsp.plan.risk"

    @api.model
    def _sources(self):
        return [*super()._sources(), self._visit_facts, self._conclusion_facts, self._finding_facts,
                self._overdue_facts, self._others_facts]

    @api.model
    def _last_visits(self, institutions):
        """Return ``{institution id: first day of the last inspection}`` (superuser: other teams' included)."""
        groups = self.env["ctsp.inspection"].sudo()._read_group(
            [("institution_id", "in", institutions.ids), ("date_start", "!=", False), ("state", "!=", "cancelled")],
            ["institution_id"], ["date_start:max"])
        return {home.id: day for home, day in groups}

    @api.model
    def _visit_facts(self, institutions, day):
        """The last visit is whoever's was later: checks of one authority spare those of another.

        上海市药品和医疗器械管理条例, Article 45: the frequency of inspections is coordinated.
        """
        own = self._last_visits(institutions)
        others = {home.id: seen for home, seen in self.env["ctsp.inspection.external"]._read_group(
            [("institution_id", "in", institutions.ids), ("date_start", "<=", day)],
            ["institution_id"], ["date_start:max"])}
        result = {}
        for key in own.keys() | others.keys():
            last = max(filter(None, (own.get(key), others.get(key))))
            result[key] = {
                "months_since_visit": max((day - last).days, 0) / 30.4, "visited_by_others": last != own.get(key)}
        return result

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
            [("institution_id", "in", institutions.ids), ("state", "in", RELEASED),
             ("inspection_date", ">", day - relativedelta(years=YEARS))],
            ["institution_id", "grade"], ["__count"])
        result = {}
        for home, grade, count in groups:
            result.setdefault(home.id, {})[grade] = count
        return result

    @api.model
    def _overdue_facts(self, institutions, day):
        """Count findings whose institution owes its answer since before ``day``."""
        groups = self.env["ctsp.rectification"]._read_group(
            [("institution_id", "in", institutions.ids), ("state", "in", WITH_INSTITUTION), ("date_due", "<", day)],
            ["institution_id"], ["__count"])
        return {home.id: {"overdue_rectifications": count} for home, count in groups}

    @api.model
    def _others_facts(self, institutions, day):
        """Count what other authorities concluded and found, as far as it was entered."""
        groups = self.env["ctsp.inspection.external"]._read_group(
            [("institution_id", "in", institutions.ids), ("date_start", "<=", day),
             ("date_start", ">", day - relativedelta(years=YEARS))],
            ["institution_id", "conclusion"], ["__count", "critical_count:sum", "major_count:sum", "minor_count:sum"])
        result = {}
        for home, conclusion, count, *found in groups:
            values = result.setdefault(home.id, {})
            if conclusion in ("fail", "rectify"):
                values["others_failed" if conclusion == "fail" else "others_to_rectify"] = count
            for grade, number in zip(("critical", "major", "minor"), found, strict=True):
                values[f"others_{grade}"] = values.get(f"others_{grade}", 0) + (number or 0)
        return result
