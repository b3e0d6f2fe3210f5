from odoo import api, fields, models

from odoo.addons.ctsp_base.tools import validators


class FilingExperience(models.Model):
    """A trial a proposed person took part in, with its proof (批件, 授权分工表, 培训记录, 小结 …).

    Counts towards the rule that a principal investigator has taken part in at least three drug trials
    (药物临床试验机构管理规定, 2019年第101号) only with a kind of proof and, for a new row, the file.
    """

    _name = "ctsp.filing.experience"
    _description = "Proposed Trial Experience"
    _inherit = ["ctsp.filing.line.mixin", "ctsp.filing.file.mixin"]
    _rec_name = "trial_name"
    _proposal_fields = ("trial_name", "ctr_no", "role", "date_from", "date_to", "proof_kind_ids")
    _proposal_files = {"file": "filename"}
    _desk_fields = ("sequence", "removal", "file", "filename", *_proposal_fields)
    _desk_parent = "person_line_id"
    _integrity_fields = {1: (
        "person_line_id", "trial_name", "ctr_no", "role", "date_from", "date_to", "proof_kind_ids", "filename")}

    person_line_id = fields.Many2one(
        "ctsp.filing.person", "Person", required=True, index=True, ondelete="cascade")
    filing_id = fields.Many2one(
        related="person_line_id.filing_id", store=True, precompute=True, required=True, readonly=True)
    target_id = fields.Many2one(
        "ctsp.person.experience", "Registered Experience", readonly=True, index="btree_not_null", ondelete="set null")
    trial_name = fields.Char("Trial", required=True)
    ctr_no = fields.Char("Registration No. (CTR)")
    role = fields.Selection([
        ("pi", "Principal Investigator"), ("sub_i", "Sub-investigator"), ("other", "Other Role")],
        required=True, default="sub_i", string="Role in the Trial")
    date_from = fields.Date("From")
    date_to = fields.Date("Until")
    proof_kind_ids = fields.Many2many(
        "ctsp.dictionary.item", "ctsp_filing_experience_proof_rel", "experience_id", "item_id", "Proofs",
        domain="[('dictionary_code', '=', 'trial_proof')]")
    file = fields.Binary("Proof File", attachment=True)
    filename = fields.Char("Proof File Name")
    is_proven = fields.Boolean("Proven", compute="_compute_is_proven", store=True)

    @api.depends("proof_kind_ids", "file", "target_id.is_proven")
    def _compute_is_proven(self):
        for row in self:
            # the size is enough, but a row that is not saved yet has its file in the form's context only
            file = row.with_context(bin_size=True).file if row.id else row.file
            row.is_proven = bool(row.proof_kind_ids and (file or row.target_id.is_proven))

    @api.constrains("ctr_no")
    def _check_ctr_no(self):
        for row in self.filtered("ctr_no"):
            validators.constrain(row, "ctr_no", validators.ctr_no)

    def _apply_parent(self):
        return {"person_id": self.person_line_id.target_id.id}

    def _apply_remove(self):
        """Experience has no archive: the version before keeps it."""
        self.target_id.unlink()
