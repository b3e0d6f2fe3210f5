from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.workflow import Transition, Workflow

_lt = LazyTranslate(__name__)

OFFICER = ("ctsp_base.group_filing_officer",)


class AnnualCampaign(models.Model):
    """The yearly call for annual reports: by 31 January of the next year (parameter ``annual_report.due``)."""

    _name = "ctsp.annual.campaign"
    _description = "Annual Report Campaign"
    _inherit = ["mail.thread", "ctsp.workflow.mixin", "ctsp.export.mixin"]
    _order = "year desc"
    _rec_name = "year"
    _workflow = Workflow("draft", (
        Transition("open", ("draft",), "open", _lt("Start"), groups=OFFICER),
        Transition("close", ("open",), "closed", _lt("End"), groups=OFFICER),
        Transition("reopen", ("closed",), "open", _lt("Reopen"), groups=OFFICER, needs_reason=True),
    ))
    _integrity_fields = {1: ("year", "date_open", "date_due", "state", "note", "institution_ids")}

    year = fields.Integer(
        required=True, aggregator=None, default=lambda self: clock.today().year - 1,
        help="The year the reports are about.")
    date_open = fields.Date(
        "Opens", required=True, compute="_compute_dates", store=True, readonly=False, precompute=True)
    date_due = fields.Date(
        "Due", required=True, compute="_compute_dates", store=True, readonly=False, precompute=True)
    state = fields.Selection(
        [("draft", "Draft"), ("open", "In Progress"), ("closed", "Ended")], required=True, default="draft",
        readonly=True, index=True, copy=False)
    note = fields.Text("Instructions", help="Shown to the institutions at the head of the report.")
    institution_ids = fields.Many2many(
        "ctsp.institution", "ctsp_annual_campaign_institution_rel", "campaign_id", "institution_id",
        "Only These Institutions", domain="[('state', '=', 'filed')]", help="Empty: every filed institution.")
    report_ids = fields.One2many("ctsp.annual.report", "campaign_id", "Reports")
    report_count = fields.Integer("Reports to Come", compute="_compute_counts")
    accepted_count = fields.Integer("Accepted", compute="_compute_counts")
    submitted_count = fields.Integer("Waiting for Review", compute="_compute_counts")
    missing_count = fields.Integer("Missing", compute="_compute_counts")
    late_count = fields.Integer("Handed in Late", compute="_compute_counts")
    progress = fields.Integer("Handed in (%)", compute="_compute_counts", aggregator=None)

    _year_unique = models.Constraint("unique (year)", "There is a campaign for this year already.")
    _dates_order = models.Constraint("check (date_due >= date_open)", "The campaign is due before it opens.")

    @api.depends("year")
    def _compute_display_name(self):
        for campaign in self:
            campaign.display_name = self.env._("Annual reports %(year)s", year=campaign.year)

    @api.constrains("year")
    def _check_year(self):
        for campaign in self:
            if not 2000 <= campaign.year <= 2100:
                raise UserError(self.env._("Year: %(year)s is not a year of this century.", year=campaign.year))

    @api.depends("year")
    def _compute_dates(self):
        """Due on the day that the dated parameter names for that year, e.g. ``01-31`` of the next year."""
        for campaign in self:
            if not 2000 <= campaign.year <= 2100:
                campaign.date_open = campaign.date_due = False
                continue
            following = date(campaign.year + 1, 1, 1)
            text = self.env["ctsp.parameter"]._get("annual_report.due", on=following)
            month, day = (int(part) for part in text.split("-"))
            campaign.date_open, campaign.date_due = following, date(campaign.year + 1, month, day)

    @api.depends("report_ids.state", "report_ids.submitted_at")
    def _compute_counts(self):
        groups = self.env["ctsp.annual.report"]._read_group(
            [("campaign_id", "in", self.ids)], ["campaign_id", "state", "is_late"], ["__count"])
        for campaign in self:
            mine = [(state, late, count) for owner, state, late, count in groups if owner == campaign]
            total = sum(count for _state, _late, count in mine)
            handed = sum(count for state, _late, count in mine if state in ("submitted", "accepted"))
            campaign.report_count = total
            campaign.accepted_count = sum(count for state, _late, count in mine if state == "accepted")
            campaign.submitted_count = sum(count for state, _late, count in mine if state == "submitted")
            campaign.missing_count = total - handed
            campaign.late_count = sum(count for _state, late, count in mine if late)
            campaign.progress = round(100 * handed / total) if total else 0

    # ------------------------------------------------------------------
    # Reports
    # ------------------------------------------------------------------
    def _after_open(self, reason):
        self._create_reports()

    def action_create_reports(self):
        """Create the missing reports of an open campaign (button; needs write access). Twice makes no second report."""
        self.check_access("write")
        for campaign in self:
            if campaign.state != "open":
                raise UserError(self.env._("Open the campaign first."))
            campaign._create_reports()
        return True

    def _create_reports(self):
        """Create a report for each filed institution that has none yet, with progress."""
        self.ensure_one()
        only = [("id", "in", self.institution_ids.ids)] if self.institution_ids else []
        institutions = self.env["ctsp.institution"].search([
            *only, ("state", "=", "filed"), "|", ("first_filed_date", "=", False),
            ("first_filed_date", "<=", date(self.year, 12, 31)),
            ("id", "not in", self.report_ids.institution_id.ids)])
        # reports belong to the campaign; the right to open it was checked
        reports = self.env["ctsp.annual.report"].sudo()
        with self.env["ctsp.progress"]._open(self.display_name, len(institutions), self) as progress:
            for start in range(0, len(institutions), 50):
                batch = institutions[start:start + 50]
                reports.create([{"campaign_id": self.id, "institution_id": row.id} for row in batch])
                progress.step(len(batch))

    def action_open_reports(self):
        """Open the reports of this campaign, with the reader's own rights."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ctsp_filing.ctsp_annual_report_action")
        wanted = self.env.context.get("reports")
        domain = {"missing": [("state", "in", ("draft", "returned"))], "late": [("is_late", "=", True)]}.get(wanted, [])
        return {**action, "domain": [("campaign_id", "=", self.id), *domain], "context": {}}
