from odoo import fields, models


class AnnualSection(models.Model):
    """A section of the annual report (年度报告). Maintained on screen; a report takes over those of its first day."""

    _name = "ctsp.annual.section"
    _description = "Section of the Annual Report"
    _order = "sequence, id"
    _integrity_fields = {1: ("code", "kind", "required", "active")}

    name = fields.Char("Section", required=True, translate=True)
    code = fields.Char(required=True)
    kind = fields.Selection(
        [("text", "Text"), ("figures", "Figures"), ("table", "Table")], string="Form of the Section", required=True,
        default="text")
    sequence = fields.Integer(default=10)
    help_text = fields.Text("What to Write", translate=True)
    required = fields.Boolean(default=True, help="The report cannot be submitted while this section is empty.")
    indicator_ids = fields.One2many("ctsp.annual.indicator", "section_id", "Figures")
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("unique (code)", "This code is taken by another section.")
