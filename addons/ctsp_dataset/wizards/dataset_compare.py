import json

from odoo import api, fields, models

from ..tools import compare


class DatasetCompare(models.TransientModel):
    """Two versions of a data set side by side: fields and rules that were added, removed, changed."""

    _name = "ctsp.dataset.compare"
    _description = "Comparison of Data Set Versions"

    left_id = fields.Many2one("ctsp.dataset.version", "Earlier Version", ondelete="cascade")
    right_id = fields.Many2one("ctsp.dataset.version", "Later Version", required=True, ondelete="cascade")
    dataset_id = fields.Many2one(related="right_id.dataset_id")
    result = fields.Html(compute="_compute_result", sanitize=False)
    breaking_count = fields.Integer("May Refuse What Was Good", compute="_compute_result")

    @api.depends("right_id")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = self.env._("Comparison of Versions")

    @api.depends("left_id", "right_id")
    @api.depends_context("lang")
    def _compute_result(self):
        for wizard in self:
            changes = wizard._changes()
            wizard.breaking_count = sum(change.breaking for change in changes)
            wizard.result = self.env["ir.qweb"]._render("ctsp_dataset.comparison", {
                "changes": changes, "labels": wizard._labels(), "shown": wizard._shown, "ready": wizard.left_id})

    def _changes(self):
        self.ensure_one()
        if not self.left_id or not self.right_id:
            return []
        (self.left_id | self.right_id).check_access("read")
        found = compare.compare(self.left_id._definition(), self.right_id._definition())
        return [change for change in found if change.kind != compare.SAME]

    def _labels(self):
        labels = {}
        for name in ("ctsp.dataset.rule", "ctsp.dataset.field"):
            model = self.env[name]
            labels |= {key: field._description_string(self.env) for key, field in model._fields.items()}
        labels["fields"], labels["target"] = labels["field_codes"], labels["target_codes"]
        return labels

    def _shown(self, key, value):
        """Return an attribute's value as people read it."""
        for name in ("ctsp.dataset.field", "ctsp.dataset.rule"):
            field = self.env[name]._fields.get(key)
            if field is not None and field.type == "selection" and value:
                return dict(field._description_selection(self.env)).get(value, value)
        if isinstance(value, bool):
            return self.env._("Yes") if value else self.env._("No")
        if isinstance(value, list):
            return "；".join("=".join(item) if isinstance(item, list) else json.dumps(item, ensure_ascii=False)
                            if isinstance(item, dict) else str(item) for item in value)
        return value or "—"
