from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import requirements


class Specialty(models.Model):
    """Requirements on the principal investigator of a specialty."""

    _name = "ctsp.specialty"
    _inherit = ["ctsp.specialty", "ctsp.requirement.mixin"]

    pi_state = fields.Selection(
        [("met", "Met"), ("unmet", "Not Met"), ("none", "No Investigator")],
        string="PI Requirements", compute="_compute_pi_state", search="_search_pi_state",
        help="Senior professional title, and participation in trials with proof.")
    pi_check = fields.Html("Requirements on the Investigator", compute="_compute_pi_check", sanitize=False)

    def _pi_thresholds(self):
        """Return the codes of senior titles and the number of proven trials wanted today."""
        # everybody who reads a specialty may know the thresholds, few may read parameters
        parameter = self.env["ctsp.parameter"].sudo()
        titles = {code.strip() for code in parameter._get("pi.senior_titles").split(",")}
        return titles, parameter._get("pi.min_trials")

    def _pi_verdicts(self, titles, minimum):
        person = self.pi_id
        return requirements.investigator(
            bool(person), person.title_id.code in titles, person.proven_trial_count, bool(person.gcp_date), minimum)

    @api.depends("pi_id.title_id", "pi_id.proven_trial_count", "pi_id.gcp_date")
    def _compute_pi_state(self):
        titles, minimum = self._pi_thresholds()
        for specialty in self:
            met = requirements.met(specialty._pi_verdicts(titles, minimum))
            specialty.pi_state = "none" if not specialty.pi_id else "met" if met else "unmet"

    def _search_pi_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        titles, minimum = self._pi_thresholds()
        met = Domain("pi_id", "any", [
            ("title_id.code", "in", sorted(titles)), ("proven_trial_count", ">=", minimum), ("gcp_date", "!=", False)])
        none = Domain("pi_id", "=", False)
        domains = {"met": met, "none": none, "unmet": ~none & ~met}
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.depends("pi_id.title_id", "pi_id.proven_trial_count", "pi_id.gcp_date")
    @api.depends_context("lang")
    def _compute_pi_check(self):
        titles, minimum = self._pi_thresholds()
        for specialty in self:
            specialty.pi_check = specialty._requirement_html(specialty._pi_verdicts(titles, minimum))
