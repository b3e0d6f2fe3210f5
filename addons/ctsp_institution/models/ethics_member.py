from odoo import api, fields, models
from odoo.exceptions import ValidationError


class EthicsMember(models.Model):
    """A member of an ethics committee: a person of the registry, or a name where the member is from outside."""

    _name = "ctsp.ethics.member"
    _description = "Ethics Committee Member"
    _inherit = ["ctsp.versioned.mixin", "ctsp.owned.mixin", "ctsp.import.mixin"]
    _order = "committee_id, sequence, id"
    _import_part_of = "ctsp.ethics.committee"
    _import_keys = (("committee_id", "name"),)
    _import_fields = (
        "committee_id", "name", "person_id", "gender", "role", "background_id", "is_external", "employer", "gcp_date",
        "sequence")
    _import_scopes = {
        "committee_id": ("institution_id",),
        "person_id": {"institution_id": "committee_id.institution_id"}}
    _import_headers = {
        "committee_id": ("伦理委员会名称",), "name": ("姓名", "委员姓名"), "person_id": ("本机构人员",),
        "background_id": ("背景", "专业背景"), "is_external": ("是否外单位", "外单位"),
        "employer": ("单位", "所在单位"),
    }
    _owner_path = "committee_id.institution_id.partner_id"
    _version_path = "committee_id.institution_id"
    _version_skip = ("committee_id",)
    _integrity_fields = {1: (
        "committee_id", "person_id", "name", "gender", "role", "background_id", "is_external", "employer", "gcp_date",
        "active")}

    committee_id = fields.Many2one("ctsp.ethics.committee", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    person_id = fields.Many2one("ctsp.person", index=True, ondelete="restrict")
    name = fields.Char(
        "Member", compute="_compute_from_person", store=True, readonly=False, required=True, precompute=True)
    gender = fields.Selection(
        [("male", "Male"), ("female", "Female")],
        compute="_compute_from_person", store=True, readonly=False, precompute=True)
    role = fields.Selection(
        [("chair", "Chair"), ("vice", "Vice Chair"), ("member", "Ordinary Member"), ("secretary", "Secretary")],
        required=True, default="member", string="Role in the Committee")
    background_id = fields.Many2one(
        "ctsp.dictionary.item", domain="[('dictionary_code', '=', 'member_background')]",
        help="Medical, non-medical or legal.")
    is_external = fields.Boolean("External", help="Does not belong to the institution.")
    employer = fields.Char()
    gcp_date = fields.Date(
        "GCP Training Date", compute="_compute_gcp_date", store=True, readonly=False, precompute=True)
    active = fields.Boolean(default=True)

    @api.depends("person_id")
    def _compute_from_person(self):
        for member in self:
            member.name = member.person_id.name or member.name
            member.gender = member.person_id.gender or member.gender

    @api.depends("person_id.gcp_date")
    def _compute_gcp_date(self):
        for member in self:
            member.gcp_date = member.person_id.gcp_date or member.gcp_date

    @api.constrains("committee_id", "role", "active")
    def _check_one_chair(self):
        for committee in self.committee_id:
            if len(committee.member_ids.filtered(lambda member: member.role == "chair")) > 1:
                raise ValidationError(self.env._(
                    "Ethics committee “%(name)s”: there can be only one chair.", name=committee.name))

    @api.constrains("committee_id", "person_id")
    def _check_person(self):
        for member in self.filtered("person_id"):
            twins = member.committee_id.member_ids.filtered(lambda m, p=member.person_id: m.person_id == p)
            if len(twins) > 1:
                raise ValidationError(self.env._(
                    "%(person)s is listed twice in ethics committee “%(name)s”.",
                    person=member.name, name=member.committee_id.name))
