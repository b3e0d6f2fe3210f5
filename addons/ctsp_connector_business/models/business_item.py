from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.language import in_record_language
from odoo.addons.ctsp_crypto.fields import EncryptedText

FILING_KINDS = ("initial", "change", "cancellation")
OPEN = ("unmatched", "correction", "submitted", "working")
OF_FILING = {
    "draft": "correction", "returned": "correction", "submitted": "submitted", "in_review": "working",
    "approved": "approved", "refused": "refused", "withdrawn": "withdrawn"}
OF_REPORT = {"draft": "correction", "returned": "correction", "submitted": "working", "accepted": "done"}
OF_VISIT = {"waiting": "working", "assigned": "working", "running": "working", "done": "done", "cancelled": "cancelled"}
CLOSINGS = [
    ("approved", "Approved"), ("refused", "Refused"), ("done", "Finished"), ("withdrawn", "Withdrawn"),
    ("rejected", "Not Accepted"), ("cancelled", "Called Off")]
SOON_DAYS = 3  # working days before the promised day
OPEN_FIELDS = frozenset({"institution_id", "user_id"})


class BusinessItem(models.Model):
    """An item (业务件) of the regulator's business platform (综合业务平台): what an applicant asks for there.

    It becomes a filing, an annual report or a planned inspection here, by the rules these always have: the platform
    proposes, checks speak, an officer decides. What fits none of them is worked on as it is. Its state is that of what
    it became; what people do here is naming an institution, taking a late update over, and ending what can go no
    further.
    """

    _name = "ctsp.business.item"
    _description = "Business Item"
    _inherit = ["mail.thread", "ctsp.export.mixin", "ctsp.encrypted.mixin", "ctsp.document.mixin", "ctsp.due.mixin"]
    _order = "received_at desc, id desc"
    _rec_names_search = ["number", "name", "applicant"]
    _audit_what = "write"
    _due_states = OPEN
    _integrity_fields = {1: (
        "number", "kind", "applicant", "uscc", "record_no", "version", "institution_id", "filing_id", "report_id",
        "plan_line_id", "closing", "closing_reason")}

    number = fields.Char("Item No.", required=True, readonly=True, index="trigram")
    name = fields.Char("Title", required=True, readonly=True, index="trigram")
    kind = fields.Selection(
        [("initial", "First Filing"), ("change", "Change of a Filing"), ("cancellation", "Cancellation of a Filing"),
         ("annual", "Annual Report"), ("inspection", "Inspection"), ("other", "Other Matter")],
        required=True, readonly=True, index=True)
    applicant = fields.Char("Applicant as Given", readonly=True, index="trigram")
    uscc = fields.Char("Credit Code as Given", readonly=True, index="btree_not_null")
    record_no = fields.Char("Filing No. as Given", readonly=True)
    note = fields.Text("What Is Asked For", readonly=True)
    version = fields.Integer(readonly=True, aggregator=None)
    received_at = fields.Datetime("Received At", readonly=True, index=True)
    date_due = fields.Date("Promised By", readonly=True, index=True)
    content = EncryptedText(purpose="exchange.data", readonly=True, copy=False, groups=fields.NO_ACCESS)
    institution_id = fields.Many2one("ctsp.institution", index="btree_not_null", ondelete="restrict", copy=False)
    found_by = fields.Selection(
        [("uscc", "Credit Code"), ("record_no", "Filing No."), ("name", "Name"), ("person", "A Person")],
        "Identified By", readonly=True, copy=False)
    problem = fields.Char("Why Not Identified", readonly=True, copy=False)
    problems = fields.Json("What the Applicant Has to Mend", readonly=True, copy=False)
    problem_text = fields.Text("To Be Mended", compute="_compute_problem_text")
    attention = fields.Text("Waits for a Person", readonly=True, copy=False)
    is_pending = fields.Boolean("Newer Content Waits", readonly=True, copy=False)
    filing_id = fields.Many2one("ctsp.filing", readonly=True, index="btree_not_null", ondelete="set null", copy=False)
    filing_state = fields.Selection(related="filing_id.state", string="State of the Filing", tracking=False)
    report_id = fields.Many2one(
        "ctsp.annual.report", readonly=True, index="btree_not_null", ondelete="set null", copy=False)
    plan_line_id = fields.Many2one(
        "ctsp.plan.line", "Planned Inspection", readonly=True, index="btree_not_null", ondelete="set null", copy=False)
    user_id = fields.Many2one(
        "res.users", "Handled By", compute="_compute_user_id", store=True, readonly=False, index="btree_not_null",
        copy=False, domain="[('share', '=', False)]")
    accepted_at = fields.Datetime(readonly=True, copy=False)
    closing = fields.Selection(CLOSINGS, "Ended As", readonly=True, copy=False)
    closing_reason = fields.Text("Reason of the End", readonly=True, copy=False)
    closed_at = fields.Datetime("Ended At", readonly=True, copy=False)
    state = fields.Selection(
        [("unmatched", "To Be Identified"), ("correction", "For Correction"), ("submitted", "To Be Accepted"),
         ("working", "Under Way"), *CLOSINGS],
        compute="_compute_state", store=True, index=True, group_expand=True)
    message_line_ids = fields.One2many("ctsp.business.message", "item_id", "Messages Exchanged", readonly=True)

    has_dead_message = fields.Boolean("Message Not Delivered", compute="_compute_has_dead_message")

    _number_unique = models.Constraint("UNIQUE(number)", "There is an item with this number already.")

    @api.depends("closing", "filing_id.state", "report_id.state", "plan_line_id.state", "institution_id", "problem",
                 "problems", "accepted_at")
    def _compute_state(self):
        for item in self:
            item.state = item.closing or item._state_of_work()

    def _state_of_work(self):
        """Return the state that follows from what the item became."""
        if self.problem:
            return "unmatched"
        if self.filing_id:
            return OF_FILING[self.filing_id.state]
        if self.report_id:
            return "correction" if self.problems else OF_REPORT[self.report_id.state]
        if self.plan_line_id:
            return OF_VISIT[self.plan_line_id.state]
        return "correction" if self.problems else "working" if self.accepted_at else "submitted"

    @api.depends("filing_id.reviewer_id", "plan_line_id.leader_id")
    def _compute_user_id(self):
        for item in self:
            item.user_id = item.filing_id.reviewer_id or item.plan_line_id.leader_id.user_id or item.user_id

    @api.depends("problems")
    def _compute_problem_text(self):
        for item in self:
            item.problem_text = "\n".join(
                "：".join(filter(None, (row.get("subject"), row.get("text")))) for row in item.problems or [])

    def _compute_has_dead_message(self):
        dead = self.env["ctsp.business.message"].search([
            ("item_id", "in", self.ids), ("state", "in", ("dead", "failed_there"))]).item_id
        for item in self:
            item.has_dead_message = item in dead

    @api.depends("number", "name")
    def _compute_display_name(self):
        for item in self:
            item.display_name = f"{item.number} {item.name}"

    @api.model
    def _soon_until(self):
        return self.env["ctsp.workday"]._add(clock.today(), SOON_DAYS)

    def write(self, vals):
        """People name an institution once, and who deals with an item of no other kind; the rest is the engine's."""
        if self.env.su:
            return super().write(vals)
        if vals.keys() - OPEN_FIELDS:
            raise AccessError(self.env._("What the business platform said about an item is not changed here."))
        if "institution_id" in vals and any(item.state != "unmatched" for item in self):
            raise UserError(self.env._("The institution of this item is identified already."))
        if "user_id" in vals and any(item.kind != "other" or item.closing for item in self):
            raise UserError(self.env._("Handled By: it follows from the filing or the inspection of the item."))
        result = super().write(vals)
        if vals.get("institution_id"):
            items = self.sudo()  # sudo: people may not write the rest; naming the institution is the right
            super(BusinessItem, items).write({"found_by": "person", "problem": False})
            for item in items:
                item._work()
        return result

    # ---- small services

    def _as_platform(self):
        """Return the item in the name of the business platform: what it proposes is recorded as its own.

        Superuser: the platform's account has no right and cannot sign in; the rules of what it proposes speak still.
        """
        user = self.env.ref("ctsp_connector_business.user_platform")
        return in_record_language(self.with_user(user).sudo())

    def _target(self):
        """Return what the item became; empty while it became nothing."""
        return self.filing_id or self.report_id or self.plan_line_id

    def _alert_owner_name(self):
        return self.institution_id.name or self.applicant
