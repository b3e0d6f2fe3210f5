from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import requirements

SENIOR = "senior"
"""mark of a senior title in the dictionary ``professional_title``"""


class Specialty(models.Model):
    """Requirements on the principal investigator of a specialty."""

    _name = "ctsp.specialty"
    _inherit = ["ctsp.specialty", "ctsp.requirement.mixin"]

    pi_state = fields.Selection(
        [("met", "Met"), ("unmet", "Not Met"), ("none", "No Investigator")],
        string="PI Requirements", compute="_compute_pi_state", search="_search_pi_state",
        help="Senior professional title, and participation in trials with proof.")
    pi_check = fields.Html("Requirements on the Investigator", compute="_compute_pi_check", sanitize=False)

    def _pi_minimum(self):
        """Return the number of proven trials wanted today."""
        return self.env["ctsp.parameter"]._get("filing.pi_min_trials")

    def _pi_verdicts(self, minimum):
        person = self.pi_id
        return requirements.investigator(
            bool(person), person.title_id.mark == SENIOR, person.proven_trial_count, bool(person.gcp_date), minimum)

    @api.depends("pi_id.title_id", "pi_id.proven_trial_count", "pi_id.gcp_date")
    def _compute_pi_state(self):
        minimum = self._pi_minimum()
        for specialty in self:
            met = requirements.met(specialty._pi_verdicts(minimum))
            specialty.pi_state = "none" if not specialty.pi_id else "met" if met else "unmet"

    def _search_pi_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        minimum = self._pi_minimum()
        met = Domain("pi_id", "any", [
            ("title_id.mark", "=", SENIOR), ("proven_trial_count", ">=", minimum), ("gcp_date", "!=", False)])
        none = Domain("pi_id", "=", False)
        domains = {"met": met, "none": none, "unmet": ~none & ~met}
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.depends("pi_id.title_id", "pi_id.proven_trial_count", "pi_id.gcp_date")
    @api.depends_context("lang")
    def _compute_pi_check(self):
        minimum = self._pi_minimum()
        for specialty in self:
            specialty.pi_check = specialty._requirement_html(specialty._pi_verdicts(minimum))
