from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import LazyTranslate

from odoo.addons.ctsp_base.fields import OptionalInteger
from odoo.addons.ctsp_base.tools import clock, validators
from odoo.addons.ctsp_base.tools.workflow import Transition, Workflow
from odoo.addons.ctsp_crypto.fields import EncryptedChar

from .filing_line_mixin import OPEN_STATES

_lt = LazyTranslate(__name__)

OFFICER = ("ctsp_base.group_filing_officer",)
FILER = ("ctsp_base.group_institution_user", "ctsp_base.group_filing_officer")
CODES = {"uscc": validators.uscc, "record_no": validators.record_no}
UNDER_WAY = ("submitted", "in_review", "returned")
ENGINE_FIELDS = {"number", "return_count", "diff_frozen", "base_values", "review_due", "correction_due"}
DECISION_FIELDS = {"record_no", "effective_date", "override_conflicts"}
LINE_FIELDS = ("site_ids", "licence_ids", "person_ids", "specialty_ids", "committee_ids")
"""rows of proposals in the order in which approval applies them"""


class Filing(models.Model):
    """A request of an institution to be filed, to change what is filed, or to cancel it (备案).

    药物临床试验机构管理规定 (2019年第101号): first filing, change within five working days, cancellation of the
    institution or of single specialties. The filing number itself is issued by the national platform; the officer
    records it here. Our own acceptance number is issued when the filing is accepted for review: withdrawn drafts and
    submissions leave no gap, and a returned filing keeps its number.
    """

    _name = "ctsp.filing"
    _description = "Filing"
    _inherit = [
        "mail.thread", "mail.activity.mixin", "ctsp.workflow.mixin", "ctsp.proposal.mixin", "ctsp.owned.mixin",
        "ctsp.tag.mixin", "ctsp.export.mixin", "ctsp.integrity.mixin", "ctsp.check.mixin", "ctsp.personal.mixin",
        "ctsp.encrypted.mixin",
    ]
    _personal_fields = {"contact_phone": "phone"}
    _order = "state_since desc, id desc"
    _studio_extensible = True
    _studio_outside = "ctsp.filing"
    _rec_names_search = ["name", "number", "record_no", "uscc"]
    _owner_path = "applicant_id"
    _proposal_target = "institution_id"
    _proposal_fields = (
        "name", "uscc", "platform_company_id", "level_id", "kind_id", "is_cdc", "district_id", "address",
        "office_phone", "website", "bed_count")
    _integrity_fields = {1: (
        "kind", "scope", "number", "institution_id", "owner_partner_id", "name", "uscc", "state", "record_no",
        "effective_date", "reason")}
    _integrity_signed = {"state": ("approved", "refused")}
    _desk_fields = (
        "kind", "scope", "institution_id", "reason", "change_date", "contact_name", "contact_phone", "attachment_ids",
        "remark_ids", *LINE_FIELDS, *_proposal_fields)
    _desk_states = OPEN_STATES
    _desk_frozen = ("kind", "institution_id")
    _workflow = Workflow("draft", (
        Transition("submit", ("draft",), "submitted", _lt("Submit"), groups=FILER, stamp="submitted"),
        Transition("resubmit", ("returned",), "submitted", _lt("Submit Again"), groups=FILER, stamp="resubmitted"),
        Transition("accept", ("submitted",), "in_review", _lt("Accept for Review"), groups=OFFICER, stamp="accepted"),
        Transition("return", ("in_review",), "returned", _lt("Return for Correction"), groups=OFFICER,
                   needs_reason=True, stamp="returned"),
        Transition("approve", ("in_review",), "approved", _lt("Approve"), groups=OFFICER, stamp="decided"),
        Transition("refuse", ("in_review",), "refused", _lt("Refuse"), groups=OFFICER, needs_reason=True,
                   stamp="decided"),
        Transition("withdraw", UNDER_WAY, "withdrawn", _lt("Withdraw"), groups=FILER, access="read",
                   needs_reason=True, stamp="decided"),
    ))

    kind = fields.Selection(
        [("initial", "First Filing"), ("change", "Change"), ("cancellation", "Cancellation")],
        required=True, default=lambda self: self._default_kind(), index=True)
    scope = fields.Selection(
        [("institution", "Whole Institution"), ("specialty", "Single Specialties")],
        required=True, default="institution", help="What a cancellation concerns.")
    number = fields.Char("Acceptance No.", readonly=True, copy=False, index="trigram")
    state = fields.Selection(
        [("draft", "Draft"), ("submitted", "Submitted"), ("in_review", "In Review"), ("returned", "Returned"),
         ("approved", "Approved"), ("refused", "Refused"), ("withdrawn", "Withdrawn")],
        required=True, default="draft", readonly=True, index=True, copy=False, group_expand=True, tracking=True)
    institution_id = fields.Many2one(
        "ctsp.institution", "Registered Institution", index="btree_not_null", ondelete="restrict",
        default=lambda self: self._own_institution(), domain="[('state', '=', 'filed')]")
    applicant_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="restrict", copy=False,
        help="Company of the outside users who file; the institution's company once it is registered.")
    reason = fields.Text(help="What changes and why, or why the filing is to be cancelled.")
    change_date = fields.Date(
        "Changed On", help="Day on which the change took effect. It is to be filed within five working days.")
    contact_name = fields.Char("Contact for This Filing")
    contact_phone = EncryptedChar("Telephone of the Contact", blind="digits")

    # proposed header of the institution
    name = fields.Char(
        "Institution Name", required=True, index="trigram", default=lambda self: self._own_institution().name)
    uscc = fields.Char("Unified Social Credit Code", index="btree_not_null")
    platform_company_id = fields.Char("National Platform ID")
    level_id = fields.Many2one(
        "ctsp.dictionary.item", domain="[('dictionary_code', '=', 'institution_level')]")
    kind_id = fields.Many2one(
        "ctsp.dictionary.item", "Kind of Institution", domain="[('dictionary_code', '=', 'institution_kind')]")
    is_cdc = fields.Boolean("Disease Control Centre")
    district_id = fields.Many2one("ctsp.district", index="btree_not_null")
    address = fields.Char("Registered Address")
    office_phone = fields.Char("Office Telephone")
    website = fields.Char()
    bed_count = OptionalInteger("Beds", aggregator="sum")

    # proposed rows
    site_ids = fields.One2many("ctsp.filing.site", "filing_id", "Sites")
    licence_ids = fields.One2many("ctsp.filing.licence", "filing_id", "Licences")
    person_ids = fields.One2many("ctsp.filing.person", "filing_id", "People")
    specialty_ids = fields.One2many("ctsp.filing.specialty", "filing_id", "Specialties")
    committee_ids = fields.One2many("ctsp.filing.committee", "filing_id", "Ethics Committees")
    attachment_ids = fields.One2many("ctsp.filing.attachment", "filing_id", "Attachments")

    # the officer's part
    reviewer_id = fields.Many2one(
        "res.users", "Officer", index="btree_not_null", copy=False, tracking=True,
        domain=lambda self: [("all_group_ids", "in", self.env.ref("ctsp_base.group_filing_officer").ids)],
        groups="ctsp_base.group_regulator")
    record_no = fields.Char(
        "Filing No.", copy=False, index="btree_not_null",
        help="Issued by the national platform; recorded here before a first filing is approved.")
    effective_date = fields.Date("Filed On", copy=False, help="Day of filing; today when left empty.")
    checklist_ids = fields.One2many("ctsp.filing.checklist", "filing_id", "Check List", copy=False)
    remark_ids = fields.One2many("ctsp.filing.remark", "filing_id", "Remarks", copy=False)
    open_remark_count = fields.Integer("Open Remarks", compute="_compute_open_remark_count")
    deadline_ids = fields.One2many("ctsp.deadline", "filing_id", "Deadlines", copy=False, readonly=True)
    submitted_at = fields.Datetime(readonly=True, copy=False, index=True)
    submitted_by = fields.Many2one("res.users", readonly=True, copy=False)
    resubmitted_at = fields.Datetime(readonly=True, copy=False)
    accepted_at = fields.Datetime(readonly=True, copy=False)
    returned_at = fields.Datetime(readonly=True, copy=False)
    decided_at = fields.Datetime(readonly=True, copy=False, index=True)
    decided_by = fields.Many2one("res.users", readonly=True, copy=False, groups="ctsp_base.group_regulator")
    return_count = fields.Integer("Times Returned", readonly=True, copy=False)

    _number_unique = models.Constraint("unique (number)", "This acceptance number is taken.")
    _bed_count_positive = models.Constraint("check (bed_count >= 0)", "The number of beds cannot be negative.")
    _one_change_idx = models.Index("(institution_id, kind, state)")

    @api.depends("number", "name", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for filing in self:
            parts = [filing.number, filing.name, kinds.get(filing.kind)]
            filing.display_name = " ".join(part for part in parts if part)

    @api.depends("remark_ids.resolved")
    def _compute_open_remark_count(self):
        for filing in self:
            filing.open_remark_count = len(filing.remark_ids.filtered(lambda remark: not remark.resolved))

    @api.constrains("uscc", "record_no")
    def _check_codes(self):
        for filing in self:
            if filing.uscc:
                validators.constrain(filing, "uscc", validators.uscc)
            if filing.record_no:
                validators.constrain(filing, "record_no", validators.record_no)

    @api.onchange("institution_id")
    def _onchange_institution_id(self):
        if self.institution_id:
            self.name = self.institution_id.name

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._with_institution(validators.normalised(vals, **CODES)) for vals in vals_list]
        for vals in vals_list:
            self._check_office_part(vals | self._context_defaults())
        filings = super().create(vals_list)
        for filing, vals in zip(filings, vals_list, strict=True):
            if filing.institution_id:
                filing._prefill()
                given = {name: vals[name] for name in filing._proposal_names() if vals.get(name)}
                filing.write(given)
        return filings

    def write(self, vals):
        if self._content_names().intersection(vals):
            self._check_not_handed_in()
        self._check_office_part(vals)
        return super().write(validators.normalised(vals, **CODES))

    def _check_office_part(self, vals):
        """What the platform counts nobody writes; what decides the filing is entered while it is in review."""
        if self.env.su or self._is_outside():  # outside users may write neither, see _desk_fields
            return
        if kept := ENGINE_FIELDS.intersection(vals):
            raise AccessError(self.env._(
                "“%(field)s” of a filing is kept by the platform.", field=self._label_of(min(kept))))
        closed = DECISION_FIELDS.intersection(vals)
        if closed and (not self or any(filing.state != "in_review" for filing in self)):
            raise UserError(self.env._(
                "%(field)s: to be entered while the filing is in review.", field=self._label_of(min(closed))))
        if "reviewer_id" in vals and (self or vals["reviewer_id"]):
            self._check_reviewer(vals["reviewer_id"])

    def _check_reviewer(self, user_id):
        """A filing under way is handed on from one officer to another; who decided stays who decided."""
        if not self or any(filing.state not in UNDER_WAY for filing in self):
            raise UserError(self.env._("Officer: to be chosen while the filing is under way."))
        # superuser: who has which role is not for everybody to read
        if user_id and user_id not in self.sudo()._officers().ids:
            raise UserError(self.env._("Officer: only a filing officer can be in charge of a filing."))

    @api.model
    def _content_names(self):
        """Return the fields that belong to the institution: fixed once handed in."""
        opened = (name for name, field in self._fields.items() if getattr(field, "ctsp_outside", None) == "write")
        return {
            *opened,
            "kind", "scope", "institution_id", "reason", "change_date", "contact_name", "contact_phone", *LINE_FIELDS,
            "attachment_ids", *self._proposal_names()}

    @api.model
    def _raise_foreign_row(self, name):
        raise ValidationError(self.env._("“%(name)s” refers to a row of another filing.", name=name))

    def _effective_date(self):
        """Return the day of filing."""
        self.ensure_one()
        return self.effective_date or clock.today()
