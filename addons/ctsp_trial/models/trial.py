from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.ctsp_base.tools import pinyin, validators

RUNNING = ("not_recruiting", "recruiting", "recruited")
"""codes of the dictionary ``trial_status`` that mean the trial is under way"""
LONG = "texts"
"""long texts are read together where one of them is wanted, not with every line of a list"""


class Trial(models.Model):
    """A clinical trial, with the fields of the public register (药物临床试验登记与信息公示平台) and local ones.

    A trial belongs to no single institution: what an institution does in it is a row of ``ctsp.trial.site``.
    """

    _name = "ctsp.trial"
    _description = "Trial"
    _inherit = [
        "mail.thread", "mail.activity.mixin", "ctsp.tag.mixin", "ctsp.export.mixin", "ctsp.import.mixin",
        "ctsp.integrity.mixin", "ctsp.outbox.mixin", "ctsp.check.mixin",
        "ctsp.personal.mixin", "ctsp.encrypted.mixin",  # for fields added on screen
    ]
    _order = "year desc, ctr_no desc, id desc"
    _studio_extensible = True
    _rec_names_search = ["name", "ctr_no", "drug_name", "pinyin"]
    _import_keys = ("ctr_no", "acceptance_no", "protocol_no")
    _import_headers = {
        "name": ("题目", "试验题目", "通俗题目", "项目名称"), "drug_name": ("药物名称", "试验药物名称"),
        "protocol_no": ("方案编号",), "acceptance_no": ("受理号",), "status_id": ("状态",), "phase_id": ("分期",),
    }
    _integrity_fields = {1: ("ctr_no", "name", "approval_no", "phase_id", "status_id", "planned_total", "actual_total")}

    name = fields.Char(string="Public Title", required=True, index="trigram", tracking=True)
    professional_title = fields.Char(string="Scientific Title")
    pinyin = fields.Char(string="Pinyin Initials", compute="_compute_pinyin", store=True, index="trigram")
    ctr_no = fields.Char(
        string="CTR Number", index="trigram", copy=False, tracking=True,
        help="CTR and eight digits; of a trial of a device or an in vitro diagnostic its filing number.")
    acceptance_no = fields.Char(string="Acceptance Number", index="btree_not_null")
    protocol_no = fields.Char(string="Protocol Number", index="btree_not_null")
    indication = fields.Char(index="trigram")
    drug_name = fields.Char(string="Investigational Drug", index="trigram", tracking=True)
    drug_class_id = fields.Many2one(
        "ctsp.dictionary.item", domain="[('dictionary_code', '=', 'drug_class')]", index=True)
    registration_class_id = fields.Many2one(
        "ctsp.dictionary.item", index=True,
        domain="[('dictionary_code', '=', 'registration_class')]")
    trial_type_id = fields.Many2one(
        "ctsp.dictionary.item", string="Drug or Device", domain="[('dictionary_code', '=', 'trial_type')]", index=True)
    phase_id = fields.Many2one(
        "ctsp.dictionary.item", domain="[('dictionary_code', '=', 'trial_phase')]", index=True,
        tracking=True)
    scope_id = fields.Many2one(
        "ctsp.dictionary.item", domain="[('dictionary_code', '=', 'trial_scope')]", index=True)
    is_international = fields.Boolean(
        string="International Multicentre", compute="_compute_is_international", store=True, index=True)
    design = fields.Selection([
        ("single", "Single Arm"), ("parallel", "Parallel"), ("crossover", "Crossover"), ("factorial", "Factorial"),
        ("dose_escalation", "Dose Escalation"), ("other", "Other Design")])
    randomisation = fields.Selection([("random", "Randomised"), ("none", "Not Randomised")])
    blinding = fields.Selection([
        ("open", "Open"), ("single", "Single-blind"), ("double", "Double-blind"), ("third", "Assessor-blind")])
    status_id = fields.Many2one(
        "ctsp.dictionary.item", string="Trial Status", domain="[('dictionary_code', '=', 'trial_status')]", index=True,
        tracking=True)
    is_running = fields.Boolean(string="Under Way", compute="_compute_is_running", store=True, index=True)
    status_note = fields.Char(string="Reason of Suspension or Termination")

    party_ids = fields.One2many("ctsp.trial.party", "trial_id", string="Parties")
    sponsor_id = fields.Many2one(
        "ctsp.organization", compute="_compute_sponsors", store=True, index=True,
        groups="base.group_user")
    sponsor_names = fields.Char(string="Sponsors", compute="_compute_sponsors", store=True)
    funding = fields.Selection([
        ("sponsor", "Sponsor"), ("state", "State Funding"), ("institution", "Institution"), ("other", "Other Funding")])
    funding_note = fields.Char()

    site_ids = fields.One2many("ctsp.trial.site", "trial_id", string="Institutions Taking Part")
    protocol_ids = fields.One2many("ctsp.trial.protocol", "trial_id", string="Protocol Versions")
    contract_ids = fields.One2many("ctsp.trial.contract", "trial_id", string="Contracts")

    inclusion = fields.Text(string="Inclusion Criteria", prefetch=LONG)
    exclusion = fields.Text(string="Exclusion Criteria", prefetch=LONG)
    test_drug = fields.Text(string="Test Drug Regimen", prefetch=LONG)
    control_drug = fields.Text(string="Control Drug Regimen", prefetch=LONG)
    primary_endpoint = fields.Text(string="Primary Endpoints", prefetch=LONG)
    secondary_endpoint = fields.Text(string="Secondary Endpoints", prefetch=LONG)
    has_dmc = fields.Boolean(string="Data Monitoring Committee")
    has_insurance = fields.Boolean(string="Insured")
    insurance_note = fields.Char(string="Insurance")

    approval_no = fields.Char(string="Approval or Notice No.", index="btree_not_null")
    approval_date = fields.Date(string="Approval or Notice Date")
    first_public_date = fields.Date(string="First Published", index=True)
    first_enrolled_date = fields.Date(string="First Subject Enrolled", tracking=True)
    completed_date = fields.Date(string="Completed On", tracking=True)
    terminated_date = fields.Date(string="Terminated On", tracking=True)
    year = fields.Integer(compute="_compute_year", store=True, aggregator=None)

    planned_total = fields.Integer(string="Planned Subjects")
    actual_total = fields.Integer(string="Enrolled Subjects")
    data_source = fields.Char(string="Source of the Data")
    note = fields.Text(groups="base.group_user")
    active = fields.Boolean(default=True)

    _order_idx = models.Index("(year DESC, ctr_no DESC, id DESC)")
    _keeper_idx = models.Index("(create_uid)")
    _ctr_no_unique = models.Constraint("UNIQUE(ctr_no)", "This CTR number is already registered.")
    _subjects_positive = models.Constraint(
        "CHECK(planned_total >= 0 AND actual_total >= 0)", "The number of subjects cannot be negative.")

    # ---- computed -------------------------------------------------------------------------------------------------

    @api.depends("name", "drug_name")
    def _compute_pinyin(self):
        for trial in self:
            trial.pinyin = " ".join(pinyin.initials(text) for text in (trial.name, trial.drug_name) if text)

    @api.depends("scope_id.code")
    def _compute_is_international(self):
        for trial in self:
            trial.is_international = trial.scope_id.code == "international"

    @api.depends("status_id.code")
    def _compute_is_running(self):
        for trial in self:
            trial.is_running = trial.status_id.code in RUNNING

    @api.depends("party_ids.role", "party_ids.sequence", "party_ids.organization_id.name")
    def _compute_sponsors(self):
        for trial in self:
            parties = trial.party_ids.filtered(lambda party: party.role == "sponsor")
            sponsors = parties.sorted("sequence").organization_id
            trial.sponsor_id = sponsors[:1]
            trial.sponsor_names = "、".join(sponsors.mapped("name"))

    @api.depends("first_public_date", "approval_date", "first_enrolled_date")
    def _compute_year(self):
        """Year the trial counts for: first published, else approved, else first subject."""
        for trial in self:
            date = trial.first_public_date or trial.approval_date or trial.first_enrolled_date
            trial.year = date.year if date else False

    @api.depends("name", "ctr_no")
    def _compute_display_name(self):
        for trial in self:
            trial.display_name = f"[{trial.ctr_no}] {trial.name}" if trial.ctr_no else trial.name

    # ---- validation -----------------------------------------------------------------------------------------------

    @api.constrains("ctr_no")
    def _check_ctr_no(self):
        for trial in self.filtered("ctr_no"):
            validators.constrain(trial, "ctr_no", validators.trial_no)

    @api.constrains("first_enrolled_date", "completed_date", "terminated_date")
    def _check_dates(self):
        for trial in self:
            for field in ("completed_date", "terminated_date"):
                if trial[field] and trial.first_enrolled_date and trial[field] < trial.first_enrolled_date:
                    raise ValidationError(self.env._(
                        "%(trial)s: “%(field)s” lies before the first subject was enrolled.", trial=trial.display_name,
                        field=self._fields[field]._description_string(self.env)))

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([validators.normalised(vals, ctr_no=validators.trial_no) for vals in vals_list])

    def write(self, vals):
        return super().write(validators.normalised(vals, ctr_no=validators.trial_no))
