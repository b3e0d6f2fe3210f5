from odoo import api, models

from ..tools.counting import KEYS_ONLY


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

    @api.model
    def _count_rows(self, model):
        rows = super()._count_rows(model)
        return rows.with_context(ctsp_keys_only=KEYS_ONLY) if model == "ctsp.inspection.history" else rows

    def _compute_inspection_history_count(self):
        self.inspection_history_count = 0
        if "inspection_history_count" in self._counters():
            self._count("inspection_history_count")
