from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.ctsp_base.tools.language import in_record_language

ANSWER = {"result", "note"}


class FilingChecklist(models.Model):
    """An officer's answer to one question about one filing; the question is frozen with it."""

    _name = "ctsp.filing.checklist"
    _description = "Check List Answer"
    _order = "sequence, id"
    _integrity_fields = {1: ("filing_id", "item_id", "name", "required", "result", "note")}

    filing_id = fields.Many2one("ctsp.filing", required=True, readonly=True, index=True, ondelete="cascade")
    item_id = fields.Many2one("ctsp.filing.checklist.item", readonly=True, ondelete="set null")
    sequence = fields.Integer(readonly=True)
    name = fields.Text("Question", required=True, readonly=True)
    basis = fields.Char(readonly=True)
    required = fields.Boolean(readonly=True)
    result = fields.Selection([("yes", "Yes"), ("no", "No"), ("na", "Not Applicable")])
    note = fields.Char()

    def write(self, vals):
        """The question is fixed with the filing; the answer is given while the filing is in review."""
        if not self.env.su:
            if vals.keys() - ANSWER:
                raise AccessError(self.env._("Check List: only the answer and the note can be entered."))
            if any(row.filing_id.state != "in_review" for row in self):
                raise UserError(self.env._("Check List: it is answered while the filing is in review."))
        return super().write(vals)

    def _complete(self, filing):
        """Add the questions of today that ``filing`` does not have yet."""
        items = in_record_language(self.env["ctsp.filing.checklist.item"]).search([(f"for_{filing.kind}", "=", True)])
        self.create([{
            "filing_id": filing.id, "item_id": item.id, "sequence": item.sequence, "name": item.name,
            "basis": item.basis, "required": item.required,
        } for item in items - filing.checklist_ids.item_id])
