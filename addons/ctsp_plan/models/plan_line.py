from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import LazyTranslate

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.workflow import Transition, Workflow

_lt = LazyTranslate(__name__)

PLANNER = ("ctsp_base.group_planner",)
OPEN = ("waiting", "assigned", "running")
UNBEGUN = ("waiting", "assigned")
EVIDENCE = (
    "plan_id", "institution_id", "specialty_ids", "trial_ids", "reason", "state", "date_due", "date_from",
    "date_to", "assigned_by", "done_on")


class PlanLine(models.Model):
    """One inspection that a plan asks for: of which institution, by when, by whom. It becomes one inspection.

    Several legal time limits of one institution may be served by one visit: they point to the same line, which is due
    with the earliest of them.
    """

    _name = "ctsp.plan.line"
    _description = "Planned Inspection"
    _inherit = ["mail.thread", "mail.activity.mixin", "ctsp.workflow.mixin", "ctsp.export.mixin", "ctsp.import.mixin",
                "ctsp.tag.mixin", "ctsp.due.mixin"]
    _due_states = OPEN
    _order = "date_due, sequence, id"
    _rec_name = "institution_id"
    _import_keys = (("plan_id", "institution_id"),)
    _import_fields = ("plan_id", "institution_id", "trial_ids", "date_due", "date_from", "date_to", "reason")

    _workflow = Workflow("waiting", (
        Transition("assign", ("waiting",), "assigned", _lt("Assign"), PLANNER, stamp="assigned"),
        Transition("reassign", ("assigned",), "assigned", _lt("Reassign"), PLANNER, stamp="assigned"),
        Transition("unassign", ("assigned",), "waiting", _lt("Take Back"), PLANNER),
        Transition("cancel", UNBEGUN, "cancelled", _lt("Cancel"), PLANNER, needs_reason=True),
        Transition("restore", ("cancelled",), "waiting", _lt("Restore"), PLANNER, needs_reason=True),
        Transition("begin", UNBEGUN, "running", _lt("Inspection began"), automatic=True),
        Transition("finish", OPEN, "done", _lt("Done"), automatic=True, stamp="done"),
        Transition("void", UNBEGUN, "cancelled", _lt("Its reason is gone"), automatic=True),
        Transition("fall_back", ("running", "done"), "assigned", _lt("Inspection cancelled"), automatic=True),
    ))
    _integrity_fields = {1: EVIDENCE, 2: (*EVIDENCE, "leader_id", "member_ids")}

    plan_id = fields.Many2one("ctsp.plan", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(related="plan_id.kind", store=True, index=True)
    plan_state = fields.Selection(related="plan_id.state", string="State of the Plan", store=True, index=True)
    year = fields.Integer(related="plan_id.year", store=True, index=True, aggregator=None)
    sequence = fields.Integer(default=10)
    institution_id = fields.Many2one("ctsp.institution", required=True, index=True, ondelete="restrict")
    district_id = fields.Many2one(related="institution_id.district_id", store=True, index="btree_not_null")
    specialty_ids = fields.Many2many(
        "ctsp.specialty", "ctsp_plan_line_specialty_rel", "line_id", "specialty_id", "Specialties",
        domain="[('institution_id', '=', institution_id), ('state', '=', 'filed')]",
        help="Left empty: the institution as a whole.")
    trial_ids = fields.Many2many(
        "ctsp.trial", "ctsp_plan_line_trial_rel", "line_id", "trial_id", "Trials",
        domain="[('site_ids.institution_id', '=', institution_id)]",
        help="The trials whose data are inspected; left empty, none in particular.")
    reason = fields.Char("Why", help="Why this institution is in the plan.")
    state = fields.Selection(
        [("waiting", "To Assign"), ("assigned", "Assigned"), ("running", "Under Way"), ("done", "Done"),
         ("cancelled", "Cancelled")],
        required=True, default="waiting", readonly=True, index=True, tracking=True, group_expand=True)
    date_due = fields.Date("Due", index=True, help="The day by which the inspection must have taken place.")
    date_from = fields.Date("Planned From", index=True)
    date_to = fields.Date("Planned Until", index=True)
    assigned_at = fields.Datetime(readonly=True, copy=False)
    assigned_by = fields.Many2one("res.users", readonly=True, copy=False)
    done_at = fields.Datetime(readonly=True, copy=False)
    done_on = fields.Date("Inspected On", readonly=True, copy=False, index="btree_not_null")
    deadline_ids = fields.One2many("ctsp.deadline", "plan_line_id", "Legal Time Limits", readonly=True)
    note = fields.Text()

    _dates_order = models.Constraint("check (date_to >= date_from)", "The planned visit ends before it begins.")
    _open_due_idx = models.Index("(date_due) WHERE state IN ('waiting', 'assigned', 'running')")

    @api.depends("institution_id", "specialty_ids", "plan_id")
    def _compute_display_name(self):
        for line in self:
            names = line.specialty_ids.mapped("name")
            line.display_name = "·".join(filter(None, (line.institution_id.name, "、".join(names[:3]))))

    # ---- time -----------------------------------------------------------------------------------------------------

    @api.model
    def _soon_until(self):
        today = clock.today()
        days = self.env["ctsp.parameter"].sudo()._get("plan.warning_days", on=today)  # sudo: a term everybody counts
        return self.env["ctsp.workday"]._add(today, days)

    @api.onchange("date_from")
    def _onchange_date_from(self):
        if self.date_from and (not self.date_to or self.date_to < self.date_from):
            self.date_to = self.date_from

    @api.constrains("institution_id", "specialty_ids", "trial_ids")
    def _check_same_institution(self):
        for line in self:
            if line.specialty_ids.institution_id - line.institution_id:
                raise ValidationError(self.env._(
                    "Specialties: “%(line)s” names a specialty of another institution.", line=line.display_name))
            foreign = line.trial_ids.filtered(
                lambda trial, at=line.institution_id: at not in trial.site_ids.institution_id)
            if foreign:
                raise ValidationError(self.env._(
                    "Trials: “%(trial)s” does not take place at %(institution)s.",
                    trial=foreign[0].display_name, institution=line.institution_id.name))

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for line in self:
            if line.date_from and line.date_to and (line.date_to - line.date_from).days > 92:
                raise ValidationError(self.env._(
                    "Planned Until: a visit of %(days)s days is not planned as one inspection.",
                    days=(line.date_to - line.date_from).days + 1))

    # ---- deleting -------------------------------------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        """Lines go with a draft; what is published is cancelled with a reason instead."""
        for line in self:
            if line.plan_id.state != "draft":
                raise UserError(self.env._(
                    "“%(line)s” is part of a published plan: cancel it with a reason instead of deleting it.",
                    line=line.display_name))
