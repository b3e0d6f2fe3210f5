from odoo import api, models


class Institution(models.Model):
    """Earlier inspections of an institution."""

    _name = "ctsp.institution"
    _inherit = ["ctsp.institution", "ctsp.inspection.history.mixin"]

    _history_field = "institution_id"

    @api.model
    def _counters(self):
        """Count the earlier inspections with the other counters, for who may read them (institution users may not)."""
        counters = super()._counters()
        if self.env["ctsp.inspection.history"].has_access("read"):
            counters["inspection_history_count"] = ("ctsp.inspection.history", [], "id")
        return counters

    def _compute_inspection_history_count(self):
        self.inspection_history_count = 0
        if "inspection_history_count" in self._counters():
            self._count("inspection_history_count")
