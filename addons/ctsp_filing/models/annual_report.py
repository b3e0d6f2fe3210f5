from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.workflow import Transition, Workflow

_lt = LazyTranslate(__name__)

OPEN_STATES = ("draft", "returned")
OFFICER = ("ctsp_base.group_filing_officer",)
FILER = ("ctsp_base.group_institution_user", "ctsp_base.group_filing_officer")


class AnnualReport(models.Model):
    """What an institution reports about one year (年度报告): texts, figures and tables by sections set on screen."""

    _name = "ctsp.annual.report"
    _description = "Annual Report"
    _inherit = [
        "mail.thread", "mail.activity.mixin", "ctsp.workflow.mixin", "ctsp.owned.mixin", "ctsp.tag.mixin",
        "ctsp.export.mixin", "ctsp.integrity.mixin",
    ]
    _order = "year desc, institution_id"
    _owner_path = "institution_id.partner_id"
    _rec_names_search = ["institution_id.name", "institution_id.pinyin"]
    _integrity_fields = {1: ("campaign_id", "institution_id", "year", "state")}
    _desk_fields = ("answer_ids", "figure_ids", "row_ids", "contact_name")
    _desk_states = OPEN_STATES
    _desk_frozen = ("campaign_id", "institution_id")
    _workflow = Workflow("draft", (
        Transition("submit", ("draft",), "submitted", _lt("Submit"), groups=FILER, stamp="submitted"),
        Transition("resubmit", ("returned",), "submitted", _lt("Submit Again"), groups=FILER, stamp="resubmitted"),
        Transition("accept", ("submitted",), "accepted", _lt("Accept"), groups=OFFICER, stamp="accepted"),
        Transition("return", ("submitted",), "returned", _lt("Return"), groups=OFFICER, needs_reason=True),
        Transition("reopen", ("accepted",), "returned", _lt("Reopen"), groups=OFFICER, needs_reason=True),
    ), deletable=())

    campaign_id = fields.Many2one("ctsp.annual.campaign", required=True, readonly=True, index=True, ondelete="restrict")
    institution_id = fields.Many2one("ctsp.institution", required=True, readonly=True, index=True, ondelete="restrict")
    district_id = fields.Many2one(related="institution_id.district_id", store=True, index="btree_not_null")
    year = fields.Integer(related="campaign_id.year", store=True, index=True, aggregator=None)
    date_due = fields.Date(related="campaign_id.date_due", store=True, index=True)
    campaign_note = fields.Text(related="campaign_id.note")
    state = fields.Selection(
        [("draft", "To Be Written"), ("submitted", "Submitted"), ("returned", "Returned"), ("accepted", "Accepted")],
        required=True, default="draft", readonly=True, index=True, copy=False, group_expand=True, tracking=True)
    contact_name = fields.Char("Written By")
    answer_ids = fields.One2many("ctsp.annual.answer", "report_id", "Sections")
    figure_ids = fields.One2many("ctsp.annual.figure", "report_id", "Figures")
    row_ids = fields.One2many("ctsp.annual.row", "report_id", "Tables")
    submitted_at = fields.Datetime(readonly=True, copy=False, index="btree_not_null")
    submitted_by = fields.Many2one("res.users", readonly=True, copy=False)
    resubmitted_at = fields.Datetime(readonly=True, copy=False)
    accepted_at = fields.Datetime(readonly=True, copy=False)
    is_late = fields.Boolean(
        "Handed in Late", compute="_compute_is_late", store=True, help="First handed in after the due date.")
    is_overdue = fields.Boolean("Overdue", compute="_compute_is_overdue", search="_search_is_overdue")
    progress = fields.Integer("Filled in (%)", compute="_compute_progress", aggregator="avg")

    _institution_unique = models.Constraint(
        "unique (campaign_id, institution_id)", "The institution has its report in this campaign already.")

    @api.depends("year", "institution_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for report in self:
            report.display_name = self.env._(
                "%(institution)s: annual report %(year)s",
                institution=report.institution_id.name or "", year=report.year)

    @api.depends("submitted_at", "date_due")
    def _compute_is_late(self):
        for report in self:
            handed_in = report.submitted_at and clock.local_date(report.submitted_at)
            report.is_late = bool(handed_in and report.date_due and handed_in > report.date_due)

    @api.depends("state", "date_due")
    def _compute_is_overdue(self):
        today = clock.today()
        for report in self:
            report.is_overdue = report.state in OPEN_STATES and bool(report.date_due) and report.date_due < today

    def _search_is_overdue(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        late = Domain("state", "in", OPEN_STATES) & Domain("date_due", "<", clock.today())
        return late if (operator == "in") == (True in value) else ~late

    @api.depends("answer_ids.is_filled", "figure_ids.is_filled")
    def _compute_progress(self):
        for report in self:
            parts = report.answer_ids.mapped("is_filled") + report.figure_ids.mapped("is_filled")
            report.progress = round(100 * sum(parts) / len(parts)) if parts else 0

    @api.model_create_multi
    def create(self, vals_list):
        reports = super().create(vals_list)
        reports._take_over_sections()
        return reports
