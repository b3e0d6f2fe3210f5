from odoo import api, fields, models


class AnnualAnswer(models.Model):
    """The text (or the introduction of the table) of one section."""

    _name = "ctsp.annual.answer"
    _description = "Section of an Annual Report"
    _inherit = ["ctsp.annual.line.mixin"]
    _order = "report_id, sequence, id"
    _rec_name = "section_id"
    _desk_fields = ("text",)
    _integrity_fields = {1: ("report_id", "section_id", "text")}

    section_id = fields.Many2one("ctsp.annual.section", required=True, readonly=True, ondelete="restrict", index=True)
    sequence = fields.Integer(related="section_id.sequence", store=True)
    help_text = fields.Text(related="section_id.help_text")
    kind = fields.Selection(related="section_id.kind", string="Form of the Section")
    required = fields.Boolean(related="section_id.required")
    text = fields.Text()
    is_filled = fields.Boolean("Filled in", compute="_compute_is_filled")

    @api.depends("text", "kind", "report_id.row_ids.section_id")
    def _compute_is_filled(self):
        for answer in self:
            has_rows = answer.kind == "table" and answer.section_id in answer.report_id.row_ids.section_id
            answer.is_filled = bool((answer.text or "").strip()) or has_rows
