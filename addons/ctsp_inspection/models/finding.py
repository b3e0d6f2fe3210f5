from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import LazyTranslate

from odoo.addons.ctsp_base.tools.workflow import Transition, Workflow
from odoo.addons.ctsp_clause.tools import codes

_lt = LazyTranslate(__name__)

GRANT = "ctsp_finding_engine"
ENGINE = object()  # a live object: no RPC, import or form can put it into a context
RELEASED = ("issued", "answered", "accepted", "failed")
"""states in which a finding was released to the institution and stands"""
WRITABLE = frozenset({"objection", "tag_ids"})


class Finding(models.Model):
    """What does not conform on a clause: the defect, its grade, what the institution objects to (缺陷).

    Made from a line that does not conform and kept in step with it while the team records; ``issued`` releases it to
    the institution, whose users read it from then on.
    """

    _name = "ctsp.finding"
    _description = "Finding"
    _inherit = [
        "ctsp.inspection.part.mixin", "ctsp.workflow.mixin", "ctsp.owned.mixin", "ctsp.export.mixin",
        "ctsp.integrity.mixin",
    ]
    _order = "inspection_id desc, sequence, id"
    _rec_name = "description"
    _rec_names_search = ["description", "number", "point"]
    _owner_path = "institution_id.partner_id"
    _desk_hidden = (
        "line_id", "grade_reason", "is_mine", "recorded_by", "integrity_state", "available_transitions", "basis",
        "evidence_count")
    _integrity_fields = {1: (
        "inspection_id", "line_id", "institution_id", "description", "grade", "grade_reason", "objection", "state")}
    _workflow = Workflow("open", (
        Transition("issue", ("open", "failed"), "issued", _lt("Issue"), automatic=True, stamp="issued"),
        Transition("answer", ("issued",), "answered", _lt("Answer"), automatic=True),
        Transition("send_back", ("answered",), "issued", _lt("Send Back"), automatic=True),
        Transition("accept", ("answered",), "accepted", _lt("Accept"), automatic=True),
        Transition("reopen", ("accepted",), "issued", _lt("Open Again"), automatic=True),
        Transition("fail", ("issued", "answered"), "failed", _lt("Not Rectified"), automatic=True),
        Transition("drop", ("open", "issued", "answered", "failed"), "dropped", _lt("Drop"), automatic=True,
                   needs_reason=True),
    ))

    sequence = fields.Integer(readonly=True)
    line_id = fields.Many2one("ctsp.inspection.line", "Clause of the Inspection", readonly=True, ondelete="cascade")
    clause_id = fields.Many2one("ctsp.clause", readonly=True, index=True, ondelete="restrict")
    number = fields.Char("Clause No.", readonly=True)
    point = fields.Char(readonly=True)
    section = fields.Char(readonly=True)
    object = fields.Selection(lambda self: codes.objects(self.env), readonly=True)
    institution_id = fields.Many2one(
        "ctsp.institution", required=True, readonly=True, index=True, ondelete="restrict")
    specialty_id = fields.Many2one("ctsp.specialty", readonly=True, index="btree_not_null", ondelete="restrict")
    trial_id = fields.Many2one("ctsp.trial", readonly=True, index="btree_not_null", ondelete="restrict")
    inspection_kind = fields.Selection(related="inspection_id.kind", string="Business Type", related_sudo=True)
    inspection_date = fields.Date(related="inspection_id.date_start", string="Inspected On", store=True, index=True)
    description = fields.Text(readonly=True)
    grade = fields.Selection(lambda self: codes.defects(self.env), required=True, readonly=True, index=True)
    grade_reason = fields.Char("Reason for the Grade", readonly=True)
    objection = fields.Text(
        "Objection of the Institution", help="What the institution objected to on site, in its words.")
    recorded_by = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    state = fields.Selection(
        [("open", "Being Recorded"), ("issued", "Issued"), ("answered", "Answered"), ("accepted", "Verified"),
         ("failed", "Not Rectified"), ("dropped", "Dropped")],
        required=True, default="open", readonly=True, index=True, copy=False)
    issued_at = fields.Datetime(readonly=True, copy=False)

    _line_unique = models.UniqueIndex("(line_id) WHERE line_id IS NOT NULL", "A clause gives one finding.")
    _order_idx = models.Index("(inspection_id DESC, sequence, id)")

    @api.model
    def _desk_domain(self, mode):
        """Institution users see what was issued to them; what is being recorded is the team's."""
        return super()._desk_domain(mode) & fields.Domain("state", "in", RELEASED)

    @api.depends("number", "description")
    def _compute_display_name(self):
        for finding in self:
            text = finding.description or ""
            finding.display_name = " ".join(filter(None, (finding.number, text[:40] + ("…" if len(text) > 40 else ""))))

    @api.model
    def _engine(self):
        return self.with_context(**{GRANT: ENGINE})

    @api.model_create_multi
    def create(self, vals_list):
        self._check_engine(set())
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_engine(vals.keys() - WRITABLE)
            self._check_objection()
            self._take_turns()  # handing in sees it, or it comes too late
        return super().write(vals)

    def _check_engine(self, names):
        """Findings are made and changed from their clause; nobody writes them by hand."""
        if names or not self:
            if not self.env.su and self.env.context.get(GRANT) is not ENGINE:
                raise AccessError(self.env._("Findings follow the clauses they are recorded on."))

    def _check_objection(self):
        for finding in self:
            if not finding.inspection_id._can_record():
                raise UserError(self.env._(
                    "%(inspection)s is closed for recording: its findings are fixed.",
                    inspection=finding.inspection_id.display_name))

    @api.ondelete(at_uninstall=False)
    def _unlink_only_by_engine(self):
        if not self.env.su:
            raise AccessError(self.env._("Findings follow the clauses they are recorded on."))

    @api.model
    def _follow(self, line, approved=False):
        """Make, change or take back the finding of ``line`` after it was recorded. Called as superuser.

        One that was issued says what was issued until a correction is ``approved``: the institution reads it and acts
        on it meanwhile. It is dropped then, never deleted.
        """
        finding = self.search([("line_id", "=", line.id)])
        if finding.issued_at and not approved:
            return
        if line.result == "nonconform":
            values = self._values_of(line)
            if not finding:
                self.create(values)
            else:
                finding.write(values)
                finding.filtered(lambda row: row.state == "dropped")._set_state("open", self.env._("Found again"))
        elif finding.state == "open" and not finding.issued_at:
            finding.with_context(**{GRANT: ENGINE}).unlink()
        elif finding and finding.state != "dropped":
            finding._set_state("dropped", self.env._("The clause conforms after a correction"))

    @api.model
    def _values_of(self, line):
        return {
            "inspection_id": line.inspection_id.id, "line_id": line.id, "clause_id": line.clause_id.id,
            "sequence": line.sequence, "number": line.number, "point": line.point, "section": line.section,
            "object": line.object, "institution_id": line.inspection_id.institution_id.id,
            "specialty_id": line.specialty_id.id, "trial_id": line.trial_id.id,
            "description": line.description or False, "grade": line.grade, "grade_reason": line.grade_reason,
            "recorded_by": line.recorded_by.id,
        }
