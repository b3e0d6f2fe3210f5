from odoo import fields, models


class AnnualIndicator(models.Model):
    """A figure of the annual report: typed in by the institution, or pre-filled from the registry."""

    _name = "ctsp.annual.indicator"
    _description = "Figure of the Annual Report"
    _order = "section_id, sequence, id"
    _integrity_fields = {1: ("code", "section_id", "source", "active")}

    name = fields.Char("Figure", required=True, translate=True)
    code = fields.Char(required=True)
    section_id = fields.Many2one("ctsp.annual.section", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    unit = fields.Char(translate=True)
    source = fields.Selection([
        ("manual", "Typed in"),
        ("specialties", "Filed specialties"),
        ("new_specialties", "Specialties filed in the year"),
        ("cancelled_specialties", "Specialties cancelled in the year"),
        ("investigators", "Principal investigators"),
        ("people", "People in the registry"),
        ("trained_people", "People trained in GCP in the year"),
        ("changes", "Changes filed in the year"),
        ("trials_new", "Trials started in the year"),
        ("trials_ongoing", "Trials under way at the end of the year"),
        ("trials_completed", "Trials completed in the year"),
    ], required=True, default="manual", help="An addon that knows more figures adds a pair and a method _count_<code>.")
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("unique (code)", "This code is taken by another figure.")

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

    def _count_trials_new(self, institution, first, last):
        return self.env["ctsp.trial.site"].search_count([
            ("institution_id", "=", institution.id), ("start_date", ">=", first), ("start_date", "<=", last)])

    def _count_trials_ongoing(self, institution, first, last):
        return self.env["ctsp.trial.site"].search_count([
            ("institution_id", "=", institution.id), ("start_date", "<=", last),
            "|", ("end_date", "=", False), ("end_date", ">", last)])

    def _count_trials_completed(self, institution, first, last):
        return self.env["ctsp.trial.site"].search_count([
            ("institution_id", "=", institution.id), ("end_date", ">=", first), ("end_date", "<=", last)])
