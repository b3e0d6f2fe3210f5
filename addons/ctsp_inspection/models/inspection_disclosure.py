from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools import LazyTranslate

from odoo.addons.ctsp_base.tools.workflow import Transition, Workflow

_lt = LazyTranslate(__name__)

PLANNER = ("ctsp_base.group_planner", "ctsp_base.group_reviewer")
LEADER = ("ctsp_base.group_leader",)
OPEN = ("draft", "returned")
SETTLED = ("approved", "rectification", "closed")


class InspectionDisclosure(models.Model):
    """A list of inspections to be made public (公示): date, category, result, handling, and the institution.

    药物临床试验机构管理规定: results and handling of supervision are made public. A leader approves the list; what was
    approved is frozen and can be exported. It holds nothing but these fields.
    """

    _name = "ctsp.inspection.disclosure"
    _description = "Public Disclosure"
    _inherit = [
        "mail.thread", "mail.activity.mixin", "ctsp.workflow.mixin", "ctsp.export.mixin", "ctsp.integrity.mixin"]
    _order = "id desc"
    _rec_names_search = ["name", "number"]
    _integrity_fields = {1: ("number", "name", "state", "approved_at", "line_count")}
    _workflow = Workflow("draft", (
        Transition("submit", OPEN, "submitted", _lt("Submit for Approval"), PLANNER, stamp="submitted"),
        Transition("approve", ("submitted",), "approved", _lt("Approve Publication"), LEADER, access="read",
                   stamp="approved"),
        Transition("return", ("submitted",), "returned", _lt("Return"), LEADER, needs_reason=True, access="read"),
        Transition("publish", ("approved",), "published", _lt("Mark as Published"), PLANNER, stamp="published"),
        Transition("withdraw", ("approved", "published"), "withdrawn", _lt("Withdraw"), LEADER, needs_reason=True,
                   access="read"),
    ))

    number = fields.Char("Disclosure No.", readonly=True, copy=False)
    name = fields.Char("Title", required=True)
    date_from = fields.Date("Inspected From")
    date_to = fields.Date("Inspected To")
    line_ids = fields.One2many("ctsp.inspection.disclosure.line", "disclosure_id", "Inspections")
    line_count = fields.Integer("Number of Inspections", compute="_compute_line_count", store=True)
    place = fields.Char("Published At", help="Where it was made public, e.g. the address of the notice.")
    state = fields.Selection(
        [("draft", "Draft"), ("submitted", "Waiting for Approval"), ("returned", "Returned"), ("approved", "Approved"),
         ("published", "Published"), ("withdrawn", "Withdrawn")],
        required=True, default="draft", readonly=True, index=True, copy=False, tracking=True)
    submitted_at = fields.Datetime("Submitted On", readonly=True, copy=False)
    submitted_by = fields.Many2one("res.users", readonly=True, copy=False)
    approved_at = fields.Datetime("Approved On", readonly=True, copy=False)
    approved_by = fields.Many2one("res.users", readonly=True, copy=False)
    published_at = fields.Datetime("Published On", readonly=True, copy=False)
    published_by = fields.Many2one("res.users", readonly=True, copy=False)

    _number_unique = models.Constraint("UNIQUE(number)", "This disclosure number is taken.")

    @api.depends("line_ids")
    def _compute_line_count(self):
        for disclosure in self:
            disclosure.line_count = len(disclosure.line_ids)

    def write(self, vals):
        """Title and lines are fixed once handed in; where it was published is filled in afterwards."""
        if not self.env.su and {"number", "line_count"} & vals.keys():
            raise AccessError(self.env._("The number of a disclosure is drawn by the platform."))
        if not self.env.su and {"name", "line_ids", "date_from", "date_to"} & vals.keys():
            self._check_open()
        return super().write(vals)

    def _check_open(self):
        if any(disclosure.state not in OPEN for disclosure in self):
            raise UserError(self.env._("The list has been handed in for approval: it is fixed."))

    # ------------------------------------------------------------------
    # Filling and steps
    # ------------------------------------------------------------------
    def action_collect(self):
        """Add every settled inspection of the period that is on no list yet."""
        self.ensure_one()
        self.check_access("write")
        self._check_open()
        domain = Domain("state", "in", SETTLED)
        if self.date_from:
            domain &= Domain("date_start", ">=", self.date_from)
        if self.date_to:
            domain &= Domain("date_start", "<=", self.date_to)
        listed = self.env["ctsp.inspection.disclosure.line"].search(
            [("disclosure_id.state", "!=", "withdrawn")]).inspection_id
        found = self.env["ctsp.inspection"].search(domain, order="date_start, id") - listed
        if not found:
            raise UserError(self.env._("No settled inspection of this period is left to publish."))
        self.line_ids = [Command.create({"inspection_id": inspection.id}) for inspection in found]
        return True

    def _check_transition(self, transition):
        super()._check_transition(transition)
        if transition.code == "submit" and not self.line_ids:
            raise UserError(self.env._("Inspections: the list is empty."))
        if transition.code == "approve" and self.submitted_by == self.env.user:
            raise UserError(self.env._("Who handed in a list does not approve it."))

    def _before_submit(self, reason):
        """Take over what the inspections say now. Superuser: lines are the engine's."""
        disclosure = self.sudo()
        disclosure.line_ids._freeze()
        if not disclosure.number:
            disclosure.number = self.env["ir.sequence"]._draw("ctsp.inspection.disclosure")

    def action_export(self):
        """Export the approved list by the export engine; the export is in the audit log."""
        self.ensure_one()
        self.check_access("read")
        if self.state not in ("approved", "published"):
            raise UserError(self.env._("Only an approved list is exported for publication."))
        lines = "ctsp.inspection.disclosure.line"
        wizard = self.env["ctsp.export.wizard"].with_context(
            active_model=lines, active_domain=[("disclosure_id", "=", self.id)], active_ids=[])
        return wizard.create({"res_model": lines, "scope": "all", "profile_id": False}).action_export()
