import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import LazyTranslate

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.language import in_record_language
from odoo.addons.ctsp_base.tools.workflow import Transition, Workflow

_lt = LazyTranslate(__name__)

PLANNER = ("ctsp_base.group_planner",)
OPEN_FIELDS = frozenset({
    "inspection_id", "institution_id", "date_from", "date_to", "unit", "pool_ids", "balance", "seed", "witness",
    "slot_ids"})
ENGINE_FIELDS = frozenset({"number", "result", "candidate_ids"})
EVIDENCE = ("number", "institution_id", "date_from", "date_to", "seed", "balance", "state", "result")


class InspectorDraw(models.Model):
    """A random drawing of inspectors (随机抽取检查人员), kept as it happened: criteria, candidates, seed, result.

    “Double random” inspection (双随机、一公开, 国办发〔2015〕58号). The result follows from the seed, the numbers of
    the candidates and their load alone (``tools/drawing.py``), so anybody can repeat it. Once drawn nothing changes; a
    drawing that is not used is declared void with a reason and stays.
    """

    _name = "ctsp.inspector.draw"
    _description = "Drawing of Inspectors"
    _inherit = ["mail.thread", "ctsp.workflow.mixin", "ctsp.export.mixin", "ctsp.integrity.mixin"]
    _order = "id desc"
    _rec_names_search = ["number", "institution_id.name"]
    _integrity_fields = {1: EVIDENCE, 2: (*EVIDENCE, "pool_ids")}
    _workflow = Workflow("draft", (
        Transition("draw", ("draft",), "drawn", _lt("Draw"), PLANNER, stamp="drawn"),
        Transition("apply", ("drawn",), "applied", _lt("Apply to the Team"), PLANNER, stamp="applied"),
        Transition("void", ("drawn",), "void", _lt("Declare Void"), PLANNER, needs_reason=True, stamp="voided"),
    ))

    number = fields.Char("Drawing No.", readonly=True, copy=False, index=True)
    inspection_id = fields.Many2one("ctsp.inspection", index="btree_not_null", ondelete="restrict")
    institution_id = fields.Many2one(
        "ctsp.institution", required=True, index=True, ondelete="restrict", compute="_compute_from_inspection",
        store=True, readonly=False, precompute=True)
    date_from = fields.Date(
        "First Day", required=True, compute="_compute_from_inspection", store=True, readonly=False, precompute=True)
    date_to = fields.Date(
        "Last Day", required=True, compute="_compute_from_inspection", store=True, readonly=False, precompute=True)
    unit = fields.Char("Only of the Unit", help="Empty: inspectors of all units take part.")
    pool_ids = fields.Many2many(
        "ctsp.inspector", "ctsp_inspector_draw_pool_rel", "draw_id", "inspector_id", "Only Among",
        help="Empty: the whole register takes part.")
    balance = fields.Boolean(
        "Balance the Workload", default=True, help="Who has been sent out often this year is drawn less often.")
    seed = fields.Char(
        required=True, copy=False, default=lambda self: secrets.token_hex(16),
        help="May be replaced before drawing, e.g. by a number that witnesses agree on.")
    witness = fields.Char("Witnesses")
    slot_ids = fields.One2many(
        "ctsp.inspector.draw.slot", "draw_id", "Whom to Draw", copy=True, default=lambda self: self._default_slots())
    candidate_ids = fields.One2many("ctsp.inspector.draw.candidate", "draw_id", "Candidates", readonly=True)
    result = fields.Char("Drawn", readonly=True, copy=False)
    is_reproduced = fields.Boolean("Repeated with the Same Result", compute="_compute_is_reproduced")
    state = fields.Selection(
        [("draft", "Draft"), ("drawn", "Has Been Drawn"), ("applied", "Applied"), ("void", "Void")],
        required=True, default="draft", readonly=True, index=True, copy=False)
    drawn_at = fields.Datetime("Drawn On", readonly=True, copy=False)
    drawn_by = fields.Many2one("res.users", readonly=True, copy=False)
    applied_at = fields.Datetime("Applied On", readonly=True, copy=False)
    applied_by = fields.Many2one("res.users", readonly=True, copy=False)
    voided_at = fields.Datetime("Declared Void On", readonly=True, copy=False)
    voided_by = fields.Many2one("res.users", readonly=True, copy=False)

    _dates_in_order = models.Constraint("CHECK(date_to >= date_from)", "“Last Day” lies before “First Day”.")
    _number_unique = models.Constraint("UNIQUE(number)", "This drawing number is taken.")

    @api.model
    def _default_slots(self):
        return [Command.create({"role": "leader", "count": 1, "level": "middle"}),
                Command.create({"role": "member", "count": 1})]

    @api.depends("inspection_id")
    def _compute_from_inspection(self):
        for draw in self:
            inspection = draw.inspection_id
            draw.institution_id = inspection.institution_id or draw.institution_id
            draw.date_from = inspection.date_planned_from or draw.date_from or clock.today()
            draw.date_to = inspection.date_planned_to or inspection.date_planned_from or draw.date_to or draw.date_from

    @api.depends("number", "institution_id")
    def _compute_display_name(self):
        for draw in self:
            draw.display_name = " ".join(filter(None, (
                draw.number or self.env._("New Drawing"), draw.institution_id.name)))

    def write(self, vals):
        names = set() if self.env.su else vals.keys()
        if ENGINE_FIELDS & names or (self._open_fields() & names and any(draw.state != "draft" for draw in self)):
            raise AccessError(self.env._("A drawing cannot be changed once it has been made."))
        return super().write(vals)

    @api.model
    def _open_fields(self):
        """Return the fields that are open until the drawing is made."""
        return OPEN_FIELDS

    def _drawn_for(self):
        """Return what a team is drawn for: an inspection, or what an addon plans; empty for none."""
        return self.inspection_id

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------
    def _check_transition(self, transition):
        super()._check_transition(transition)
        if transition.code == "draw" and not self.slot_ids:
            raise UserError(self.env._("Whom to Draw: say how many inspectors are to be drawn."))
        if transition.code == "apply":
            if not self._drawn_for():
                raise UserError(self.env._("Inspection: the drawing belongs to no inspection."))
            if missing := self._missing():
                raise UserError(missing)

    def _missing(self):
        """Return a sentence when fewer were drawn than wanted, else False."""
        for slot in self.slot_ids:
            drawn = len(slot.candidate_ids.filtered("drawn"))
            if drawn < slot.count:
                return self.env._(
                    "%(wanted)s × “%(role)s” wanted, %(drawn)s drawn: nobody else is left.",
                    wanted=slot.count, role=slot._role_label(), drawn=drawn)
        return False

    def _before_draw(self, reason):
        """Freeze the candidates and let the seed decide. Superuser: rows and result are the engine's alone."""
        draw = in_record_language(self.sudo())
        draw.number = self.env["ir.sequence"]._draw("ctsp.inspector.draw")
        draw._run()
        draw.result = "、".join(draw.candidate_ids.filtered("drawn").mapped("name"))

    def _after_apply(self, reason):
        """Put who was drawn on the team of the inspection, with the rights of the planner."""
        inspection = self.inspection_id
        for row in self.candidate_ids.filtered("drawn"):
            if row.role == "leader":
                inspection.leader_id = row.inspector_id
            elif row.inspector_id not in inspection.member_ids.inspector_id:
                inspection.member_ids = [Command.create({"inspector_id": row.inspector_id.id, "role": row.role})]

    @api.ondelete(at_uninstall=False)
    def _unlink_never_when_drawn(self):
        if any(draw.number for draw in self):
            raise UserError(self.env._("A drawing that was made is kept; declare it void instead."))
