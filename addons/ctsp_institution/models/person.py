from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.ctsp_base.tools import pinyin, validators
from odoo.addons.ctsp_crypto.fields import EncryptedChar, EncryptedDate

CONTACT_RULES = {"id_number": validators.id_number, "mobile": validators.phone, "email": validators.email}


class Person(models.Model):
    """A person of an institution: principal investigator, office staff, committee member.

    The name of an investigator is published and therefore not masked; identity number, birth, telephone and e-mail are
    personal data (see ``ctsp.personal.mixin``).
    """

    _name = "ctsp.person"
    _description = "Person"
    _inherit = [
        "mail.thread", "ctsp.tag.mixin", "ctsp.personal.mixin", "ctsp.export.mixin", "ctsp.import.mixin",
        "ctsp.owned.mixin", "ctsp.versioned.mixin", "ctsp.encrypted.mixin",
    ]
    _order = "institution_id, name, id"
    _studio_extensible = True
    _rec_names_search = ["name", "pinyin", "id_number", "mobile"]
    _owner_path = "institution_id.partner_id"
    _import_keys = (("institution_id", "id_number"), ("institution_id", "name"))
    _import_lookup = ("qualification_no", "practice_no")
    _import_headers = {
        "id_number": ("身份证号", "身份证号码", "身份号码"), "mobile": ("手机", "手机号", "电话"), "email": ("邮箱",),
        "department": ("科室", "部门"), "title_id": ("专业技术职称",),
    }
    _personal_fields = {"id_number": "id_number", "birth_date": "date", "mobile": "phone", "email": "email"}
    _version_children = ("post_ids", "gcp_ids", "experience_ids")
    _version_skip = ("institution_id", "note")
    _version_kept = True
    _desk_hidden = ("note", "tag_ids")
    _integrity_fields = {1: (
        "name", "institution_id", "gender", "birth_date", "id_number", "mobile", "email", "title_id", "education",
        "department", "discipline_id", "qualification_no", "practice_no", "active")}

    name = fields.Char(required=True, index="trigram", tracking=True)
    pinyin = fields.Char("Pinyin Initials", compute="_compute_pinyin", store=True, index="trigram")
    institution_id = fields.Many2one("ctsp.institution", required=True, index=True, ondelete="restrict", tracking=True)
    gender = fields.Selection([("male", "Male"), ("female", "Female")])
    birth_date = EncryptedDate(blind="exact")
    id_number = EncryptedChar("Identity No.", blind="code")
    mobile = EncryptedChar("Telephone", blind="digits")
    email = EncryptedChar("E-mail", blind="casefold")
    title_id = fields.Many2one(
        "ctsp.dictionary.item", "Professional Title", index=True, tracking=True,
        domain="[('dictionary_code', '=', 'professional_title')]")
    education = fields.Selection([
        ("doctor", "Doctoral Degree"), ("master", "Master's Degree"), ("bachelor", "Bachelor's Degree"),
        ("college", "Junior College"), ("other", "Other Education")])
    department = fields.Char()
    discipline_id = fields.Many2one("ctsp.discipline", index=True)
    qualification_no = fields.Char("Physician Qualification No.")
    practice_no = fields.Char("Physician Practice No.")
    post_ids = fields.One2many("ctsp.person.post", "person_id", "Posts")
    gcp_ids = fields.One2many("ctsp.person.gcp", "person_id", "GCP Training")
    experience_ids = fields.One2many("ctsp.person.experience", "person_id", "Trial Experience")
    specialty_ids = fields.One2many("ctsp.specialty", "pi_id", "Specialties Led")
    current_posts = fields.Char(compute="_compute_current_posts")
    is_pi = fields.Boolean("Principal Investigator", compute="_compute_is_pi", search="_search_is_pi")
    experience_count = fields.Integer("Trials", compute="_compute_experience", store=True)
    proven_trial_count = fields.Integer("Proven Trials", compute="_compute_experience", store=True, index=True)
    gcp_date = fields.Date("Last GCP Training", compute="_compute_gcp", store=True)
    gcp_valid_to = fields.Date("GCP Valid To", compute="_compute_gcp", store=True)
    note = fields.Text()
    active = fields.Boolean(default=True)

    def _message_add_default_recipients(self):
        """Suggest nobody: the chatter is the supervision's own, and a person's address is personal."""
        return {
            person.id: {"email_cc_lst": [], "email_to_lst": [], "partners": self.env["res.partner"]} for person in self
        }

    @api.depends("name")
    def _compute_pinyin(self):
        for person in self:
            person.pinyin = pinyin.initials(person.name or "")

    @api.depends("post_ids.post_id", "post_ids.date_to", "post_ids.is_current")
    def _compute_current_posts(self):
        for person in self:
            current = person.post_ids.filtered("is_current")
            person.current_posts = "、".join(dict.fromkeys(current.mapped("post_id.name")))

    @api.depends("specialty_ids.state")
    def _compute_is_pi(self):
        for person in self:
            person.is_pi = "filed" in person.specialty_ids.mapped("state")

    def _search_is_pi(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        wanted = (operator == "in") == (True in value)
        return [("specialty_ids", "any" if wanted else "not any", [("state", "=", "filed")])]

    @api.depends("experience_ids.is_proven")
    def _compute_experience(self):
        for person in self:
            rows = person.experience_ids
            person.experience_count = len(rows)
            person.proven_trial_count = len(rows.filtered("is_proven"))

    @api.depends("gcp_ids.date", "gcp_ids.valid_to")
    def _compute_gcp(self):
        for person in self:
            dates = person.gcp_ids.filtered("date").mapped("date")
            ends = person.gcp_ids.filtered("valid_to").mapped("valid_to")
            person.gcp_date = max(dates, default=False)
            person.gcp_valid_to = max(ends, default=False)

    @api.constrains("id_number", "mobile", "email")
    def _check_contact(self):
        for name, rule in CONTACT_RULES.items():
            # whoever may write a value may not be allowed to read it back
            validators.constrain(self.sudo(), name, rule)

    @api.constrains("id_number", "institution_id")
    def _check_id_number_unique(self):
        """A person is listed once in an institution."""
        # the rule looks at numbers the writer may not see, and tells nothing of them
        for person in self.sudo().filtered("id_number"):
            twins = self.sudo().search_count([
                ("institution_id", "=", person.institution_id.id), ("id_number", "=", person.id_number)], limit=2)
            if twins > 1:
                raise ValidationError(self.env._("%(name)s is listed twice in this institution.", name=person.name))
