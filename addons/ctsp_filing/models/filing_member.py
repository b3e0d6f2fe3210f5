from odoo import api, fields, models


class FilingMember(models.Model):
    """A member of a proposed ethics committee: a person of the filing, or a name where the member is from outside."""

    _name = "ctsp.filing.member"
    _description = "Proposed Committee Member"
    _inherit = ["ctsp.filing.line.mixin"]
    _proposal_fields = ("name", "gender", "role", "background_id", "is_external", "employer", "gcp_date")
    _proposal_links = {"person_line_id": "person_id"}
    _desk_fields = ("sequence", "removal", "person_line_id", *_proposal_fields)
    _desk_parent = "committee_line_id"
    _integrity_fields = {1: (
        "committee_line_id", "person_line_id", "name", "gender", "role", "background_id", "is_external", "employer",
        "gcp_date")}

    committee_line_id = fields.Many2one(
        "ctsp.filing.committee", "Ethics Committee", required=True, index=True, ondelete="cascade")
    filing_id = fields.Many2one(
        related="committee_line_id.filing_id", store=True, precompute=True, required=True, readonly=True)
    target_id = fields.Many2one(
        "ctsp.ethics.member", "Registered Member", readonly=True, index="btree_not_null", ondelete="set null")
    person_line_id = fields.Many2one(
        "ctsp.filing.person", "Person", index="btree_not_null", ondelete="set null",
        domain="[('filing_id', '=', filing_id)]")
    name = fields.Char(
        "Full Name", compute="_compute_from_person", store=True, readonly=False, required=True, precompute=True)
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
    gcp_date = fields.Date("GCP Training Date")

    @api.depends("person_line_id")
    def _compute_from_person(self):
        for member in self:
            member.name = member.person_line_id.name or member.name
            member.gender = member.person_line_id.gender or member.gender

    @api.constrains("filing_id", "person_line_id")
    def _check_same_filing(self):
        """The person is a row of the same filing, whatever a client sends."""
        for member in self.sudo():  # another filing's rows may be hidden from the writer
            if member.person_line_id.filing_id - member.filing_id:
                self.env["ctsp.filing"]._raise_foreign_row(member.name)

    def _apply_rows(self):
        """Members who leave go first, and the chair is taken away before it is given to another one."""
        return super(FilingMember, self.sorted(lambda row: (not row.removal, row.role == "chair")))._apply_rows()

    def _apply_parent(self):
        return {"committee_id": self.committee_line_id.target_id.id}
