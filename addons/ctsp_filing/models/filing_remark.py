from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ctsp_base.tools.defaults import without_defaults

SECTIONS = [
    ("header", "Institution Details"), ("site_ids", "Sites"), ("licence_ids", "Licences"), ("person_ids", "People"),
    ("specialty_ids", "Specialties"), ("committee_ids", "Ethics Committees"), ("attachment_ids", "Attachments"),
    ("other", "Other")]
ASKED = {"filing_id", "section", "row_model", "row_id", "subject", "text"}
"""what an officer writes; the rest follows from the steps"""


class FilingRemark(models.Model):
    """What an officer wants mended, tied to a page, a row or a field of a filing.

    The institution sees a remark once the filing is returned (``published``), answers it, and the officer marks it as
    settled. Published remarks are evidence: their text cannot be changed any more.
    """

    _name = "ctsp.filing.remark"
    _description = "Remark on a Filing"
    _inherit = ["ctsp.owned.mixin"]
    _order = "section, id"
    _rec_name = "text"
    _desk_parent = "filing_id"
    _desk_fields = ("answer",)
    _integrity_fields = {1: (
        "filing_id", "section", "row_model", "row_id", "subject", "text", "answer", "resolved", "published")}

    filing_id = fields.Many2one("ctsp.filing", required=True, index=True, ondelete="cascade")
    filing_state = fields.Selection(related="filing_id.state", string="State of the Filing")
    section = fields.Selection(SECTIONS, string="Page", required=True, default="other")
    row_model = fields.Char(readonly=True)
    row_id = fields.Many2oneReference(model_field="row_model", readonly=True)
    subject = fields.Char("Concerns", help="Row or field, in words.")
    text = fields.Text("What to Mend", required=True)
    answer = fields.Text("Answer of the Institution")
    resolved = fields.Boolean("Settled")
    published = fields.Boolean("Sent", readonly=True, index=True)

    @api.model_create_multi
    def create(self, vals_list):
        remarks = super(FilingRemark, without_defaults(self, ASKED)).create([
            {name: value for name, value in vals.items() if name != "published"} for vals in vals_list])
        remarks._check_row()
        for filing in remarks.filing_id:
            if filing.state != "in_review" and not self.env.su:
                raise UserError(self.env._("Remarks are made while a filing is in review."))
        return remarks

    def write(self, vals):
        if not self.env.su and {"text", "subject", "section", "row_model", "row_id", "published"} & vals.keys() and any(
                remark.published for remark in self):
            raise UserError(self.env._("A remark that was sent to the institution cannot be changed; make a new one."))
        result = super().write(vals)
        if {"row_model", "row_id"} & vals.keys():
            self._check_row()
        return result

    def _check_row(self):
        """A remark points at a row of its own filing, and at a model that has such rows."""
        for remark in self.filtered("row_model"):
            rows = self.env.get(remark.row_model)
            if "remark_text" not in getattr(rows, "_fields", ()):
                raise UserError(self.env._("A remark points at a row of the filing."))
            # superuser: whoever remarks reads the filing; the row may be hidden only because it is another's
            if rows.sudo().browse(remark.row_id).exists().filing_id != remark.filing_id:
                self.env["ctsp.filing"]._raise_foreign_row(remark.subject or remark.text)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unsent(self):
        if any(remark.published for remark in self):
            raise UserError(self.env._("A remark that was sent to the institution cannot be deleted."))
