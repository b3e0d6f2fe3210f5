from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError

from .annual_report import OPEN_STATES


class AnnualReport(models.Model):
    """Sections and figures of a report: taken over from the template, pre-filled, compared with the year before."""

    _inherit = "ctsp.annual.report"

    previous_id = fields.Many2one("ctsp.annual.report", "Report of the Year Before", compute="_compute_previous_id")
    comparison_html = fields.Html("Compared with the Year Before", compute="_compute_comparison_html", sanitize=False)

    def _compute_previous_id(self):
        earlier = self.search([
            ("institution_id", "in", self.institution_id.ids),
            ("year", "in", [report.year - 1 for report in self])])
        by_key = {(report.institution_id, report.year): report for report in earlier}
        for report in self:
            report.previous_id = by_key.get((report.institution_id, report.year - 1))

    @api.depends("figure_ids.value", "figure_ids.has_value")
    @api.depends_context("lang")
    def _compute_comparison_html(self):
        for report in self:
            before = {row.indicator_id: row for row in report.previous_id.figure_ids}
            rows = []
            for figure in report.figure_ids:
                old = before.get(figure.indicator_id)
                rows.append({
                    "name": figure.indicator_id.name, "unit": figure.indicator_id.unit or "",
                    "old": old.value if old and old.is_filled else None,
                    "new": figure.value if figure.is_filled else None,
                })
            report.comparison_html = self.env["ir.qweb"]._render(
                "ctsp_filing.annual_comparison", {"rows": rows, "report": report})

    def _take_over_sections(self):
        """Give new reports the sections and figures of today."""
        sections = self.env["ctsp.annual.section"].search([])
        written = sections.filtered(lambda section: section.kind != "figures")
        self.env["ctsp.annual.answer"].create([
            {"report_id": report.id, "section_id": section.id} for report in self for section in written])
        self.env["ctsp.annual.figure"].create([
            {"report_id": report.id, "indicator_id": indicator.id}
            for report in self for indicator in sections.indicator_ids])
        self._prefill_figures()

    def action_prefill_figures(self):
        """Count the registry's figures anew; what was typed in stays (button; needs write access)."""
        self.check_access("write")
        for report in self:
            if report.state not in OPEN_STATES:
                raise UserError(self.env._("The report has been handed in."))
        # an institution's own figures; it has no right on the registry's tables
        self.sudo()._prefill_figures()
        return True

    def action_confirm_zeros(self):
        """State that nothing happened where no figure was typed in: 0 (button; needs write access)."""
        self.check_access("write")
        for report in self:
            if report.state not in OPEN_STATES:
                raise UserError(self.env._("The report has been handed in."))
        # whether a zero was typed in is the platform's knowledge; write access to the report was checked
        self.sudo().figure_ids.filtered(lambda figure: not figure.has_value).has_value = True
        return True

    def _prefill_figures(self):
        for report in self:
            first, last = date(report.year, 1, 1), date(report.year, 12, 31)
            for figure in report.figure_ids:
                count = figure.indicator_id._count(report.institution_id, first, last)
                if count is None:
                    continue
                vals = {"computed_value": count, "is_computed": True}
                if not figure.has_value or figure.value == figure.computed_value:
                    vals |= {"value": count, "has_value": True}
                figure.write(vals)
