from odoo import api, fields, models


class AnnualFigure(models.Model):
    """One figure of one report, beside what the registry counts."""

    _name = "ctsp.annual.figure"
    _description = "Figure in an Annual Report"
    _inherit = ["ctsp.annual.line.mixin"]
    _order = "report_id, sequence, id"
    _rec_name = "indicator_id"
    _desk_fields = ("value", "note")
    _integrity_fields = {1: ("report_id", "indicator_id", "value", "has_value", "computed_value", "note")}

    indicator_id = fields.Many2one(
        "ctsp.annual.indicator", "Figure", required=True, readonly=True, ondelete="restrict", index=True)
    section_id = fields.Many2one(related="indicator_id.section_id", store=True)
    sequence = fields.Integer(related="indicator_id.sequence", store=True)
    unit = fields.Char(related="indicator_id.unit")
    year = fields.Integer(related="report_id.year", store=True, index=True, aggregator=None)
    institution_id = fields.Many2one(related="report_id.institution_id", store=True, index=True)
    value = fields.Float(digits=(16, 0))
    has_value = fields.Boolean("Typed in", readonly=True)
    computed_value = fields.Float("Registry", digits=(16, 0), readonly=True)
    is_computed = fields.Boolean("Counted by the Registry", readonly=True)
    differs = fields.Boolean(
        compute="_compute_differs", help="The institution reports another figure than the registry.")
    is_filled = fields.Boolean("Filled in", compute="_compute_is_filled")
    note = fields.Char("Explanation")

    _value_positive = models.Constraint("check (value >= 0)", "A figure of the annual report cannot be negative.")

    @api.depends("value", "computed_value", "is_computed")
    def _compute_differs(self):
        for figure in self:
            figure.differs = figure.is_computed and figure.value != figure.computed_value

    @api.depends("has_value")
    def _compute_is_filled(self):
        for figure in self:
            figure.is_filled = figure.has_value

    def write(self, vals):
        done = super().write(vals)
        if "value" in vals and not all(self.mapped("has_value")):
            # whether a zero was typed in or never touched is the platform's knowledge, not a field for users
            self.sudo().has_value = True
        return done
