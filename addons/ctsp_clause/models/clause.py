from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ..tools import codes, numbers


class Clause(models.Model):
    """One clause (检查项目): what is checked on which object, how heavy it weighs, on what it rests, how to check it.

    ``section_name`` and ``frequent_text`` are how files name the section and the frequent findings: writing them finds
    or makes the rows behind them.
    """

    _name = "ctsp.clause"
    _description = "Clause"
    _inherit = ["ctsp.clause.fixed.mixin", "ctsp.export.mixin", "ctsp.import.mixin"]
    _order = "section_id, sequence, number_key, id"
    _rec_name = "complete_name"
    _rec_names_search = ["number", "point", "content"]
    _fixed_fields = (
        "library_id", "section_id", "section_name", "number", "sequence", "object", "point", "content", "grade",
        "article_ids", "basis", "guidance", "photo_required")
    _import_lookup = ("number",)
    _import_keys = (("library_id", "object", "number"),)
    _import_fields = (
        "library_id", "section_name", "number", "object", "point", "content", "grade", "basis", "article_ids",
        "frequent_text", "guidance", "photo_required")
    _integrity_fields = {1: (
        "library_id", "section_id", "number", "object", "point", "content", "grade", "article_ids", "basis",
        "photo_required")}

    library_id = fields.Many2one("ctsp.clause.library", required=True, index=True, ondelete="cascade")
    section_id = fields.Many2one(
        "ctsp.clause.section", string="In Section", index=True, ondelete="restrict",
        domain="[('library_id', '=', library_id)]")
    section_name = fields.Char("Section", compute="_compute_section_name", inverse="_inverse_section_name")
    number = fields.Char(required=True)
    number_key = fields.Char(compute="_compute_number_key", store=True)
    complete_name = fields.Char("Reference", compute="_compute_complete_name", store=True)
    sequence = fields.Integer(default=10)
    object = fields.Selection(
        selection=lambda self: codes.objects(self.env), required=True, default="institution", index=True)
    point = fields.Char("Point to Check", required=True)
    content = fields.Text("What to Check", required=True)
    grade = fields.Selection(selection=lambda self: codes.grades(self.env), required=True, default="minor", index=True)
    article_ids = fields.Many2many(
        "ctsp.law.article", "ctsp_clause_article_rel", "clause_id", "article_id", string="Articles")
    basis = fields.Text("Legal Basis")
    guidance = fields.Text()
    photo_required = fields.Boolean()
    frequent_ids = fields.One2many("ctsp.finding.phrase", "clause_id", string="Wordings of Findings", copy=False)
    frequent_text = fields.Text(
        "Frequent Findings", compute="_compute_frequent_text", inverse="_inverse_frequent_text",
        help="One finding a line.")
    previous_id = fields.Many2one(
        "ctsp.clause", string="In the Previous Version", index="btree_not_null", ondelete="set null", copy=False)
    published = fields.Boolean(related="library_id.published")
    library_status = fields.Selection(related="library_id.status")

    _number_unique = models.Constraint(
        "UNIQUE(library_id, object, number)", "The library has a clause with this number for this object already.")
    _section_required = models.Constraint("CHECK(section_id IS NOT NULL)", "A clause stands in a section.")

    @api.depends("number")
    def _compute_number_key(self):
        for clause in self:
            clause.number_key = numbers.sort_key(clause.number)

    @api.depends("number", "library_id.code")
    def _compute_complete_name(self):
        for clause in self:
            clause.complete_name = f"{clause.library_id.code} {clause.number}"

    @api.depends("number", "point")
    def _compute_display_name(self):
        for clause in self:
            clause.display_name = " ".join(part for part in (clause.number, clause.point) if part)

    @api.depends("section_id.name")
    def _compute_section_name(self):
        for clause in self:
            clause.section_name = clause.section_id.name

    def _inverse_section_name(self):
        for clause in self.filtered("section_name"):
            clause.section_id = self._section_named(clause.library_id.id, clause.section_name)

    @api.depends("frequent_ids.text")
    def _compute_frequent_text(self):
        for clause in self:
            clause.frequent_text = "\n".join(clause.frequent_ids.sorted("id").mapped("text"))

    def _inverse_frequent_text(self):
        """Add the findings that are new. None is removed: a wording in use is not lost by an import."""
        for clause in self:
            known = set(clause.frequent_ids.mapped("text"))
            clause.frequent_ids = self._phrases_of(clause.frequent_text, known)

    @api.model
    def _phrases_of(self, text, known=()):
        lines = dict.fromkeys(line.strip() for line in (text or "").splitlines())
        return [Command.create({"text": line}) for line in lines if line and line not in known]

    @api.model
    def _section_named(self, library_id, name):
        """Return the id of the section of that name, made at the end of the library when there is none."""
        sections = self.env["ctsp.clause.section"]
        section = sections.search([("library_id", "=", library_id), ("name", "=", name.strip())], limit=1)
        if not section:
            last = sections.search([("library_id", "=", library_id)], order="sequence desc", limit=1)
            section = sections.create({"library_id": library_id, "name": name.strip(), "sequence": last.sequence + 10})
        return section.id

    @api.model_create_multi
    def create(self, vals_list):
        sections = {}
        for vals in vals_list:
            self._fill_section(vals, sections)
            if text := vals.pop("frequent_text", None):
                vals["frequent_ids"] = [*vals.get("frequent_ids", []), *self._phrases_of(text)]
        return super().create(vals_list)

    @api.model
    def _fill_section(self, vals, sections):
        """Put the section that ``vals`` names by ``section_name``; ``sections`` keeps what was found for other rows."""
        name = vals.pop("section_name", None)
        library_id = vals.get("library_id") or self.env.context.get("default_library_id")
        if name and library_id and not vals.get("section_id"):
            key = (library_id, name)
            sections[key] = vals["section_id"] = sections.get(key) or self._section_named(*key)
        if not vals.get("section_id") and not self.env.context.get("default_section_id"):
            raise ValidationError(self.env._("Section: a clause stands in a section."))

    @api.constrains("section_id", "library_id")
    def _check_section(self):
        for clause in self:
            if clause.section_id.library_id != clause.library_id:
                raise ValidationError(self.env._(
                    "Section: “%(section)s” is not a section of the library of clause %(number)s.",
                    section=clause.section_id.name, number=clause.number))

    @api.model
    def _import_example(self):
        return {
            "section_name": self.env._("Conditions and Filing"),
            "number": "1.1",
            "point": self.env._("Filing Information"),
            "content": self.env._("The information on the filing platform agrees with the facts."),
            "basis": self.env._("Document and article"),
            "frequent_text": self.env._("One finding a line"),
            "guidance": self.env._("How to check it"),
        }
