from odoo import api, fields, models

from odoo.addons.ctsp_base.tools import pinyin, validators
from odoo.addons.ctsp_crypto.fields import EncryptedChar

CONTACT_RULES = {"mobile": validators.phone, "email": validators.email, "id_number": validators.id_number}
CERTIFICATE_STATES = [
    ("valid", "Valid"), ("expiring", "Expiring Soon"), ("expired", "Expired"), ("missing", "Not Held")]
EVIDENCE = (
    "name", "code", "user_id", "unit", "employment", "level", "is_leader", "mobile", "email", "id_number",
    "date_from", "active")


class Inspector(models.Model):
    """An inspector (检查员) in the register from which teams are made: certificates, field of work, availability.

    The name is public (it stands on every inspection paper); telephone, e-mail and identity number are personal data.
    Grades follow 国办发〔2019〕36号 (职业化专业化药品检查员: 初级、中级、高级、专家级).
    """

    _name = "ctsp.inspector"
    _description = "Inspector"
    _inherit = [
        "mail.thread", "mail.activity.mixin", "ctsp.tag.mixin", "ctsp.personal.mixin", "ctsp.export.mixin",
        "ctsp.import.mixin", "ctsp.encrypted.mixin",
    ]
    _order = "name, id"
    _rec_names_search = ["name", "pinyin", "unit"]
    _import_keys = ("code", ("name", "unit"))
    _personal_fields = {"mobile": "phone", "email": "email", "id_number": "id_number"}
    _integrity_fields = {1: EVIDENCE, 2: (*EVIDENCE, "discipline_ids", "language_ids", "skill_ids")}

    name = fields.Char("Full Name", required=True, index="trigram", tracking=True)
    pinyin = fields.Char("Pinyin Initials", compute="_compute_pinyin", store=True, index="trigram")
    code = fields.Char("Inspector No.", index="btree_not_null", copy=False, tracking=True)
    user_id = fields.Many2one(
        "res.users", "Account", index="btree_not_null", copy=False, ondelete="set null", tracking=True,
        domain="[('share', '=', False)]", help="With an account the inspector sees and records his inspections.")
    unit = fields.Char("Sending Unit", index=True, tracking=True)
    employment = fields.Selection(
        [("full", "Full-time"), ("part", "Part-time"), ("expert", "Invited Expert")], default="full", required=True,
        index=True, tracking=True)
    level = fields.Selection(
        [("junior", "Junior"), ("middle", "Intermediate"), ("senior", "Senior"), ("expert", "Expert")],
        default="junior", required=True, index=True, tracking=True)
    is_leader = fields.Boolean("May Lead a Team", tracking=True)
    discipline_ids = fields.Many2many(
        "ctsp.discipline", "ctsp_inspector_discipline_rel", "inspector_id", "discipline_id", "Specialities")
    language_ids = fields.Many2many(
        "ctsp.dictionary.item", "ctsp_inspector_language_rel", "inspector_id", "item_id", "Languages",
        domain="[('dictionary_code', '=', 'inspector_language')]")
    skill_ids = fields.Many2many(
        "ctsp.dictionary.item", "ctsp_inspector_skill_rel", "inspector_id", "item_id", "Skills",
        domain="[('dictionary_code', '=', 'inspector_skill')]")
    mobile = EncryptedChar("Telephone", blind="digits")
    email = EncryptedChar("E-mail", blind="casefold")
    id_number = EncryptedChar("Identity No.", blind="code")
    date_from = fields.Date("Inspector Since")
    certificate_ids = fields.One2many("ctsp.inspector.certificate", "inspector_id", "Certificates")
    leave_ids = fields.One2many("ctsp.inspector.leave", "inspector_id", "Away")
    conflict_ids = fields.One2many(
        "ctsp.inspector.conflict", "inspector_id", "Conflicts of Interest",
        groups="ctsp_base.group_planner,ctsp_base.group_leader,ctsp_base.group_reviewer,ctsp_base.group_inspector")
    note = fields.Text()
    active = fields.Boolean(default=True)

    _user_unique = models.Constraint("UNIQUE(user_id)", "This account belongs to another inspector already.")
    _code_unique = models.Constraint("UNIQUE(code)", "There is an inspector with this number already.")

    @api.depends("name")
    def _compute_pinyin(self):
        for inspector in self:
            inspector.pinyin = pinyin.initials(inspector.name, person=True) if inspector.name else False

    @api.constrains(*CONTACT_RULES)
    def _check_contacts(self):
        for name, rule in CONTACT_RULES.items():
            for inspector in self.filtered(name):
                validators.constrain(inspector, name, rule)

    @api.model
    def _mine(self):
        """Return the inspector the current user is, none when he is none."""
        return self.sudo().search([("user_id", "=", self.env.uid)], limit=1).with_env(self.env)  # one's own row

    @api.model
    def _import_example(self):
        return {"name": "示例检查员（示例）", "code": "SL-0001", "unit": "示例检查中心（示例）"}
