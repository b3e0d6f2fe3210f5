from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.ctsp_base.tools import pinyin, validators
from odoo.addons.ctsp_crypto.fields import EncryptedChar

ROLES = ("is_sponsor", "is_cro", "is_smo", "is_data_manager", "is_other")


class Organization(models.Model):
    """A party to trials outside the institutions: sponsor, CRO, SMO, data management and others."""

    _name = "ctsp.organization"
    _description = "Sponsor or Service Provider"
    _inherit = [
        "mail.thread", "ctsp.tag.mixin", "ctsp.personal.mixin", "ctsp.export.mixin", "ctsp.import.mixin",
        "ctsp.encrypted.mixin",
    ]
    _order = "name, id"
    _rec_names_search = ["name", "pinyin", "uscc"]
    _import_keys = ("uscc", "name")
    _personal_fields = {"contact_name": "name", "contact_phone": "phone", "contact_email": "email"}
    _integrity_fields = {1: (
        "name", "uscc", "is_sponsor", "is_cro", "is_smo", "country_id", "address", "contact_name", "contact_phone",
        "contact_email", "active")}

    name = fields.Char("Organization Name", required=True, index="trigram", tracking=True)
    pinyin = fields.Char("Pinyin Initials", compute="_compute_pinyin", store=True, index="trigram")
    uscc = fields.Char("Unified Social Credit Code", index="btree_not_null", tracking=True)
    is_sponsor = fields.Boolean("Sponsor")
    is_cro = fields.Boolean("CRO")
    is_smo = fields.Boolean("SMO")
    is_data_manager = fields.Boolean("Data Management")
    is_other = fields.Boolean("Other Service")
    roles = fields.Char(compute="_compute_roles")
    country_id = fields.Many2one(
        "res.country", index=True, default=lambda self: self.env["ir.model.data"]._xmlid_to_res_id("base.cn"))
    address = fields.Char("Registered Address")
    website = fields.Char()
    contact_name = EncryptedChar("Contact", blind="casefold")
    contact_phone = EncryptedChar(blind="digits")
    contact_email = EncryptedChar("Contact E-mail", blind="casefold")
    note = fields.Text()
    active = fields.Boolean(default=True)

    _uscc_unique = models.Constraint("unique (uscc)", "This unified social credit code is already registered.")

    @api.depends("name")
    def _compute_pinyin(self):
        for organization in self:
            organization.pinyin = pinyin.initials(organization.name or "")

    @api.depends(*ROLES)
    @api.depends_context("lang")
    def _compute_roles(self):
        labels = {name: field["string"] for name, field in self.fields_get(ROLES, ["string"]).items()}
        for organization in self:
            organization.roles = "、".join(labels[role] for role in ROLES if organization[role])

    @api.constrains("uscc")
    def _check_uscc(self):
        for organization in self.filtered("uscc"):
            validators.constrain(organization, "uscc", validators.uscc)

    @api.constrains("contact_phone", "contact_email")
    def _check_contact(self):
        organizations = self.sudo()  # whoever may write a value may not be allowed to read it back
        validators.constrain(organizations, "contact_phone", validators.phone)
        validators.constrain(organizations, "contact_email", validators.email)

    @api.constrains(*ROLES)
    def _check_role(self):
        for organization in self:
            if not any(organization[role] for role in ROLES):
                raise ValidationError(self.env._(
                    "%(name)s: choose at least one role (sponsor, CRO, SMO …).", name=organization.name))
