from dataclasses import replace

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.ctsp_base.tools import clock

from ..tools.scoring import Facts, score

YEARS = 3
MONTHS_NEW = 12
ALERT_OPEN = ("new", "assigned", "handled")


class PlanRisk(models.AbstractModel):
    """Gathers what is known of institutions and scores them; a constant number of queries for any number of them.

    Superuser: the score is the platform's own figure; a planner need not read alerts or other teams' inspections.
    """

    _name = "ctsp.plan.risk"
    _description = "Risk of Institutions"

    @api.model
    def _scores(self, institutions, day=None):
        """Return ``{institution id: (whole, parts)}`` as of ``day`` (today when None)."""
        day = day or clock.today()
        weights = self.env["ctsp.plan.weight"]._on(day)
        return {key: score(facts, weights) for key, facts in self._facts(institutions, day).items()}

    @api.model
    def _facts(self, institutions, day):
        """Return ``{institution id: Facts}``."""
        facts = dict.fromkeys(institutions.ids, Facts())
        engine = self.sudo()
        for source in engine._sources():
            for key, values in source(institutions, day).items():
                facts[key] = replace(facts[key], **values)
        return facts

    @api.model
    def _sources(self):
        """Return the methods that give ``{institution id: {fact: value}}``. For extension."""
        return [self._volume_facts, self._early_facts, self._specialty_facts, self._investigator_facts,
                self._alert_facts]

    @api.model
    def _volume_facts(self, institutions, day):
        groups = self.env["ctsp.trial.site"]._read_group(
            [("institution_id", "in", institutions.ids), ("trial_id.is_running", "=", True)],
            ["institution_id"], ["trial_id:count_distinct", "actual:sum"])
        return {home.id: {"running_trials": trials, "enrolled": people or 0} for home, trials, people in groups}

    @api.model
    def _early_facts(self, institutions, day):
        groups = self.env["ctsp.trial.site"]._read_group(
            [("institution_id", "in", institutions.ids), ("trial_id.is_running", "=", True),
             ("trial_id.phase_id.code", "in", ("i", "i_ii", "be"))],
            ["institution_id"], ["trial_id:count_distinct"])
        return {home.id: {"early_trials": trials} for home, trials in groups}

    @api.model
    def _specialty_facts(self, institutions, day):
        groups = self.env["ctsp.specialty"]._read_group(
            [("institution_id", "in", institutions.ids), ("state", "=", "filed"),
             ("filed_date", ">", day - relativedelta(months=MONTHS_NEW)), ("filed_date", "<=", day)],
            ["institution_id"], ["__count"])
        return {home.id: {"new_specialties": count} for home, count in groups}

    @api.model
    def _investigator_facts(self, institutions, day):
        """Count people who took office as principal investigator, by their posts."""
        groups = self.env["ctsp.person.post"]._read_group(
            [("institution_id", "in", institutions.ids), ("post_id.mark", "=", "pi"),
             ("date_from", ">", day - relativedelta(months=MONTHS_NEW)), ("date_from", "<=", day)],
            ["institution_id"], ["person_id:count_distinct"])
        return {home.id: {"new_investigators": count} for home, count in groups}

    @api.model
    def _alert_facts(self, institutions, day):
        """Count open alerts about the institution, by its name as the alert keeps it."""
        by_name = {}
        for institution in institutions.sudo():
            by_name.setdefault(institution.name, []).append(institution.id)
        groups = self.env["ctsp.risk.alert"]._read_group(
            Domain("owner_name", "in", list(by_name)) & Domain("state", "in", ALERT_OPEN),
            ["owner_name", "level"], ["__count"])
        result = {}
        for name, level, count in groups:
            for key in by_name[name]:
                fact = "serious_alerts" if level == "serious" else "warning_alerts"
                values = result.setdefault(key, {})
                values[fact] = values.get(fact, 0) + count
        return result
