from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.ctsp_clause.tools import codes

OPEN = ("waiting", "answered", "returned")
WITH_INSTITUTION = ("waiting", "returned")
"""states in which the institution has to do something, and is late when it does not"""


class Rectification(models.Model):
    """What an institution does about one finding (整改): cause, correction, prevention, proof, by when.

    Made when the finding is issued. Due within 20 working days of issuing (药物临床试验机构监督检查办法（试行）,
    2023年第56号) or 30 (药品检查管理办法（试行）): dated parameters, see :meth:`_dates`. The institution asks for more
    time once and may object once, each time the finding is issued; every answer handed in is kept as a round.
    """

    _name = "ctsp.rectification"
    _description = "Rectification"
    _inherit = [
        "ctsp.inspection.part.mixin", "mail.thread", "mail.activity.mixin", "ctsp.workflow.mixin", "ctsp.owned.mixin",
        "ctsp.export.mixin", "ctsp.integrity.mixin", "ctsp.due.mixin",
    ]
    _order = "date_due, id"
    _rec_names_search = ["finding_description", "inspection_number", "institution_id.name"]
    _owner_path = "institution_id.partner_id"
    _due_states = WITH_INSTITUTION
    _desk_fields = ("cause", "correction", "prevention", "date_done", "file_ids", "extension_ids", "objection_ids")
    _desk_states = WITH_INSTITUTION
    _desk_frozen = ("finding_id", "inspection_id")
    _desk_hidden = ("note", "leader_id", "verified_by", "answered_by", "is_mine", "integrity_state",
                    "verify_from", "date_verify")
    _integrity_fields = {1: (
        "finding_id", "institution_id", "date_due", "cause", "correction", "prevention", "date_done", "state")}

    finding_id = fields.Many2one("ctsp.finding", required=True, readonly=True, index=True, ondelete="restrict")
    inspection_id = fields.Many2one(readonly=True, ondelete="restrict")
    institution_id = fields.Many2one(
        "ctsp.institution", required=True, readonly=True, index=True, ondelete="restrict")
    inspection_number = fields.Char(related="inspection_id.number", string="Inspection No.", store=True)
    inspection_name = fields.Char(related="inspection_id.name", string="Inspection Title")
    inspection_kind = fields.Selection(related="inspection_id.kind", string="Business Type")
    leader_id = fields.Many2one(related="inspection_id.leader_id", string="Team Leader", store=True, index=True)
    district_id = fields.Many2one(related="institution_id.district_id", store=True, index="btree_not_null")
    finding_number = fields.Char(related="finding_id.number", string="Clause No.")
    finding_point = fields.Char(related="finding_id.point", string="Inspection Point")
    finding_description = fields.Text(related="finding_id.description", string="What Was Found")
    object = fields.Selection(related="finding_id.object")
    specialty_id = fields.Many2one(related="finding_id.specialty_id", store=True, index="btree_not_null")
    trial_id = fields.Many2one(related="finding_id.trial_id", store=True, index="btree_not_null")
    grade = fields.Selection(
        lambda self: codes.defects(self.env), compute="_compute_grade", store=True, index=True)

    rule = fields.Selection(
        [("institution", "Rules on Inspecting Institutions"), ("drug", "Rules on Drug Inspection")],
        "Time Limit by", required=True, readonly=True, default="institution",
        help="药物临床试验机构监督检查办法（试行）或药品检查管理办法（试行）")
    date_start = fields.Date("Finding Issued On", required=True, readonly=True, index=True)
    issue_number = fields.Integer("Times Issued", default=1, readonly=True, copy=False, aggregator=None)
    days = fields.Integer("Working Days", required=True, readonly=True, aggregator=None)
    date_first_due = fields.Date("First Due", readonly=True)
    date_warning = fields.Date("Remind From", readonly=True)
    date_due = fields.Date("Due", required=True, readonly=True, index=True)
    provisional = fields.Boolean(
        readonly=True, help="The official calendar of holidays is not published for the whole period yet.")

    cause = fields.Text("Root Cause")
    correction = fields.Text("Corrective Action")
    prevention = fields.Text("Preventive Action")
    date_done = fields.Date("Carried Out On")
    file_ids = fields.One2many("ctsp.rectification.file", "rectification_id", "Evidence of the Rectification")
    round_ids = fields.One2many("ctsp.rectification.round", "rectification_id", "Answers Handed In", readonly=True)
    round_count = fields.Integer("Times Answered", compute="_compute_round_count", store=True)
    extension_ids = fields.One2many("ctsp.rectification.extension", "rectification_id", "Asked for More Time")
    objection_ids = fields.One2many("ctsp.rectification.objection", "rectification_id", "Objections")
    has_asked_time = fields.Boolean("Asked for More Time Already", compute="_compute_has_asked")
    has_objected = fields.Boolean("Objected Already", compute="_compute_has_asked")
    return_reason = fields.Text("Why It Was Returned", readonly=True)
    note = fields.Text("Notes of the Inspectors")

    state = fields.Selection(
        [("waiting", "To Rectify"), ("answered", "To Verify"), ("returned", "Returned"), ("accepted", "Verified"),
         ("cancelled", "Cancelled")],
        required=True, default="waiting", readonly=True, index=True, copy=False, tracking=True)
    answered_at = fields.Datetime("Answered On", readonly=True, copy=False)
    answered_by = fields.Many2one("res.users", readonly=True, copy=False)
    verify_from = fields.Date("Verification Runs From", readonly=True, copy=False)
    date_verify = fields.Date(
        "Verify Until", readonly=True, copy=False, index="btree_not_null",
        help="Working days from the answer on; the authority's own time limit.")
    verified_at = fields.Datetime("Verified On", readonly=True, copy=False)
    verified_by = fields.Many2one("res.users", readonly=True, copy=False)

    _finding_unique = models.Constraint("UNIQUE(finding_id)", "This finding has its rectification already.")
    _open_idx = models.Index("(state, date_due)")

    @api.depends("finding_id.grade")
    def _compute_grade(self):
        for item in self:
            item.grade = item.finding_id.grade

    @api.depends("finding_number", "finding_description", "inspection_number")
    def _compute_display_name(self):
        for item in self:
            number = item.inspection_number  # the item's own field first: reading it checks the right to the item
            text = (item.finding_description or "").rstrip("。；")  # words may follow: “…: answered again by …”
            item.display_name = " ".join(filter(None, (
                number, item.finding_number, text[:30] + ("…" if len(text) > 30 else ""))))

    @api.depends("round_ids")
    def _compute_round_count(self):
        for item in self:
            item.round_count = len(item.round_ids)

    @api.depends("issue_number", "extension_ids.issue_number", "objection_ids.issue_number")
    def _compute_has_asked(self):
        """Whether the institution asked since the finding was issued last."""
        for item in self:
            item.has_asked_time = item.issue_number in item.extension_ids.mapped("issue_number")
            item.has_objected = item.issue_number in item.objection_ids.mapped("issue_number")

    def write(self, vals):
        """What the institution says is its own: the regulator writes notes, everything else by steps."""
        if not self.env.su and not self._is_outside():
            if foreign := {name for name in vals if name != "note" and not name.startswith(("message_", "activity_"))}:
                raise AccessError(self.env._(
                    "“%(field)s” is written by the institution or by steps only.",
                    field=self._fields[min(foreign)]._description_string(self.env)))
        return super().write(vals)

    # ------------------------------------------------------------------
    # Time
    # ------------------------------------------------------------------
    @api.model
    def _dates(self, start, rule):
        """Return the dates of a rectification whose limit starts on ``start``; that day does not count."""
        parameter, workday = self.env["ctsp.parameter"].sudo(), self.env["ctsp.workday"].sudo()  # everybody's terms
        code = "inspection.rectification_days" + ("_drug_inspection" if rule == "drug" else "")
        days = parameter._get(code, on=start)
        due = workday._add(start, days)
        return {
            "rule": rule, "date_start": start, "days": days, "date_first_due": due, **self._due_values(start, due)}

    @api.model
    def _due_values(self, start, due):
        """Return what follows from a due date: when to remind, whether the calendar may still move it."""
        parameter, workday = self.env["ctsp.parameter"].sudo(), self.env["ctsp.workday"].sudo()  # everybody's terms
        early = parameter._get("inspection.rectification_warning_days", on=start)
        return {
            "date_due": due, "date_warning": max(start, workday._add(due, -early)),
            "provisional": not all(workday._is_published(year) for year in range(start.year, due.year + 1)),
        }

    def _alert_owner_name(self):
        return self.institution_id.name
