from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.ctsp_clause.tools import codes

PLANNING = ("draft", "assigned")
"""states in which the planner sets what is inspected"""
RECORDING = ("onsite", "returned")
"""states in which the team records"""
OPEN = (*PLANNING, *RECORDING)
EVIDENCE = (
    "number", "name", "kind", "regulation_kind", "institution_id", "state", "date_start", "date_end", "leader_id",
    "conclusion", "handling", "version", "content_digest")


class Inspection(models.Model):
    """An inspection of a trial institution: why, what, when, who, and what came out (监督检查).

    药物临床试验机构监督检查办法（试行）(2023年第56号); 药品检查管理办法（试行）(国药监药管〔2021〕31号). Clause by
    clause results are rows of ``ctsp.inspection.line`` and are written by :meth:`record` alone. The number is drawn
    when the inspection is assigned: dropped drafts leave no gap.
    """

    _name = "ctsp.inspection"
    _description = "Inspection"
    _inherit = [
        "mail.thread", "mail.activity.mixin", "ctsp.workflow.mixin", "ctsp.tag.mixin", "ctsp.export.mixin",
        "ctsp.integrity.mixin", "ctsp.check.mixin",
        "ctsp.personal.mixin", "ctsp.encrypted.mixin",  # for fields added on screen
    ]
    _order = "date_planned_from desc, id desc"
    _studio_extensible = True
    _rec_names_search = ["name", "number", "institution_id.name", "institution_id.pinyin"]
    _integrity_fields = {1: EVIDENCE, 2: (
        *EVIDENCE, "site_ids", "specialty_ids", "trial_ids", "library_id", "checklist_id")}
    _integrity_signed = {"state": ("submitted", "approved", "closed")}

    number = fields.Char("Inspection No.", readonly=True, copy=False, index="trigram")
    name = fields.Char("Title", required=True, index="trigram", tracking=True, compute="_compute_name", store=True,
                       readonly=False, precompute=True)
    kind = fields.Selection(
        lambda self: codes.kinds(self.env), "Business Type", required=True, default="routine", index=True,
        tracking=True)
    regulation_kind = fields.Selection(
        [("routine", "Routine"), ("cause", "For Cause"), ("other", "Other")], "Type by the Rules", required=True,
        compute="_compute_regulation_kind", store=True, readonly=False, precompute=True, index=True,
        help="药物临床试验机构监督检查办法: 日常检查、有因检查、其他检查. Follows from the business type.")
    regulation_kind_reason = fields.Char(
        "Why Another Type", help="Needed where the type by the rules is not the one the business type gives.")
    regulation_kind_differs = fields.Boolean(compute="_compute_regulation_kind_differs")
    source = fields.Selection(
        [("plan", "Plan"), ("filing", "Filing"), ("transfer", "Transferred"), ("own", "Own Initiative")],
        required=True, default="own", index=True)
    source_ref = fields.Char("Source Document", help="Number of the order, letter or report this inspection follows.")
    institution_id = fields.Many2one(
        "ctsp.institution", required=True, index=True, ondelete="restrict", tracking=True)
    district_id = fields.Many2one(related="institution_id.district_id", store=True, index=True)
    site_ids = fields.Many2many(
        "ctsp.site", "ctsp_inspection_site_rel", "inspection_id", "site_id", "Sites",
        domain="[('institution_id', '=', institution_id)]")
    specialty_ids = fields.Many2many(
        "ctsp.specialty", "ctsp_inspection_specialty_rel", "inspection_id", "specialty_id", "Specialties",
        domain="[('institution_id', '=', institution_id)]")
    trial_ids = fields.Many2many(
        "ctsp.trial", "ctsp_inspection_trial_rel", "inspection_id", "trial_id", "Trials",
        domain="[('site_ids.institution_id', '=', institution_id)]")
    purpose = fields.Text("Reason for the Inspection")
    basis = fields.Text("Basis of the Inspection")
    date_planned_from = fields.Date("Planned From", index=True, tracking=True)
    date_planned_to = fields.Date("Planned To", tracking=True)
    date_start = fields.Date("Began On", copy=False, index="btree_not_null", tracking=True)
    date_end = fields.Date("Ended On", copy=False, tracking=True)
    library_id = fields.Many2one(
        "ctsp.clause.library", "Clauses", compute="_compute_library_id", store=True, readonly=False, precompute=True,
        index=True, ondelete="restrict", domain="[('published', '=', True)]")
    checklist_id = fields.Many2one(
        "ctsp.checklist", "Check List", compute="_compute_checklist_id", store=True, readonly=False, precompute=True,
        index="btree_not_null", ondelete="restrict", domain="[('library_id.published', '=', True)]",
        help="Left empty: the whole library. A new inspection gets the newest list for its business type.")

    leader_id = fields.Many2one(
        "ctsp.inspector", "Team Leader", compute="_compute_leader_id", inverse="_inverse_leader_id", store=True,
        readonly=False, index=True, tracking=True)
    member_ids = fields.One2many("ctsp.inspection.member", "inspection_id", "Team")
    team_names = fields.Char("Team Members", compute="_compute_team_names", store=True)
    line_ids = fields.One2many("ctsp.inspection.line", "inspection_id", "Clauses of the Inspection")
    finding_ids = fields.One2many("ctsp.finding", "inspection_id", "Findings")
    evidence_ids = fields.One2many("ctsp.inspection.evidence", "inspection_id", "Evidence")
    conclusion_ids = fields.One2many("ctsp.inspection.conclusion", "inspection_id", "Conclusions")
    version_ids = fields.One2many("ctsp.inspection.version", "inspection_id", "Versions")

    attendants = fields.Text("Accompanied By", help="People of the institution who accompanied the inspection.")
    summary = fields.Text("What Was Inspected")
    conclusion = fields.Selection(
        lambda self: codes.conclusions(self.env), compute="_compute_conclusion", store=True, index=True,
        help="The most serious of the conclusions on the institution, its specialties and trials.")
    handling = fields.Selection(
        [("none", "Passed"), ("rectify", "Rectify in Time"), ("warning", "Warning Letter"),
         ("talk", "Summons to a Talk"), ("transfer", "Transferred for Investigation")],
        copy=False, index=True, tracking=True)
    handling_note = fields.Char("Note on the Handling", copy=False)
    critical_count = fields.Integer("Critical Findings", readonly=True, copy=False)
    major_count = fields.Integer("Major Findings", readonly=True, copy=False)
    minor_count = fields.Integer("Minor Findings", readonly=True, copy=False)

    state = fields.Selection(
        [("draft", "Draft"), ("assigned", "Assigned"), ("onsite", "On Site"), ("submitted", "Submitted"),
         ("review", "In Review"), ("returned", "Returned"), ("approved", "Approved"),
         ("rectification", "In Rectification"), ("closed", "Closed"), ("cancelled", "Cancelled")],
        required=True, default="draft", readonly=True, index=True, copy=False, group_expand=True, tracking=True)
    version = fields.Integer(
        "Content Version", default=1, readonly=True, copy=False, aggregator=None,
        help="Grows with each correction after approval.")
    content_digest = fields.Char(
        "Digest of the Content", readonly=True, copy=False, help="SM3 of everything recorded, as it was handed in.")
    assigned_at = fields.Datetime(readonly=True, copy=False)
    submitted_at = fields.Datetime(readonly=True, copy=False, index="btree_not_null")
    submitted_by = fields.Many2one("res.users", readonly=True, copy=False)
    approved_at = fields.Datetime(readonly=True, copy=False, index="btree_not_null")
    approved_by = fields.Many2one("res.users", readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)
    is_mine = fields.Boolean(string="I Am on the Team", compute="_compute_is_mine", search="_search_is_mine")

    _order_idx = models.Index("(date_planned_from DESC, id DESC)")
    _institution_idx = models.Index("(institution_id, date_start DESC)")
    _number_unique = models.Constraint("unique (number)", "This inspection number is taken.")
    _planned_in_order = models.Constraint(
        "check (date_planned_to >= date_planned_from)", "“Planned To” lies before “Planned From”.")
    _dates_in_order = models.Constraint("check (date_end >= date_start)", "“Ended On” lies before “Began On”.")

    # ---- computed -------------------------------------------------------------------------------------------------

    @api.depends("institution_id", "kind")
    def _compute_name(self):
        """Give a new inspection the title its papers bear; it may be changed."""
        kinds = dict(codes.kinds(self.env))
        for inspection in self:
            if inspection.institution_id and not inspection.name:
                inspection.name = self.env._(
                    "%(institution)s: %(kind)s", institution=inspection.institution_id.name,
                    kind=kinds.get(inspection.kind, ""))

    @api.depends("number", "name")
    def _compute_display_name(self):
        for inspection in self:
            inspection.display_name = " ".join(filter(None, (inspection.number, inspection.name)))

    @api.depends("member_ids.role", "member_ids.inspector_id")
    def _compute_leader_id(self):
        for inspection in self:
            leaders = inspection.member_ids.filtered(lambda member: member.role == "leader")
            inspection.leader_id = leaders[:1].inspector_id

    def _inverse_leader_id(self):
        """Make the leader a row of the team, the former one a member."""
        for inspection in self:
            wanted, members = inspection.leader_id, inspection.member_ids
            rows = members.filtered(lambda row, who=wanted: row.inspector_id == who)
            members.filtered(lambda row, keep=rows: row.role == "leader" and row not in keep).role = "member"
            members.flush_recordset(["role"])  # a team has one leader at any moment
            if rows:
                rows[:1].role = "leader"
            elif wanted:
                members.create({"inspection_id": inspection.id, "inspector_id": wanted.id, "role": "leader"})

    @api.depends("member_ids.inspector_id.name", "member_ids.role")
    def _compute_team_names(self):
        for inspection in self:
            inspection.team_names = "、".join(filter(None, inspection.member_ids.mapped("inspector_id.name")))

    @api.depends("conclusion_ids.decided")
    def _compute_conclusion(self):
        severity = ["pass", "rectify", "fail"]
        for inspection in self:
            decided = [row.decided for row in inspection.conclusion_ids]
            whole = decided and all(decided)
            inspection.conclusion = max(decided, key=severity.index) if whole else False

    @api.depends_context("uid")
    def _compute_is_mine(self):
        mine = self.search([("id", "in", self.ids), ("is_mine", "=", True)]) if self.ids else self
        for inspection in self:
            inspection.is_mine = inspection._origin in mine

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("id", "in", self._mine_query())]

    @api.model
    def _mine_query(self):
        """Return the sub-query of the inspections assigned to the user's team, by the index (user, inspection)."""
        # superuser: the rule on members is written with this very query
        members = self.env["ctsp.inspection.member"].sudo()._search(
            [("user_id", "=", self.env.uid), ("inspection_id.state", "!=", "draft")])
        return members.subselect("inspection_id")

    # ---- validation -----------------------------------------------------------------------------------------------

    @api.constrains("institution_id", "site_ids", "specialty_ids")
    def _check_same_institution(self):
        for inspection in self:
            for name in ("site_ids", "specialty_ids"):
                if inspection[name].institution_id - inspection.institution_id:
                    raise ValidationError(self.env._(
                        "“%(field)s” contains rows of another institution than %(institution)s.",
                        field=self._fields[name]._description_string(self.env),
                        institution=inspection.institution_id.name))
