from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.ctsp_clause.tools import codes

GRANT = "ctsp_inspection_line_engine"
ENGINE = object()  # a live object: no RPC, import or form can put it into a context
RECORDED = ("result", "description", "grade", "grade_reason")
"""what an inspector records"""


class InspectionLine(models.Model):
    """One clause on one object of an inspection: the clause as it read then, and what was found.

    Written by ``ctsp.inspection.record`` alone, which checks the right, the state and the revision.
    """

    _name = "ctsp.inspection.line"
    _description = "Clause of an Inspection"
    _inherit = ["ctsp.inspection.part.mixin", "ctsp.export.mixin"]
    _order = "inspection_id, sequence, id"
    _integrity_fields = {1: (
        "inspection_id", "clause_id", "result", "description", "grade", "grade_reason", "recorded_by", "recorded_at")}
    _rec_name = "point"

    sequence = fields.Integer(readonly=True)
    clause_id = fields.Many2one("ctsp.clause", required=True, readonly=True, index=True, ondelete="restrict")
    object = fields.Selection(lambda self: codes.objects(self.env), required=True, readonly=True)
    specialty_id = fields.Many2one("ctsp.specialty", readonly=True, index="btree_not_null", ondelete="restrict")
    trial_id = fields.Many2one("ctsp.trial", readonly=True, index="btree_not_null", ondelete="restrict")
    number = fields.Char("Clause No.", readonly=True)
    section = fields.Char(readonly=True)
    point = fields.Char("Point", readonly=True)
    content = fields.Text(readonly=True)
    clause_grade = fields.Selection(lambda self: codes.grades(self.env), "Grade of the Clause", readonly=True)
    photo_required = fields.Boolean(readonly=True)

    result = fields.Selection(
        lambda self: codes.results(self.env), required=True, default="unchecked", readonly=True)
    description = fields.Text("What Was Found", readonly=True)
    grade = fields.Selection(lambda self: codes.defects(self.env), "Grade of the Finding", readonly=True)
    grade_reason = fields.Char("Reason for the Grade", readonly=True)
    revision = fields.Integer(default=0, readonly=True, aggregator=None, help="Grows with each recording.")
    recorded_by = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    recorded_at = fields.Datetime(readonly=True)
    evidence_ids = fields.One2many("ctsp.inspection.evidence", "line_id", "Evidence")
    operation_ids = fields.One2many("ctsp.inspection.operation", "line_id", "Recordings")

    _order_idx = models.Index("(inspection_id, sequence, id)")
    _progress_idx = models.Index("(inspection_id, result)")

    @api.depends("number", "point")
    def _compute_display_name(self):
        for line in self:
            line.display_name = " ".join(filter(None, (line.number, line.point)))

    @api.model
    def _engine(self):
        """Return the records with leave to be written. For the recording engine and for filling in check lists."""
        return self.with_context(**{GRANT: ENGINE})

    def _check_engine(self):
        if self.env.context.get(GRANT) is not ENGINE:
            raise AccessError(self.env._(
                "Clauses of an inspection are written by recording only (with their revision)."))

    @api.model_create_multi
    def create(self, vals_list):
        self._check_engine()
        return super().create(vals_list)

    def write(self, vals):
        self._check_engine()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_by_engine(self):
        """Lines go with a draft, which the inspection has checked, or when a check list is filled in anew."""
        if self - self._unrecorded():
            self._check_engine()

    @api.model
    def _frozen_values(self, clause):
        """Return the texts of a clause as they are to stay."""
        return {
            "clause_id": clause.id, "object": clause.object, "number": clause.number, "point": clause.point,
            "section": clause.section_id.name, "content": clause.content, "clause_grade": clause.grade,
            "photo_required": clause.photo_required,
        }

    def _unrecorded(self):
        """Return the lines on which nothing was recorded: no result, no photo."""
        return self.filtered(lambda line: not line.revision and not line.evidence_ids)

    def _line_key(self):
        return self.clause_id.id, self.specialty_id.id, self.trial_id.id

    def _record_values(self):
        """Return the line as the recording screen and the mobile client show it."""
        self.ensure_one()
        return {
            "id": self.id, "revision": self.revision, "result": self.result, "description": self.description or "",
            "grade": self.grade or False, "grade_reason": self.grade_reason or "",
            "recorded_by": self.recorded_by.name or "",
            "recorded_at": fields.Datetime.to_string(self.recorded_at) if self.recorded_at else False,
        }

    def _frozen_texts(self):
        """Return what never changes of a line."""
        self.ensure_one()
        clause = self.clause_id
        return {
            "clause_id": clause.id, "object": self.object, "number": self.number or "", "section": self.section or "",
            "subject": self.specialty_id.name or self.trial_id.display_name or "", "point": self.point or "",
            "content": self.content or "", "clause_grade": self.clause_grade, "photo_required": self.photo_required,
            "guidance": clause.guidance or "", "basis": clause.basis or "",
        }
