from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.ctsp_base.tools import pinyin, validators
from odoo.addons.ctsp_crypto.fields import EncryptedChar


class EthicsCommittee(models.Model):
    """An ethics committee of an institution with its term, charter and members."""

    _name = "ctsp.ethics.committee"
    _description = "Ethics Committee"
    _inherit = [
        "mail.thread", "ctsp.tag.mixin", "ctsp.personal.mixin", "ctsp.export.mixin", "ctsp.import.mixin",
        "ctsp.integrity.mixin", "ctsp.outbox.mixin", "ctsp.owned.mixin", "ctsp.versioned.mixin",
        "ctsp.encrypted.mixin", "ctsp.expiry.mixin",
    ]
    _order = "institution_id, name, id"
    _studio_extensible = True
    _rec_names_search = ["name", "pinyin"]
    _owner_path = "institution_id.partner_id"
    _expiry_date = "term_to"
    _expiry_parameter = "ethics.term_warning_days"
    _import_keys = (("institution_id", "name"),)
    _integrity_fields = {1: ("institution_id", "name", "address", "term_from", "term_to")}
    _personal_fields = {"contact_phone": "phone"}
    _version_children = ("member_ids",)
    _version_skip = ("institution_id", "note")
    _version_kept = True
    _desk_hidden = ("note", "tag_ids")

    institution_id = fields.Many2one("ctsp.institution", required=True, index=True, ondelete="restrict", tracking=True)
    district_id = fields.Many2one(related="institution_id.district_id", store=True, index=True)
    name = fields.Char("Committee Name", required=True, index="trigram", tracking=True)
    pinyin = fields.Char("Pinyin Initials", compute="_compute_pinyin", store=True, index="trigram")
    filing_no = fields.Char("Ethics Filing No.", help="Number in the national registration system of medical research.")
    address = fields.Char("Committee Address")
    term_from = fields.Date(tracking=True)
    term_to = fields.Date(index=True, tracking=True)
    charter_version = fields.Char()
    charter_date = fields.Date()
    sop_version = fields.Char("SOP Version")
    sop_date = fields.Date("SOP Date")
    contact_name = fields.Char()
    contact_phone = EncryptedChar(blind="digits")
    member_ids = fields.One2many("ctsp.ethics.member", "committee_id", "Members")
    chair_id = fields.Many2one("ctsp.ethics.member", compute="_compute_officers")
    vice_names = fields.Char("Vice Chairs", compute="_compute_officers")
    secretary_names = fields.Char("Secretaries", compute="_compute_officers")
    expiry_state = fields.Selection(string="Term")
    note = fields.Text()
    active = fields.Boolean(default=True)

    @api.depends("name")
    def _compute_pinyin(self):
        for committee in self:
            committee.pinyin = pinyin.initials(committee.name or "")

    @api.depends("member_ids.role", "member_ids.name")
    def _compute_officers(self):
        for committee in self:
            members = committee.member_ids
            committee.chair_id = members.filtered(lambda member: member.role == "chair")[:1]
            committee.vice_names = "、".join(members.filtered(lambda m: m.role == "vice").mapped("name"))
            committee.secretary_names = "、".join(members.filtered(lambda m: m.role == "secretary").mapped("name"))

    @api.model
    def _selection_expiry_state(self):
        return list({
            "valid": self.env._("In Term"),
            "expiring": self.env._("Term Ending Soon"),
            "expired": self.env._("Term Over"),
            "open": self.env._("No Term Given"),
        }.items())

    @api.constrains("contact_phone")
    def _check_contact_phone(self):
        # whoever may write a value may not be allowed to read it back
        validators.constrain(self.sudo(), "contact_phone", validators.phone)

    @api.constrains("term_from", "term_to")
    def _check_term(self):
        for committee in self:
            if committee.term_from and committee.term_to and committee.term_from > committee.term_to:
                raise ValidationError(self.env._(
                    "Ethics committee “%(name)s”: the term ends before it begins.", name=committee.name))
