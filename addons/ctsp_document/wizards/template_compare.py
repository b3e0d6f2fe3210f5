from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import compare


class TemplateCompare(models.TransientModel):
    """Two versions of a template side by side."""

    _name = "ctsp.document.template.compare"
    _description = "Comparison of Templates"

    before_id = fields.Many2one("ctsp.document.template", required=True, ondelete="cascade")
    after_id = fields.Many2one("ctsp.document.template", required=True, ondelete="cascade")
    table = fields.Html(compute="_compute_table", sanitize=False)
    summary = fields.Char(compute="_compute_table")

    @api.depends("before_id", "after_id")
    def _compute_table(self):
        for wizard in self:
            if wizard.before_id.type_id != wizard.after_id.type_id:
                raise UserError(self.env._("Only versions of one document type can be compared."))
            table, added, removed = compare.table(wizard.before_id.content, wizard.after_id.content)
            wizard.table = table
            wizard.summary = self.env._("%(added)s lines added, %(removed)s removed", added=added, removed=removed)

    def _open(self):
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": self.id, "view_mode": "form",
                "views": [(False, "form")], "target": "new"}
