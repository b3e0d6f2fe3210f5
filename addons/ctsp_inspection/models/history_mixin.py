from odoo import fields, models

ACTION = "ctsp_inspection.ctsp_inspection_history_action"


class HistoryMixin(models.AbstractModel):
    """Counter and button of the earlier inspections of a record of the registry."""

    _name = "ctsp.inspection.history.mixin"
    _description = "Earlier Inspections of a Record"

    _history_field = None

    inspection_history_count = fields.Integer("Earlier Inspections", compute="_compute_inspection_history_count")

    def _compute_inspection_history_count(self):
        """Counted for forms only; 0 for who may not read the history (institution users)."""
        history = self.env["ctsp.inspection.history"]
        readable = history.has_access("read")
        for record in self:
            record.inspection_history_count = readable and record._origin and history.search_count(
                [(self._history_field, "in", record._origin.ids)])

    def action_open_inspection_history(self):
        """Open the earlier inspections of this record."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(ACTION)
        return {**action, "domain": [(self._history_field, "in", self.ids)], "context": {},
                "name": self.env._("Earlier Inspections: %s", self.display_name)}
