from odoo import api, fields, models

from odoo.addons.ctsp_base.tools import screen

from .filing_remark import SECTIONS

SHOWN_SECTIONS = [section for section, _label in SECTIONS if section != "other"]


class Filing(models.Model):
    """What the forms of a filing show beside its content: remarks on each page, ways to what belongs to it."""

    _inherit = "ctsp.filing"

    remark_header = fields.Text("Remarks on the Institution", compute="_compute_remarks")
    remark_site_ids = fields.Text("Remarks on Sites", compute="_compute_remarks")
    remark_licence_ids = fields.Text("Remarks on Licences", compute="_compute_remarks")
    remark_person_ids = fields.Text("Remarks on People", compute="_compute_remarks")
    remark_specialty_ids = fields.Text("Remarks on Specialties", compute="_compute_remarks")
    remark_committee_ids = fields.Text("Remarks on Ethics Committees", compute="_compute_remarks")
    remark_attachment_ids = fields.Text("Remarks on Attachments", compute="_compute_remarks")
    has_remarks = fields.Boolean(compute="_compute_remarks")
    deadline_count = fields.Integer("Number of Deadlines", compute="_compute_deadline_count")

    @api.depends("remark_ids.text", "remark_ids.subject", "remark_ids.section", "remark_ids.resolved")
    def _compute_remarks(self):
        """Open remarks the reader may see, page by page."""
        for filing in self:
            remarks = filing.remark_ids.filtered(lambda remark: not remark.resolved)
            filing.has_remarks = bool(filing.remark_ids)
            for section in SHOWN_SECTIONS:
                mine = remarks.filtered(lambda remark, s=section: remark.section == s)
                filing[f"remark_{section}"] = "\n".join(
                    f"• {remark.subject}：{remark.text}" if remark.subject else f"• {remark.text}" for remark in mine)

    def _compute_deadline_count(self):
        counts = screen.counted(self, "ctsp.deadline", "filing_id")
        for filing in self:
            filing.deadline_count = counts.get(filing._origin, 0)

    def action_open_institution(self):
        """Open the registered institution, with the reader's own rights."""
        self.ensure_one()
        self.institution_id.check_access("read")
        return {
            "type": "ir.actions.act_window", "res_model": "ctsp.institution", "res_id": self.institution_id.id,
            "views": [(False, "form")], "name": self.institution_id.display_name,
        }

    def action_open_deadlines(self):
        """Open the deadlines this filing started, with the reader's own rights."""
        self.ensure_one()
        return screen.opened(self, "ctsp_filing.ctsp_deadline_action", [("filing_id", "=", self.id)])
