from odoo import api, models

from odoo.addons.ctsp_clause.tools import codes

from .overview import FREQUENT, YEARS_BACK

FINISHED = ("state", "in", ["approved", "rectification", "closed"])


class Overview(models.AbstractModel):
    """The figures, charts and tables of the overview."""

    _inherit = "ctsp.inspection.overview"

    @api.model
    def _figures(self, year):
        """Return the big figures: ``key``, ``label``, ``value``, ``unit``, whether more is better, action."""
        return [*self._inspection_figures(year), *self._plan_figures(year)]

    @api.model
    def _inspection_figures(self, year):
        report, within = "ctsp.inspection.report", self._within(year)
        [(made, findings, critical)] = self.env[report]._read_group(
            within, [], ["__count", "finding_count:sum", "critical_count:sum"])
        [(approved, first_right, passed)] = self.env[report]._read_group(
            [*within, FINISHED], [], ["__count", "first_right:avg", "pass_rate:avg"])
        [(closed, close_days)] = self.env[report]._read_group(
            [*within, ("state", "=", "closed")], [], ["__count", "close_days:avg"])
        figures = {
            "inspections": (made, "", True, []),
            "findings": (findings or 0, "", None, [("finding_count", ">", 0)]),
            "critical": (critical or 0, "", False, [("critical_count", ">", 0)]),
            "passed": (passed if approved else None, "%", True, [("conclusion", "=", "pass")]),
            "first_right": (first_right if approved else None, "%", True, [("return_count", "=", 0)]),
            "close_days": (close_days if closed else None, "", False, [("state", "=", "closed")]),
        }
        return [self._figure(key, report, value, unit, better, [*within, *domain])
                for key, (value, unit, better, domain) in figures.items()]

    @api.model
    def _plan_figures(self, year):
        report, mine = "ctsp.plan.report", [("year", "=", str(year))]
        [(planned, done, late)] = self.env[report]._read_group(mine, [], ["planned:sum", "done:sum", "late:sum"])
        rate = 100 * (done or 0) / planned if planned else None
        return [
            self._figure("planned", report, rate, "%", True, mine),
            self._figure("late", report, late or 0, "", False, [*mine, ("late", ">", 0)])]

    @api.model
    def _figure(self, key, report, value, unit, better, domain):
        label = self._labels()[key]
        return {"key": key, "label": label, "value": None if value is None else round(float(value), 1), "unit": unit,
                "better": better, "action": self._open(report, label, domain)}

    @api.model
    def _labels(self):
        return {
            "inspections": self.env._("Inspections Made"), "findings": self.env._("Findings"),
            "critical": self.env._("Critical Findings"), "passed": self.env._("Share That Passed"),
            "first_right": self.env._("Right the First Time"), "close_days": self.env._("Days from Visit to Close"),
            "planned": self.env._("Plans Carried Out"), "late": self.env._("Planned Inspections Overdue")}

    # ---- charts ---------------------------------------------------------------------------------------------------

    @api.model
    def _charts(self, year):
        return [self._by_month(year), self._by_conclusion(year), self._by_year(year), self._by_district(year)]

    @api.model
    def _by_month(self, year):
        """Inspections of each month by business type."""
        report = "ctsp.inspection.report"
        groups = self.env[report]._read_group(self._within(year), ["date_start:month", "kind"], ["__count"])
        counts = {(month.month, kind): count for month, kind, count in groups}
        kinds = [(code, label) for code, label in codes.kinds(self.env) if any(key[1] == code for key in counts)]
        return {
            "key": "months", "title": self.env._("Inspections by Month"), "type": "bar", "stacked": True,
            "labels": [self.env._("Month %s", month) for month in range(1, 13)],
            "series": [{"label": label, "data": [counts.get((month, code), 0) for month in range(1, 13)]}
                       for code, label in kinds],
            "action": self._open(report, self.env._("Inspections by Month"), self._within(year), ("list", "pivot")),
        }

    @api.model
    def _by_conclusion(self, year):
        report = "ctsp.inspection.report"
        groups = self.env[report]._read_group([*self._within(year), FINISHED], ["conclusion"], ["__count"])
        counts = dict(groups)
        labels = dict(codes.conclusions(self.env))
        found = [code for code in labels if code in counts]
        return {
            "key": "conclusions", "title": self.env._("Conclusions"), "type": "doughnut",
            "labels": [labels[code] for code in found],
            "tones": [{"pass": "good", "rectify": "fair", "fail": "bad"}[code] for code in found],
            "series": [{"label": self.env._("Inspections Made"), "data": [counts[code] for code in found]}],
            "action": self._open(
                report, self.env._("Conclusions"), [*self._within(year), FINISHED], ("list", "pivot")),
        }

    @api.model
    def _by_year(self, year):
        """Findings per inspection by grade, over the last years."""
        report, years = "ctsp.inspection.report", list(range(year - YEARS_BACK + 1, year + 1))
        domain = [("date_start", ">=", f"{years[0]}-01-01"), ("date_start", "<=", f"{year}-12-31"), FINISHED]
        groups = self.env[report]._read_group(
            domain, ["date_start:year"], ["__count", "critical_count:sum", "major_count:sum", "minor_count:sum"])
        rows = {start.year: figures for start, *figures in groups}
        names = [label for _code, label in codes.defects(self.env)]
        return {
            "key": "years", "title": self.env._("Findings per Inspection"), "type": "line",
            "labels": [str(one) for one in years], "tones": ["bad", "fair", "calm"],
            "series": [
                {"label": name, "data": [
                    round((rows[one][place + 1] or 0) / rows[one][0], 2) if one in rows else None for one in years]}
                for place, name in enumerate(names)],
            "action": self._open(report, self.env._("Findings per Inspection"), domain, ("pivot", "list")),
        }

    @api.model
    def _by_district(self, year):
        report = "ctsp.inspection.report"
        groups = self.env[report]._read_group(
            self._within(year), ["district_id"], ["__count", "finding_count:sum"], order="__count DESC", limit=20)
        return {
            "key": "districts", "title": self.env._("Inspections and Findings by District"), "type": "bar",
            "labels": [district.name or self.env._("None") for district, _count, _findings in groups],
            "series": [
                {"label": self.env._("Inspections Made"), "data": [count for _district, count, _findings in groups]},
                {"label": self.env._("Findings"), "data": [findings or 0 for _district, _count, findings in groups]}],
            "action": self._open(
                report, self.env._("Inspections and Findings by District"), self._within(year), ("pivot", "list")),
        }

    # ---- tables ---------------------------------------------------------------------------------------------------

    @api.model
    def _tables(self, year):
        return [self._frequent(year), self._institutions(year)]

    @api.model
    def _frequent(self, year):
        """The clauses found wanting most often, with the share of the times they were checked."""
        report = "ctsp.clause.report"
        found = self.env[report]._read_group(
            [*self._within(year), ("result", "=", "nonconform")], ["clause_id"], ["__count"],
            order="__count DESC", limit=FREQUENT)
        clauses = [clause.id for clause, _count in found]
        checked = dict(self.env[report]._read_group(
            [*self._within(year), ("clause_id", "in", clauses)], ["clause_id"], ["__count"]))
        return {
            "key": "clauses", "title": self.env._("Frequent Findings"),
            "head": [self.env._("Clause"), self.env._("Does Not Conform"), self.env._("Share (%)")],
            "rows": [{
                "cells": [clause.display_name, count, round(100 * count / checked[clause], 1)],
                "action": self._open(report, clause.display_name, [
                    *self._within(year), ("result", "=", "nonconform"), ("clause_id", "=", clause.id)]),
            } for clause, count in found],
        }

    @api.model
    def _institutions(self, year):
        """The institutions with the most serious findings: a critical one weighs ten, a major one three."""
        report = "ctsp.inspection.report"
        groups = self.env[report]._read_group(
            [*self._within(year), ("finding_count", ">", 0)], ["institution_id"],
            ["__count", "critical_count:sum", "major_count:sum", "minor_count:sum"])
        worst = sorted(groups, key=lambda row: (-(10 * (row[2] or 0) + 3 * (row[3] or 0) + (row[4] or 0)), row[0].id))
        return {
            "key": "institutions", "title": self.env._("Institutions with the Most Serious Findings"),
            "head": [self.env._("Institution"), self.env._("Inspections Made"),
                     *(label for _code, label in codes.defects(self.env))],
            "rows": [{
                "cells": [home.name, count, critical or 0, major or 0, minor or 0],
                "action": self._open(report, home.name, [*self._within(year), ("institution_id", "=", home.id)]),
            } for home, count, critical, major, minor in worst[:FREQUENT]],
        }
