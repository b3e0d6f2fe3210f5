from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import codes, numbers


class Clause(models.Model):
    """One clause (检查项目): what is checked on which object, how heavy it weighs, on what it rests, how to check it."""

    _name = "ctsp.clause"
    _description = "Clause"
    _inherit = ["ctsp.clause.fixed.mixin", "ctsp.export.mixin"]
    _order = "section_id, sequence, number_key, id"
    _rec_names_search = ["number", "point", "content"]
    _fixed_fields = (
        "library_id", "section_id", "number", "sequence", "object", "point", "content", "grade", "article_ids", "basis",
        "guidance", "photo_required")

    library_id = fields.Many2one("ctsp.clause.library", required=True, index=True, ondelete="cascade")
    section_id = fields.Many2one(
        "ctsp.clause.section", required=True, index=True, ondelete="restrict",
        domain="[('library_id', '=', library_id)]")
    number = fields.Char(required=True)
    number_key = fields.Char(compute="_compute_number_key", store=True)
    sequence = fields.Integer(default=10)
    object = fields.Selection(
        selection=lambda self: codes.objects(self.env), required=True, default="institution", index=True)
    point = fields.Char("Point to Check", required=True)
    content = fields.Text("What to Check", required=True)
    grade = fields.Selection(selection=lambda self: codes.grades(self.env), required=True, default="minor", index=True)
    article_ids = fields.Many2many("ctsp.law.article", "ctsp_clause_article_rel", "clause_id", "article_id", string="Articles")
    basis = fields.Text("Legal Basis")
    guidance = fields.Text()
    photo_required = fields.Boolean()
    frequent_ids = fields.One2many("ctsp.finding.phrase", "clause_id", string="Frequent Findings", copy=False)
    previous_id = fields.Many2one(
        "ctsp.clause", string="In the Previous Version", index="btree_not_null", ondelete="set null", copy=False)
    published = fields.Boolean(related="library_id.published")
    library_status = fields.Selection(related="library_id.status")

    _number_unique = models.Constraint(
        "UNIQUE(library_id, object, number)", "The library has a clause with this number for this object already.")

    @api.depends("number")
    def _compute_number_key(self):
        for clause in self:
            clause.number_key = numbers.sort_key(clause.number)

    @api.depends("number", "point")
    def _compute_display_name(self):
        for clause in self:
            clause.display_name = " ".join(part for part in (clause.number, clause.point) if part)

    @api.constrains("section_id", "library_id")
    def _check_section(self):
        for clause in self:
            if clause.section_id.library_id != clause.library_id:
                raise ValidationError(self.env._(
                    "Section: “%(section)s” is not a section of the library of clause %(number)s.",
                    section=clause.section_id.name, number=clause.number))
