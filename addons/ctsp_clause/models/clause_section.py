from odoo import api, fields, models


class ClauseSection(models.Model):
    """A section (环节) of a clause library."""

    _name = "ctsp.clause.section"
    _description = "Clause Section"
    _inherit = ["ctsp.clause.fixed.mixin"]
    _order = "library_id, sequence, id"
    _fixed_fields = ("library_id", "name", "sequence")
    _integrity_fields = {1: ("library_id", "name")}

    library_id = fields.Many2one("ctsp.clause.library", required=True, index=True, ondelete="cascade")
    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    clause_ids = fields.One2many("ctsp.clause", "section_id", string="Clauses")
    clause_count = fields.Integer(compute="_compute_clause_count")

    _name_unique = models.Constraint("UNIQUE(library_id, name)", "The library has a section with this name already.")

    @api.depends("clause_ids")
    def _compute_clause_count(self):
        counts = dict(
            self.env["ctsp.clause"]._read_group([("section_id", "in", self.ids)], ["section_id"], ["__count"])
        )
        for section in self:
            section.clause_count = counts.get(section._origin, 0)
