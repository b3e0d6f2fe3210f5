from odoo import api, fields, models

from odoo.addons.ctsp_crypto.fields import EncryptedChar, EncryptedJson


class FilingCommittee(models.Model):
    """An ethics committee as a filing proposes it."""

    _name = "ctsp.filing.committee"
    _description = "Proposed Ethics Committee"
    _inherit = ["ctsp.filing.line.mixin", "ctsp.personal.mixin", "ctsp.encrypted.mixin"]
    _personal_fields = {"contact_phone": "phone"}
    _proposal_personal = tuple(_personal_fields)
    _proposal_fields = (
        "name", "filing_no", "address", "term_from", "term_to", "charter_version", "charter_date", "sop_version",
        "sop_date", "contact_name", "contact_phone")
    _desk_fields = ("sequence", "removal", "member_ids", *_proposal_fields)
    _integrity_fields = {1: (
        "filing_id", "name", "filing_no", "address", "term_from", "term_to", "charter_version", "charter_date",
        "sop_version", "sop_date", "contact_name", "contact_phone")}

    base_values = EncryptedJson(readonly=True, copy=False)  # the digest of a telephone number among them
    target_id = fields.Many2one(
        "ctsp.ethics.committee", "Registered Committee", readonly=True, index="btree_not_null", ondelete="set null")
    name = fields.Char("Ethics Committee", required=True)
    filing_no = fields.Char("Ethics Filing No.", help="Number in the national registration system of medical research.")
    address = fields.Char("Committee Address")
    term_from = fields.Date()
    term_to = fields.Date()
    charter_version = fields.Char()
    charter_date = fields.Date()
    sop_version = fields.Char("SOP Version")
    sop_date = fields.Date("SOP Date")
    contact_name = fields.Char()
    contact_phone = EncryptedChar(blind="digits")
    member_ids = fields.One2many("ctsp.filing.member", "committee_line_id", "Members")
    member_count = fields.Integer("Number of Members", compute="_compute_member_count")

    @api.depends("member_ids.removal")
    def _compute_member_count(self):
        for committee in self:
            committee.member_count = len(committee.member_ids.filtered(lambda member: not member.removal))

    def _sub_rows(self):
        return self.member_ids
