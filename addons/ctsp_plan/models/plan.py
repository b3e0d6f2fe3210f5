from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import LazyTranslate

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.language import in_record_language
from odoo.addons.ctsp_base.tools.workflow import Transition, Workflow

_lt = LazyTranslate(__name__)

PLANNER = ("ctsp_base.group_planner",)
QUARTERS = {"q1": 1, "q2": 4, "q3": 7, "q4": 10}
"""quarter → its first month"""
DECIDED = frozenset({"basis_ids", "basis", "scope"})
"""what a plan rests on and what it is about"""
EVIDENCE = (
    "kind", "name", "number", "year", "period", "date_from", "date_to", "basis", "scope", "state", "published_at",
    "published_by", "finished_at", "finished_by")


class Plan(models.Model):
    """A plan of inspections: first inspections of a year, routine supervision of a year or quarter, or a campaign.

    The plan of first inspections of a year makes itself from the deadlines of approved filings; the others are drafted
    by a planner, published, adjusted with a reason, and finished.
    """

    _name = "ctsp.plan"
    _description = "Inspection Plan"
    _inherit = ["mail.thread", "mail.activity.mixin", "ctsp.workflow.mixin", "ctsp.export.mixin", "ctsp.tag.mixin"]
    _order = "year desc, date_from desc, id desc"
    _rec_names_search = ["name", "number"]

    _workflow = Workflow("draft", (
        Transition("publish", ("draft",), "published", _lt("Publish"), PLANNER, stamp="published"),
        Transition("finish", ("published",), "done", _lt("Close Plan"), PLANNER, stamp="finished"),
        Transition("withdraw", ("published",), "withdrawn", _lt("Withdraw"), PLANNER, needs_reason=True),
        Transition("revise", ("withdrawn",), "draft", _lt("Back to Draft"), PLANNER, needs_reason=True),
        Transition("reopen", ("done",), "published", _lt("Reopen"), PLANNER, needs_reason=True),
        Transition("open_first", ("draft",), "published", _lt("Opened by itself"), automatic=True, stamp="published"),
    ))
    _integrity_fields = {1: EVIDENCE, 2: (*EVIDENCE, "basis_ids", "checklist_id", "institution_domain")}

    kind = fields.Selection(
        selection="_kinds", required=True, default="routine", index=True,
        help="First inspections come from filings; routine ones from a list by risk; campaigns have a purpose.")
    name = fields.Char(required=True, index="trigram", compute="_compute_name", store=True, readonly=False,
                       precompute=True, tracking=True)
    number = fields.Char("Plan No.", readonly=True, copy=False, index=True)
    year = fields.Integer(required=True, default=lambda self: clock.today().year, index=True, aggregator=None)
    period = fields.Selection(
        [("year", "Whole Year"), ("q1", "First Quarter"), ("q2", "Second Quarter"), ("q3", "Third Quarter"),
         ("q4", "Fourth Quarter")], required=True, default="year")
    date_from = fields.Date("From", compute="_compute_period", store=True, readonly=False, required=True,
                            precompute=True, tracking=True)
    date_to = fields.Date("Until", compute="_compute_period", store=True, readonly=False, required=True,
                          precompute=True, tracking=True)
    basis = fields.Text(help="Laws, orders or instructions the plan rests on.")
    scope = fields.Text(help="What is inspected, where, and with which emphasis.")
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published"), ("done", "Closed"), ("withdrawn", "Withdrawn")],
        required=True, default="draft", readonly=True, index=True, tracking=True, group_expand=True)
    published_at = fields.Datetime(readonly=True, copy=False)
    published_by = fields.Many2one("res.users", readonly=True, copy=False)
    finished_at = fields.Datetime("Closed At", readonly=True, copy=False)
    finished_by = fields.Many2one("res.users", "Closed By", readonly=True, copy=False)
    line_ids = fields.One2many("ctsp.plan.line", "plan_id", "Inspections", copy=False)
    task_ids = fields.One2many("ctsp.plan.task", "plan_id", "Tasks", copy=True)
    change_ids = fields.One2many("ctsp.plan.change", "plan_id", "Adjustments", readonly=True, copy=False)
    note = fields.Text()

    _first_once = models.UniqueIndex(
        "(year) WHERE kind = 'first' AND state != 'withdrawn'", "There is a plan of first inspections for this year.")
    _dates_order = models.Constraint("check (date_to >= date_from)", "The plan ends before it begins.")

    @api.model
    def _kinds(self):
        return [("first", self.env._("First Inspections")), ("routine", self.env._("Routine Supervision")),
                ("special", self.env._("Campaign"))]

    @api.depends("kind", "year", "period")
    def _compute_name(self):
        """Routine and first plans are named by their period; a campaign is named by its maker."""
        kinds, periods = dict(self._kinds()), dict(self._fields["period"]._description_selection(self.env))
        for plan in self:
            if plan.kind == "special" and plan.name:
                continue
            values = {"year": plan.year, "kind": kinds.get(plan.kind, ""), "period": periods.get(plan.period, "")}
            plan.name = (
                self.env._("%(year)s %(kind)s Plan", **values) if plan.period == "year"
                else self.env._("%(year)s %(period)s %(kind)s Plan", **values))

    @api.depends("year", "period")
    def _compute_period(self):
        for plan in self:
            if not 2000 <= plan.year <= 2100:
                plan.date_from = plan.date_to = plan.date_from or clock.today()
                continue
            month = QUARTERS.get(plan.period, 1)
            last = month + 2 if plan.period in QUARTERS else 12
            plan.date_from = date(plan.year, month, 1)
            plan.date_to = fields.Date.end_of(date(plan.year, last, 1), "month")

    @api.constrains("year")
    def _check_year(self):
        for plan in self:
            if not 2000 <= plan.year <= 2100:
                raise ValidationError(self.env._("Year: %(year)s is not a year of this century.", year=plan.year))

    def write(self, vals):
        """What was decided with a plan stays as it was published; its list is adjusted with a reason."""
        if not self.env.su and DECIDED & vals.keys():
            for plan in self:
                if plan.kind != "first" and plan.state != "draft":
                    raise UserError(self.env._(
                        "Basis and scope of “%(plan)s” are fixed in the state “%(state)s”: withdraw it to change them.",
                        plan=plan.name, state=plan._state_label(plan.state)))
        return super().write(vals)

    # ---- steps ----------------------------------------------------------------------------------------------------

    def _check_transition(self, transition):
        super()._check_transition(transition)
        if transition.code == "publish":
            self._check_may_publish()
        if transition.code == "withdraw" and self.kind == "first":
            raise UserError(self.env._(
                "The plan of first inspections follows the law's time limits and cannot be withdrawn; "
                "cancel single inspections with their reason."))
        if transition.code == "finish" and (left := self._unfinished()):
            raise UserError(self.env._(
                "“%(plan)s” still has %(count)s unfinished inspections, the first one: %(line)s. "
                "Carry them out or cancel them with a reason.",
                plan=self.name, count=len(left), line=left[0].display_name))

    def _check_may_publish(self):
        if not self.line_ids and self.kind != "first":
            raise UserError(self.env._("Inspections: “%(plan)s” names no institution yet.", plan=self.name))
        if self.kind == "special" and not self._has_basis():
            raise UserError(self.env._("Basis: a campaign needs the laws or orders it rests on."))

    def _has_basis(self):
        return bool(self.basis)

    def _unfinished(self):
        return self.line_ids.filtered(lambda line: line.state not in ("done", "cancelled"))

    def _before_publish(self, reason):
        if not self.number:
            self.number = self.env["ir.sequence"]._draw(f"ctsp.plan.{self.kind}", self.date_from)

    def _before_open_first(self, reason):
        self._before_publish(reason)

    def _after_withdraw(self, reason):
        """What has not begun is called off; inspections under way go on."""
        for line in self.line_ids.filtered(lambda line: line.state in ("waiting", "assigned")):
            line.run_transition("cancel", reason)

    def _after_revise(self, reason):
        """A withdrawn plan that is drafted anew gets back what the withdrawal called off, not what was cancelled alone.

        Superuser: who may draft a plan need not read the course of each inspection.
        """
        log = self.env["ctsp.workflow.log"].sudo()
        withdrawn = log.search(
            [("res_model", "=", self._name), ("res_id", "=", self.id), ("transition", "=", "withdraw")],
            order="id desc", limit=1)
        called_off = log.search([
            ("res_model", "=", "ctsp.plan.line"), ("res_id", "in", self.line_ids.ids), ("transition", "=", "cancel"),
            ("id", ">", withdrawn.id)])
        gone = set(called_off.mapped("res_id"))
        for line in self.line_ids.filtered(lambda line: line.state == "cancelled" and line.id in gone):
            line.run_transition("restore", reason)

    @api.model
    def _first_plan(self, year):
        """Return the plan of first inspections of ``year``, made when it is missing (superuser: engine)."""
        plans = in_record_language(self.sudo())
        plan = plans.search([("kind", "=", "first"), ("year", "=", year), ("state", "!=", "withdrawn")], limit=1)
        if not plan:
            plan = plans.create({"kind": "first", "year": year, "period": "year"})
            plan.run_transition("open_first")
        return plan
