from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.ctsp_base.fields import OptionalInteger
from odoo.addons.ctsp_base.tools import pinyin, validators

OFFICERS = {
    "legal_representative_id": "legal_representative",
    "head_id": "director",
    "office_director_id": "office_director",
    "secretary_id": "office_secretary",
}
"""field of the institution → code of the post in the dictionary ``post``"""
CODES = {"uscc": validators.uscc, "record_no": validators.record_no}
FILED = ("name", "record_no", "uscc", "state", "first_filed_date", "cancelled_date")


class Institution(models.Model):
    """A drug clinical trial institution (药物临床试验机构).

    Fields follow the public filing platform (药物临床试验机构管理规定, 2019年第101号). The filing number
    is issued there and only recorded here.
    """

    _name = "ctsp.institution"
    _description = "Trial Institution"
    _inherit = [
        "mail.thread", "mail.activity.mixin", "ctsp.tag.mixin", "ctsp.export.mixin", "ctsp.import.mixin",
        "ctsp.integrity.mixin", "ctsp.outbox.mixin", "ctsp.owned.mixin", "ctsp.versioned.mixin",
        "ctsp.personal.mixin", "ctsp.encrypted.mixin",  # for fields added on screen
    ]
    _order = "record_no, name, id"
    _studio_extensible = True
    _rec_names_search = ["name", "former_names", "pinyin", "record_no", "uscc"]
    _owner_path = "partner_id"
    _import_keys = ("record_no", "uscc", "name")
    _integrity_fields = {1: FILED, 2: (*FILED, "level_id", "kind_id", "district_id", "address", "is_cdc", "active")}
    _version_path = ""
    _version_kept = True
    _version_children = (
        "former_name_ids", "site_ids", "licence_ids", "specialty_ids", "person_ids", "ethics_committee_ids")
    _version_skip = ("partner_id", "version_number", "note")
    _desk_hidden = ("note", "tag_ids")

    partner_id = fields.Many2one(
        "res.partner", "Company", index=True, ondelete="restrict", copy=False, readonly=True)
    name = fields.Char("Institution Name", required=True, index="trigram", tracking=True)
    former_name_ids = fields.One2many("ctsp.institution.former.name", "institution_id", "Former Names")
    former_names = fields.Char("Formerly", compute="_compute_former_names", store=True, index="trigram")
    pinyin = fields.Char("Pinyin Initials", compute="_compute_pinyin", store=True, index="trigram")
    record_no = fields.Char("Filing No.", index="trigram", copy=False, tracking=True)
    uscc = fields.Char("Unified Social Credit Code", index="trigram", copy=False, tracking=True)
    platform_company_id = fields.Char(
        "National Platform ID", copy=False, help="Identifier of the institution on the national filing platform.")
    state = fields.Selection(
        [("pending", "Not Yet Numbered"), ("filed", "Filed"), ("cancelled", "Cancelled")],
        string="Filing State", default="pending", required=True, index=True, copy=False, tracking=True)
    level_id = fields.Many2one(
        "ctsp.dictionary.item", index=True, domain="[('dictionary_code', '=', 'institution_level')]")
    kind_id = fields.Many2one(
        "ctsp.dictionary.item", index=True, domain="[('dictionary_code', '=', 'institution_kind')]")
    is_cdc = fields.Boolean("Disease Control Centre", help="Centre for disease control: files for vaccine trials.")
    district_id = fields.Many2one("ctsp.district", index=True, tracking=True)
    address = fields.Char("Registered Address", tracking=True)
    office_phone = fields.Char("Office Telephone")
    website = fields.Char()
    bed_count = OptionalInteger("Beds", aggregator="sum")
    first_filed_date = fields.Date("First Filed On", index=True, tracking=True)
    last_change_date = fields.Date("Last Changed On", tracking=True)
    cancelled_date = fields.Date("Cancelled On", copy=False, tracking=True)
    cancel_reason = fields.Char("Reason for Cancelling", copy=False)
    data_source = fields.Char("Source of the Data")
    as_of_date = fields.Date("Data as of")
    note = fields.Text()
    active = fields.Boolean(default=True)

    legal_representative_id = fields.Many2one("ctsp.person", compute="_compute_officers")
    head_id = fields.Many2one("ctsp.person", "Head of the Institution", compute="_compute_officers")
    office_director_id = fields.Many2one("ctsp.person", compute="_compute_officers")
    secretary_id = fields.Many2one("ctsp.person", "Office Secretary", compute="_compute_officers")

    site_ids = fields.One2many("ctsp.site", "institution_id", "Sites")
    licence_ids = fields.One2many("ctsp.licence", "institution_id", "Licences")
    specialty_ids = fields.One2many("ctsp.specialty", "institution_id", "Specialties")
    discipline_ids = fields.Many2many(
        "ctsp.discipline", "ctsp_institution_discipline_rel", "institution_id", "discipline_id", "Disciplines",
        compute="_compute_discipline_ids", store=True,
        help="First-level disciplines of the filed specialties, to search and group by: few enough for a side panel.")
    person_ids = fields.One2many("ctsp.person", "institution_id", "People")
    post_ids = fields.One2many("ctsp.person.post", "institution_id", "Posts")
    ethics_committee_ids = fields.One2many("ctsp.ethics.committee", "institution_id", "Ethics Committees")
    version_ids = fields.One2many("ctsp.institution.version", "institution_id", "Versions")

    _record_no_unique = models.Constraint("unique (record_no)", "This filing number is already registered.")
    _uscc_unique = models.Constraint("unique (uscc)", "This unified social credit code is already registered.")
    # not ``required``: forms and imports cannot give what ``create`` makes
    _partner_given = models.Constraint("check (partner_id is not null)", "An institution needs its company.")
    _partner_unique = models.Constraint("unique (partner_id)", "This company already belongs to another institution.")
    _bed_count_positive = models.Constraint("check (bed_count >= 0)", "The number of beds cannot be negative.")

    @api.depends("former_name_ids.name")
    def _compute_former_names(self):
        for institution in self:
            institution.former_names = "、".join(institution.former_name_ids.mapped("name"))

    @api.depends("name", "former_name_ids.name")
    def _compute_pinyin(self):
        for institution in self:
            names = [institution.name, *institution.former_name_ids.mapped("name")]
            institution.pinyin = " ".join(pinyin.initials(name) for name in names if name)

    @api.depends("specialty_ids.state", "specialty_ids.active", "specialty_ids.discipline_id.parent_id")
    def _compute_discipline_ids(self):
        for institution in self:
            filed = institution.specialty_ids.filtered(lambda specialty: specialty.state == "filed").discipline_id
            institution.discipline_ids = filed.parent_id | filed.filtered(lambda discipline: not discipline.parent_id)

    @api.depends("post_ids.person_id", "post_ids.post_id", "post_ids.date_from", "post_ids.date_to")
    @api.depends_context("tz")
    def _compute_officers(self):
        for institution in self:
            current = institution.post_ids.filtered("is_current")
            for name, code in OFFICERS.items():
                institution[name] = current.filtered(lambda post, code=code: post.post_id.code == code).person_id[:1]

    @api.constrains("record_no", "state")
    def _check_record_no(self):
        """A filed institution has the number the national platform issued (药临床机构备字 + year + running number)."""
        for institution in self:
            if institution.record_no:
                validators.constrain(institution, "record_no", validators.record_no)
            elif institution.state != "pending":
                raise ValidationError(self.env._(
                    "%(name)s: a filed or cancelled institution needs its filing number.", name=institution.name))

    @api.constrains("uscc")
    def _check_uscc(self):
        for institution in self.filtered("uscc"):
            validators.constrain(institution, "uscc", validators.uscc)

    @api.constrains("office_phone")
    def _check_office_phone(self):
        validators.constrain(self, "office_phone", validators.phone)

    @api.constrains("state", "first_filed_date", "cancelled_date")
    def _check_dates(self):
        for institution in self:
            filed, cancelled = institution.first_filed_date, institution.cancelled_date
            if filed and cancelled and cancelled < filed:
                raise ValidationError(self.env._(
                    "%(name)s: “Cancelled On” lies before “First Filed On”.", name=institution.name))

    @api.model_create_multi
    def create(self, vals_list):
        """Create the company of each institution with it: outside users are tied to the institution by it."""
        vals_list = [validators.normalised(vals, **CODES) for vals in vals_list]
        missing = [vals for vals in vals_list if not vals.get("partner_id")]
        # registry keepers have no rights on contacts
        partners = self.env["res.partner"].sudo().create([
            {"name": vals.get("name"), "is_company": True} for vals in missing if vals.get("name")
        ]) if missing else []
        for vals, partner in zip((v for v in missing if v.get("name")), partners, strict=True):
            vals["partner_id"] = partner.id
        return super().create(vals_list)

    def write(self, vals):
        vals = validators.normalised(vals, **CODES)
        result = super().write(vals)
        if vals.get("name"):
            # registry keepers have no rights on contacts; the company carries the institution's name
            self.partner_id.sudo().write({"name": vals["name"]})
        return result
