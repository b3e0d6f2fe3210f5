from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import codes


class Checklist(models.Model):
    """A named subset of the clauses of one library, for a purpose."""

    _name = "ctsp.checklist"
    _description = "Check List"
    _inherit = ["ctsp.export.mixin", "ctsp.import.mixin"]
    _order = "sequence, id"
    _import_keys = (("library_id", "name"),)
    _import_fields = ("library_id", "name", "kind", "clause_ids", "purpose", "sequence")
    _import_scopes = {"clause_ids": ("library_id",)}
    _import_headers = {
        "library_id": ("条款库", "要点库"), "clause_ids": ("条款编号", "要点编号"), "name": ("检查表", "清单名称")}
    _integrity_fields = {1: ("name", "library_id", "kind", "clause_ids", "active")}

    name = fields.Char(required=True)
    library_id = fields.Many2one("ctsp.clause.library", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(selection=lambda self: codes.kinds(self.env), index=True)
    clause_ids = fields.Many2many(
        "ctsp.clause", "ctsp_checklist_clause_rel", "checklist_id", "clause_id", string="Clauses",
        domain="[('library_id', '=', library_id)]")
    objects = fields.Char("Object Codes", compute="_compute_objects", store=True)
    object_names = fields.Char("Objects", compute="_compute_object_names")
    clause_count = fields.Integer(compute="_compute_objects", store=True)
    purpose = fields.Text()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    library_published = fields.Boolean(related="library_id.published")
    library_status = fields.Selection(related="library_id.status")

    @api.depends("clause_ids.object")
    def _compute_objects(self):
        """Which objects the list has clauses for: codes of ``codes.objects`` joined by a comma."""
        order = [code for code, _label in codes.objects(self.env)]
        for checklist in self:
            found = set(checklist.clause_ids.mapped("object"))
            checklist.objects = ",".join(code for code in order if code in found)
            checklist.clause_count = len(checklist.clause_ids)

    @api.depends("objects")
    @api.depends_context("lang")
    def _compute_object_names(self):
        labels = dict(codes.objects(self.env))
        for checklist in self:
            names = [labels[code] for code in (checklist.objects or "").split(",") if code in labels]
            checklist.object_names = "、".join(names)

    @api.model
    def _for(self, kind, objects=()):
        """Return the list of the newest library in force for a business type, else for any; none when there is none.

        :param objects: codes of what is inspected; a list with clauses for any of it is preferred
        """
        valid, order = ("library_id.is_valid", "=", True), "library_id, sequence, id"  # libraries: the newest first
        lists = (self.search([valid, ("kind", "=", kind)], order=order)
                 | self.search([valid, ("kind", "=", False)], order=order))
        return (lists.filtered(lambda row: row._suits(objects)) or lists)[:1]

    def _suits(self, objects):
        """Say whether the list has clauses for any of the objects; one without clauses is the whole library."""
        return not self.objects or not set(self.objects.split(",")).isdisjoint(objects)

    @api.constrains("clause_ids", "library_id")
    def _check_clauses(self):
        for checklist in self:
            if alien := checklist.clause_ids.filtered_domain([("library_id", "!=", checklist.library_id.id)])[:1]:
                raise ValidationError(self.env._(
                    "Clauses: “%(clause)s” is of another library than “%(library)s”.",
                    clause=alien.display_name, library=checklist.library_id.display_name))
