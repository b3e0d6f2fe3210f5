from odoo import fields, models

from ..tools import codes


class ClauseCompare(models.TransientModel):
    """Two versions of a clause library side by side."""

    _name = "ctsp.clause.compare"
    _description = "Comparison of Clause Libraries"
    _inherit = ["ctsp.compare.mixin"]
    _compare_lead = "content"

    left_id = fields.Many2one("ctsp.clause.library", "Earlier Version", required=True, ondelete="cascade")
    right_id = fields.Many2one("ctsp.clause.library", "Later Version", required=True, ondelete="cascade")

    def _labels(self):
        clause = self.env["ctsp.clause"]._fields
        names = ("number", "section_id", "object", "grade", "point", "content", "basis", "guidance")
        return {name: clause[name]._description_string(self.env) for name in names}

    def _rows(self, version):
        objects, grades = dict(codes.objects(self.env)), dict(codes.grades(self.env))
        return [{
            "id": clause.id, "origin": clause.previous_id.id, "key": (clause.object, clause.number),
            "key_label": clause.number, "title": f"{clause.section_id.name} · {clause.point}",
            "values": {
                "number": clause.number, "section_id": clause.section_id.name, "object": objects[clause.object],
                "grade": grades[clause.grade], "point": clause.point, "content": clause.content,
                "basis": clause.basis or "", "guidance": clause.guidance or ""},
        } for clause in version.clause_ids.sorted()]
