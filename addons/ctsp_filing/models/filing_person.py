from odoo import api, fields, models
from odoo.fields import Command

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_crypto.fields import EncryptedChar, EncryptedDate, EncryptedJson

GCP_FIELDS = {
    "gcp_certificate_no": "certificate_no", "gcp_issuer": "issuer", "gcp_date": "date", "gcp_valid_to": "valid_to"}
"""field of the proposal → field of the latest ctsp.person.gcp row"""


class FilingPerson(models.Model):
    """A person as a filing proposes it: master data, posts, latest GCP certificate, trials taken part in.

    The name of an investigator is published and not masked; identity number, birth, telephone and e-mail are personal.
    """

    _name = "ctsp.filing.person"
    _description = "Proposed Person"
    _inherit = ["ctsp.filing.line.mixin", "ctsp.personal.mixin", "ctsp.filing.file.mixin", "ctsp.encrypted.mixin"]
    _personal_fields = {"id_number": "id_number", "birth_date": "date", "mobile": "phone", "email": "email"}
    _proposal_personal = tuple(_personal_fields)
    _proposal_fields = (
        "name", "gender", "birth_date", "id_number", "mobile", "email", "title_id", "education", "department",
        "discipline_id", "qualification_no", "practice_no")
    _proposal_files = {"gcp_file": "gcp_filename"}
    _desk_fields = (
        "sequence", "removal", "post_item_ids", "experience_ids", "gcp_file", "gcp_filename",
        *GCP_FIELDS, *_proposal_fields)
    _integrity_fields = {1: (
        "filing_id", "name", "gender", "birth_date", "id_number", "mobile", "email", "title_id", "education",
        "department", "discipline_id", "qualification_no", "practice_no", "post_item_ids", "gcp_certificate_no",
        "gcp_issuer", "gcp_date", "gcp_valid_to", "gcp_filename")}

    base_values = EncryptedJson(readonly=True, copy=False)  # digests of personal values among them
    target_id = fields.Many2one(
        "ctsp.person", "Registered Person", readonly=True, index="btree_not_null", ondelete="set null")
    name = fields.Char("Full Name", required=True)
    gender = fields.Selection([("male", "Male"), ("female", "Female")])
    birth_date = EncryptedDate(blind="exact")
    id_number = EncryptedChar("Identity No.", blind="code")
    mobile = EncryptedChar("Mobile Phone", blind="digits")
    email = EncryptedChar("E-mail", blind="casefold")
    title_id = fields.Many2one(
        "ctsp.dictionary.item", "Professional Title", domain="[('dictionary_code', '=', 'professional_title')]")
    education = fields.Selection([
        ("doctor", "Doctoral Degree"), ("master", "Master's Degree"), ("bachelor", "Bachelor's Degree"),
        ("college", "Junior College"), ("other", "Other Education")])
    department = fields.Char()
    discipline_id = fields.Many2one("ctsp.discipline")
    qualification_no = fields.Char("Physician Qualification No.")
    practice_no = fields.Char("Physician Practice No.")
    post_item_ids = fields.Many2many(
        "ctsp.dictionary.item", "ctsp_filing_person_post_rel", "person_id", "item_id", "Posts",
        domain="[('dictionary_code', '=', 'post')]")
    gcp_certificate_no = fields.Char("GCP Certificate No.")
    gcp_issuer = fields.Char("GCP Issued By")
    gcp_date = fields.Date("GCP Training Date")
    gcp_valid_to = fields.Date("GCP Valid To")
    gcp_file = fields.Binary("GCP Certificate", attachment=True)
    gcp_filename = fields.Char("GCP File Name")
    experience_ids = fields.One2many("ctsp.filing.experience", "person_line_id", "Trial Experience")
    proven_count = fields.Integer("Proven Trials", compute="_compute_proven_count")
    specialty_line_ids = fields.One2many("ctsp.filing.specialty", "pi_line_id", "Specialties Led")

    @api.depends("experience_ids.is_proven", "experience_ids.removal")
    def _compute_proven_count(self):
        for person in self:
            person.proven_count = person._proven_trials()

    def _proposal_names(self):
        return [*self._plain_names(), *GCP_FIELDS, "post_item_ids"]

    def _latest_gcp(self, person):
        return person.gcp_ids.sorted(lambda row: (row.date, row.id), reverse=True)[:1]

    def _registry_values(self):
        """Posts held today and the latest certificate are compared as if they were fields of the person."""
        person = self.target_id
        values = {name: self._canonical(person, name) for name in self._plain_names()}
        latest = self._latest_gcp(person)
        values |= {name: self._canonical(latest, other) for name, other in GCP_FIELDS.items()}
        values["post_item_ids"] = sorted(person.post_ids.filtered("is_current").post_id.ids)
        return values

    def _prefill_from(self, target):
        latest = self._latest_gcp(target)
        return {
            **{name: self._copy_value(target, name) for name in self._plain_names()},
            **{name: latest[other] for name, other in GCP_FIELDS.items()},
            "post_item_ids": [Command.set(target.post_ids.filtered("is_current").post_id.ids)],
            "target_id": target.id,
        }

    def _registry_vals(self):
        """Posts begin and end on the day of the decision; a new certificate is added, never replaces an old one."""
        changed = set(self._changed_names())
        plain = set(self._plain_names())
        vals = {name: self._copy_value(self, name) for name in changed & plain}
        if "post_item_ids" in changed:
            vals["post_ids"] = self._post_commands()
        if self.gcp_certificate_no and changed & {*GCP_FIELDS, "gcp_file"}:
            vals["gcp_ids"] = self._gcp_commands()
        return vals

    def _post_commands(self):
        today = clock.today()
        current = self.target_id.post_ids.filtered("is_current")
        ended = current.filtered(lambda post: post.post_id not in self.post_item_ids)
        begun = self.post_item_ids - current.post_id
        return [
            *self._ending_commands(ended),
            *(Command.create({"post_id": item.id, "date_from": today}) for item in begun),
        ]

    @staticmethod
    def _ending_commands(posts):
        """Return what ends ``posts`` yesterday; one that began today was never held."""
        yesterday = fields.Date.subtract(clock.today(), days=1)
        return [
            Command.delete(post.id) if post.date_from and post.date_from > yesterday
            else Command.update(post.id, {"date_to": yesterday}) for post in posts]

    def _gcp_commands(self):
        vals = {other: self[name] for name, other in GCP_FIELDS.items() if self[name] or name == "gcp_valid_to"}
        if self.with_context(bin_size=True).gcp_file:
            vals.update(file=self.gcp_file, filename=self.gcp_filename)
        same = self.target_id.gcp_ids.filtered(lambda row: row.certificate_no == self.gcp_certificate_no)[:1]
        return [Command.update(same.id, vals) if same else Command.create(vals)]

    def _apply_remove(self):
        """A person who leaves is archived and holds no post any more."""
        self.target_id.post_ids = self._ending_commands(self.target_id.post_ids.filtered("is_current"))
        return super()._apply_remove()

    def _sub_rows(self):
        return self.experience_ids

    def _proven_trials(self):
        """Return the number of trials with proof: proven in the registry, or proof handed in with this filing."""
        self.ensure_one()
        return len(self.experience_ids.filtered(lambda row: row.is_proven and not row.removal))
