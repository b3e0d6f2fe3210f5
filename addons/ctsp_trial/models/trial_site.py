from odoo import api, fields, models
from odoo.exceptions import ValidationError


class TrialSite(models.Model):
    """What one institution does in a trial: specialty, investigator, role, subjects, ethics approval, dates.

    Rows of institutions of the registry belong to these (``owner_partner_id``): their users see their own rows and,
    through them, the trials. Institutions elsewhere are rows with a name only.
    """

    _name = "ctsp.trial.site"
    _description = "Institution in a Trial"
    _inherit = ["ctsp.owned.mixin", "ctsp.export.mixin", "ctsp.import.mixin"]
    _order = "trial_id desc, role, sequence, id"
    _rec_name = "name"
    _rec_names_search = ["name", "trial_id.name", "trial_id.ctr_no"]
    _owner_path = "institution_id.partner_id"
    _import_part_of = "ctsp.trial"
    _import_keys = (("trial_id", "institution_id", "specialty_id"), ("trial_id", "name"))
    _import_blank = ("specialty_id",)
    _import_fields = (
        "trial_id", "institution_id", "name", "province", "specialty_id", "pi_id", "pi_name", "role", "planned",
        "actual",
        "ethics_committee_id", "ethics_opinion_id", "ethics_date", "ethics_review_date", "start_date", "end_date",
        "status_id", "sequence")
    _import_scopes = {
        "specialty_id": ("institution_id",), "pi_id": ("institution_id",), "ethics_committee_id": ("institution_id",)}
    _import_headers = {
        "name": ("参加单位", "参加单位名称", "外省市机构名称"), "role": ("组长或参加", "单位角色", "角色"),
        "planned": ("计划例数",), "actual": ("入组例数", "实际例数"), "ethics_date": ("伦理批准时间",),
        "pi_name": ("研究者姓名",),
    }
    _integrity_fields = {1: (
        "trial_id", "institution_id", "name", "specialty_id", "pi_id", "pi_name", "role", "planned", "actual",
        "ethics_date", "start_date", "end_date", "status_id")}

    trial_id = fields.Many2one("ctsp.trial", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    institution_id = fields.Many2one("ctsp.institution", index=True, ondelete="restrict")
    name = fields.Char(
        string="Institution Name", compute="_compute_name", store=True, readonly=False, required=True, precompute=True)
    province = fields.Char()
    specialty_id = fields.Many2one(
        "ctsp.specialty", index=True, ondelete="restrict", domain="[('institution_id', '=', institution_id)]")
    pi_id = fields.Many2one(
        "ctsp.person", string="Principal Investigator", index=True, ondelete="restrict",
        compute="_compute_pi_id", store=True, readonly=False, precompute=True,
        domain="[('institution_id', '=', institution_id)]")
    pi_name = fields.Char(
        string="Investigator", compute="_compute_pi_name", store=True, readonly=False, precompute=True)
    role = fields.Selection([("lead", "Leading"), ("part", "Participating")], required=True, default="part", index=True)
    planned = fields.Integer(string="Planned Subjects")
    actual = fields.Integer(string="Enrolled Subjects")
    ethics_committee_id = fields.Many2one(
        "ctsp.ethics.committee", index="btree_not_null", ondelete="restrict",
        domain="[('institution_id', '=', institution_id)]")
    ethics_opinion_id = fields.Many2one(
        "ctsp.dictionary.item", domain="[('dictionary_code', '=', 'ethics_opinion')]")
    ethics_date = fields.Date(string="Ethics Approval Date")
    ethics_review_date = fields.Date(string="Last Follow-up Review", help="Date of the last continuing ethics review.")
    start_date = fields.Date(string="Started")
    end_date = fields.Date(string="Ended")
    status_id = fields.Many2one(
        "ctsp.dictionary.item", string="Status Here", domain="[('dictionary_code', '=', 'trial_status')]", index=True)
    is_local = fields.Boolean(string="In This City", compute="_compute_is_local", store=True)
    contract_ids = fields.One2many("ctsp.trial.contract", "site_id", string="Contracts")
    contract_amount = fields.Monetary(compute="_compute_contract_amount")
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env["ir.model.data"]._xmlid_to_res_id("base.CNY"))

    trial_status_id = fields.Many2one(related="trial_id.status_id", string="Trial Status")
    phase_id = fields.Many2one(related="trial_id.phase_id")
    ctr_no = fields.Char(related="trial_id.ctr_no")
    drug_name = fields.Char(related="trial_id.drug_name")
    sponsor_names = fields.Char(related="trial_id.sponsor_names")
    year = fields.Integer(related="trial_id.year")

    _owner_trial_idx = models.Index("(owner_partner_id, trial_id) WHERE owner_partner_id IS NOT NULL")
    _site_unique = models.UniqueIndex(
        "(trial_id, institution_id, COALESCE(specialty_id, 0)) WHERE institution_id IS NOT NULL",
        "This institution and specialty already take part in the trial.")
    _subjects_positive = models.Constraint(
        "CHECK(planned >= 0 AND actual >= 0)", "The number of subjects cannot be negative.")

    @api.depends("institution_id.name")
    def _compute_name(self):
        for site in self:
            site.name = site.institution_id.name or site.name

    @api.depends("specialty_id")
    def _compute_pi_id(self):
        for site in self:
            site.pi_id = site.pi_id or site.specialty_id.pi_id

    @api.depends("pi_id.name")
    def _compute_pi_name(self):
        for site in self:
            site.pi_name = site.pi_id.name or site.pi_name

    @api.depends("institution_id")
    def _compute_is_local(self):
        for site in self:
            site.is_local = bool(site.institution_id)

    @api.depends("contract_ids.amount")
    def _compute_contract_amount(self):
        for site in self:
            site.contract_amount = sum(site.contract_ids.mapped("amount"))

    @api.constrains("role")
    def _check_one_lead(self):
        for trial in self.trial_id:
            if len(trial.site_ids.filtered(lambda site: site.role == "lead")) > 1:
                raise ValidationError(self.env._(
                    "%(trial)s: there can be only one leading institution.", trial=trial.display_name))

    @api.constrains("institution_id", "specialty_id", "pi_id", "ethics_committee_id")
    def _check_same_institution(self):
        """Specialty, investigator and committee belong to the institution of the row."""
        for site in self:
            home = site.institution_id
            for field in ("specialty_id", "pi_id", "ethics_committee_id"):
                # superuser: the other institution's rows may be hidden from the writer, which must not hide the mistake
                if site.sudo()[field] and site.sudo()[field].institution_id != home:
                    raise ValidationError(self.env._(
                        "%(institution)s: “%(field)s” belongs to another institution.", institution=site.name,
                        field=self._fields[field]._description_string(self.env)))

    @api.constrains("start_date", "end_date")
    def _check_dates(self):
        for site in self:
            if site.start_date and site.end_date and site.end_date < site.start_date:
                raise ValidationError(self.env._(
                    "%(institution)s: the trial ended before it started.", institution=site.name))

    # ---- for the forms of institution, specialty and person -------------------------------------------------------

    @api.model
    def _count_trials(self, records, key, counter, domain=()):
        """Set ``counter`` of ``records``, which rows point at by ``key``, to the number of trials; one query."""
        groups = self._read_group([(key, "in", records.ids), *domain], [key], ["trial_id:count_distinct"])
        counts = dict(groups)
        for record in records:
            record[counter] = counts.get(record._origin, 0)

    @api.model
    def _trials_of(self, record, key):
        """Return the action that lists the trials of one record, which rows point at by ``key``."""
        record.ensure_one()
        record.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("ctsp_trial.ctsp_trial_action")
        return {
            **action, "domain": [("site_ids", "any", [(key, "=", record.id)])], "context": {},
            "name": self.env._("Trials: %s", record.display_name),
        }
