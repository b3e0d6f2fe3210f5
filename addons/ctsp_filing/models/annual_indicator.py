from odoo import api, fields, models


class AnnualIndicator(models.Model):
    """A figure of the annual report: typed in by the institution, or pre-filled from the registry."""

    _name = "ctsp.annual.indicator"
    _description = "Figure of the Annual Report"
    _order = "section_id, sequence, id"

    name = fields.Char("Figure", required=True, translate=True)
    code = fields.Char(required=True)
    section_id = fields.Many2one("ctsp.annual.section", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    unit = fields.Char(translate=True)
    source = fields.Selection("_selection_source", required=True, default="manual")
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("unique (code)", "This code is taken by another figure.")

    @api.model
    def _selection_source(self):
        """Return where a figure can come from. An addon that knows more figures adds a pair and ``_count_<code>``."""
        return [
            ("manual", self.env._("Typed in")),
            ("specialties", self.env._("Filed specialties")),
            ("new_specialties", self.env._("Specialties filed in the year")),
            ("cancelled_specialties", self.env._("Specialties cancelled in the year")),
            ("investigators", self.env._("Principal investigators")),
            ("people", self.env._("People in the registry")),
            ("trained_people", self.env._("People trained in GCP in the year")),
            ("changes", self.env._("Changes filed in the year")),
        ]

    def _count(self, institution, first, last):
        """Return the figure for one institution and the days ``first`` to ``last``; None when it is typed in."""
        self.ensure_one()
        if self.source == "manual":
            return None
        return getattr(self, f"_count_{self.source}")(institution, first, last)

    def _count_specialties(self, institution, first, last):
        return self.env["ctsp.specialty"].search_count([
            ("institution_id", "=", institution.id), "|", ("filed_date", "=", False), ("filed_date", "<=", last),
            "|", ("state", "=", "filed"), ("cancelled_date", ">", last)])

    def _count_new_specialties(self, institution, first, last):
        return self.env["ctsp.specialty"].search_count([
            ("institution_id", "=", institution.id), ("filed_date", ">=", first), ("filed_date", "<=", last)])

    def _count_cancelled_specialties(self, institution, first, last):
        return self.env["ctsp.specialty"].search_count([
            ("institution_id", "=", institution.id), ("cancelled_date", ">=", first), ("cancelled_date", "<=", last)])

    def _count_investigators(self, institution, first, last):
        return len(institution.specialty_ids.filtered(lambda row: row.state == "filed").pi_id)

    def _count_people(self, institution, first, last):
        return self.env["ctsp.person"].search_count([("institution_id", "=", institution.id)])

    def _count_trained_people(self, institution, first, last):
        return self.env["ctsp.person"].search_count([
            ("institution_id", "=", institution.id),
            ("gcp_ids", "any", [("date", ">=", first), ("date", "<=", last)])])

    def _count_changes(self, institution, first, last):
        return self.env["ctsp.filing"].search_count([
            ("institution_id", "=", institution.id), ("kind", "=", "change"), ("state", "=", "approved"),
            ("effective_date", ">=", first), ("effective_date", "<=", last)])
