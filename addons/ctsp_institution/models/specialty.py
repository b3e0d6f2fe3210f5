from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.ctsp_base.fields import OptionalInteger

EVIDENCE = ("institution_id", "name", "discipline_id", "pi_id", "state", "filed_date")


class Specialty(models.Model):
    """A specialty (专业) filed by an institution: led by a principal investigator, inspected as a unit."""

    _name = "ctsp.specialty"
    _description = "Specialty"
    _inherit = [
        "mail.thread", "ctsp.tag.mixin", "ctsp.export.mixin", "ctsp.import.mixin", "ctsp.integrity.mixin",
        "ctsp.outbox.mixin", "ctsp.owned.mixin", "ctsp.versioned.mixin",
        "ctsp.personal.mixin", "ctsp.encrypted.mixin",  # for fields added on screen
    ]
    _order = "sort_key, id"
    _studio_extensible = True
    _rec_names_search = ["name", "institution_id.name", "institution_id.pinyin"]
    _owner_path = "institution_id.partner_id"
    _import_keys = (("institution_id", "name"),)
    _import_scopes = {
        "site_ids": ("institution_id",), "pi_id": ("institution_id",), "co_pi_ids": ("institution_id",)}
    _import_headers = {
        "name": ("专业", "专业名称", "备案专业"), "discipline_id": ("科目",), "filed_date": ("备案时间",)}
    _integrity_fields = {1: EVIDENCE, 2: (*EVIDENCE, "site_ids", "co_pi_ids", "is_drug", "is_device", "active")}
    _version_skip = ("institution_id", "note")
    _version_kept = True
    _desk_hidden = ("note", "tag_ids")

    institution_id = fields.Many2one("ctsp.institution", required=True, index=True, ondelete="restrict", tracking=True)
    district_id = fields.Many2one(related="institution_id.district_id", store=True, index=True)
    discipline_id = fields.Many2one("ctsp.discipline", required=True, index=True, ondelete="restrict", tracking=True)
    name = fields.Char("Specialty Name", compute="_compute_name", store=True, readonly=False, required=True,
                       precompute=True, index="trigram", tracking=True)
    sort_key = fields.Char(compute="_compute_sort_key", store=True, exportable=False)
    state = fields.Selection(
        [("filed", "Filed"), ("cancelled", "Cancelled")],
        string="Filing State", default="filed", required=True, index=True, tracking=True)
    filed_date = fields.Date(index=True, tracking=True)
    cancelled_date = fields.Date(tracking=True)
    cancel_reason = fields.Char("Reason for Cancelling")
    is_drug = fields.Boolean("Drug Trials", default=True)
    is_device = fields.Boolean("Device Trials")
    is_phase1 = fields.Boolean("Phase I Unit", compute="_compute_flags", store=True, readonly=False, precompute=True)
    is_be = fields.Boolean("Bioequivalence", compute="_compute_flags", store=True, readonly=False, precompute=True)
    site_ids = fields.Many2many(
        "ctsp.site", "ctsp_specialty_site_rel", "specialty_id", "site_id", "Sites",
        domain="[('institution_id', '=', institution_id)]")
    pi_id = fields.Many2one(
        "ctsp.person", "Principal Investigator", index=True, ondelete="restrict", tracking=True,
        domain="[('institution_id', '=', institution_id)]")
    pi_title_id = fields.Many2one(related="pi_id.title_id", string="Title of the PI")
    co_pi_ids = fields.Many2many(
        "ctsp.person", "ctsp_specialty_person_rel", "specialty_id", "person_id", "Further Investigators",
        domain="[('institution_id', '=', institution_id)]")
    bed_count = OptionalInteger("Beds", aggregator="sum")
    base_note = fields.Text("Facilities", help="Wards, rooms, pharmacy and equipment used for trials.")
    note = fields.Text()
    active = fields.Boolean(default=True)

    _sort_key_idx = models.Index("(sort_key, id)")
    _filed_once = models.UniqueIndex(
        "(institution_id, name) WHERE state = 'filed' AND active",
        "This institution has filed a specialty of this name already.")

    @api.model_create_multi
    def create(self, vals_list):
        self.flush_model(["state", "active", "name"])  # one that is cancelled before makes room for its successor
        return super().create(vals_list)

    @api.depends("institution_id.record_no", "institution_id.name", "discipline_id.code")
    def _compute_sort_key(self):
        """By institution in its own order, those without a number last, then by discipline: one column to sort by."""
        for specialty in self:
            home = specialty.institution_id
            specialty.sort_key = f"{home.record_no or '~'} {home.name} {specialty.discipline_id.code}"

    @api.depends("discipline_id")
    def _compute_name(self):
        for specialty in self:
            specialty.name = specialty.name or specialty.discipline_id.name

    @api.depends("discipline_id")
    def _compute_flags(self):
        for specialty in self:
            specialty.is_phase1 = specialty.discipline_id.is_phase1
            specialty.is_be = specialty.discipline_id.is_be

    @api.constrains("institution_id", "pi_id", "co_pi_ids", "site_ids")
    def _check_same_institution(self):
        """Investigators and sites belong to the institution of the specialty."""
        for specialty in self:
            home = specialty.institution_id
            # the other institution's rows may be hidden from the writer, which must not hide the mistake
            parts = specialty.sudo()
            if (parts.pi_id | parts.co_pi_ids).institution_id - home:
                raise ValidationError(self.env._(
                    "Specialty “%(name)s”: an investigator belongs to another institution.", name=specialty.name))
            if parts.site_ids.institution_id - home:
                raise ValidationError(self.env._(
                    "Specialty “%(name)s”: a site belongs to another institution.", name=specialty.name))

    @api.constrains("filed_date", "cancelled_date", "state")
    def _check_dates(self):
        for specialty in self:
            if specialty.filed_date and specialty.cancelled_date and specialty.cancelled_date < specialty.filed_date:
                raise ValidationError(self.env._(
                    "Specialty “%(name)s”: cancelled before it was filed.", name=specialty.name))

    @api.constrains("bed_count")
    def _check_bed_count(self):
        for specialty in self:
            if specialty.bed_count < 0:
                raise ValidationError(self.env._("Specialty “%(name)s”: beds cannot be negative.", name=specialty.name))
