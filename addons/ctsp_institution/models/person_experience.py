from odoo import api, fields, models

from odoo.addons.ctsp_base.tools import validators


class PersonExperience(models.Model):
    """A drug trial a person took part in, with the proof handed in for it.

    Only a proven row counts towards the rule that a principal investigator has taken part in at least three drug
    trials (药物临床试验机构管理规定, 2019年第101号).
    """

    _name = "ctsp.person.experience"
    _description = "Trial Experience"
    _inherit = ["ctsp.copy.mixin", "ctsp.owned.mixin", "ctsp.import.mixin"]
    _order = "date_from desc, id desc"
    _rec_name = "trial_name"
    _owner_path = "person_id.institution_id.partner_id"
    _import_part_of = "ctsp.person"
    _import_keys = (("person_id", "ctr_no"), ("person_id", "trial_name"))
    _import_fields = ("person_id", "trial_name", "ctr_no", "role", "date_from", "date_to", "proof_kind_ids")
    _import_scopes = {"person_id": ("institution_id",)}
    _import_headers = {
        "trial_name": ("试验名称", "项目名称", "试验题目"), "role": ("承担角色", "担任角色"),
        "proof_kind_ids": ("证明", "证明文件"),
    }
    _version_path = "person_id.institution_id"
    _version_skip = ("person_id",)
    _integrity_fields = {1: ("person_id", "trial_name", "ctr_no", "role", "date_from", "date_to", "proof_kind_ids")}

    person_id = fields.Many2one("ctsp.person", required=True, index=True, ondelete="cascade")
    trial_name = fields.Char("Trial", required=True)
    ctr_no = fields.Char("Registration No. (CTR)")
    role = fields.Selection([
        ("pi", "Principal Investigator"), ("sub_i", "Sub-investigator"), ("other", "Other Role")],
        required=True, default="sub_i", string="Role in the Trial")
    date_from = fields.Date("From")
    date_to = fields.Date("Until")
    proof_kind_ids = fields.Many2many(
        "ctsp.dictionary.item", "ctsp_person_experience_proof_rel", "experience_id", "item_id", "Proofs",
        domain="[('dictionary_code', '=', 'trial_proof')]",
        help="Kinds of proof handed in: approval, delegation log, training record, summary …")
    is_proven = fields.Boolean("Proven", compute="_compute_is_proven", store=True)

    @api.depends("proof_kind_ids")
    def _compute_is_proven(self):
        for row in self:
            row.is_proven = bool(row.proof_kind_ids)

    @api.constrains("ctr_no")
    def _check_ctr_no(self):
        for row in self.filtered("ctr_no"):
            validators.constrain(row, "ctr_no", validators.trial_no)
