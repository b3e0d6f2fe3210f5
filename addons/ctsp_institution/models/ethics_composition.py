from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import requirements


class EthicsCommittee(models.Model):
    """Composition of an ethics committee, judged by the Ethics Review Measures of 2023."""

    _name = "ctsp.ethics.committee"
    _inherit = ["ctsp.ethics.committee", "ctsp.requirement.mixin"]

    member_count = fields.Integer("Number of Members", compute="_compute_counts", store=True)
    men_count = fields.Integer("Men", compute="_compute_counts", store=True)
    women_count = fields.Integer("Women", compute="_compute_counts", store=True)
    external_count = fields.Integer("External Members", compute="_compute_counts", store=True)
    non_medical_count = fields.Integer("Non-medical Members", compute="_compute_counts", store=True)
    legal_count = fields.Integer("Legal Members", compute="_compute_counts", store=True)
    composition_state = fields.Selection(
        [("met", "Met"), ("unmet", "Not Met")], string="Composition",
        compute="_compute_composition_state", search="_search_composition_state")
    composition_check = fields.Html(
        "Requirements on the Composition", compute="_compute_composition_check", sanitize=False)

    @api.depends("member_ids.active", "member_ids.gender", "member_ids.is_external", "member_ids.background_id.code")
    def _compute_counts(self):
        for committee in self:
            members = committee.member_ids.filtered("active")
            backgrounds = members.mapped(lambda member: member.background_id.code)
            committee.member_count = len(members)
            committee.men_count = len(members.filtered(lambda member: member.gender == "male"))
            committee.women_count = len(members.filtered(lambda member: member.gender == "female"))
            committee.external_count = len(members.filtered("is_external"))
            committee.non_medical_count = sum(bool(code) and code != "medical" for code in backgrounds)
            committee.legal_count = backgrounds.count("law")

    def _minimum(self):
        return self.env["ctsp.parameter"]._get("ethics.min_members")

    def _composition_verdicts(self, minimum):
        return requirements.composition(
            self.member_count, self.men_count, self.women_count, self.external_count, self.non_medical_count,
            self.legal_count, minimum)

    @api.depends("member_count", "men_count", "women_count", "external_count", "non_medical_count", "legal_count")
    def _compute_composition_state(self):
        minimum = self._minimum()
        for committee in self:
            met = requirements.met(committee._composition_verdicts(minimum))
            committee.composition_state = "met" if met else "unmet"

    def _search_composition_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        counts = ("men_count", "women_count", "external_count", "non_medical_count", "legal_count")
        met = Domain.AND(Domain(count, ">=", 1) for count in counts) & Domain("member_count", ">=", self._minimum())
        domains = {"met": met, "unmet": ~met}
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.depends("member_count", "men_count", "women_count", "external_count", "non_medical_count", "legal_count")
    @api.depends_context("lang")
    def _compute_composition_check(self):
        minimum = self._minimum()
        for committee in self:
            committee.composition_check = committee._requirement_html(committee._composition_verdicts(minimum))
