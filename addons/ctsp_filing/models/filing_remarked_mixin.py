from odoo import api, fields, models

from .filing_remark import SECTIONS


class FilingRemarkedMixin(models.AbstractModel):
    """A row of a filing that an officer remarks on, and that shows what is to be mended in it."""

    _name = "ctsp.filing.remarked.mixin"
    _description = "Row to Remark On"

    remark_text = fields.Text("To Be Mended", compute="_compute_remark_text")

    @api.depends(
        "filing_id.remark_ids.text", "filing_id.remark_ids.row_id", "filing_id.remark_ids.resolved",
        "filing_id.remark_ids.published")
    @api.depends_context("uid")
    def _compute_remark_text(self):
        """Open remarks the reader may see: searched for, since a cached list is the same for everybody."""
        remarks = self.env["ctsp.filing.remark"].search([
            ("filing_id", "in", self.filing_id.ids), ("row_model", "=", self._name), ("resolved", "=", False)])
        for row in self:
            mine = remarks.filtered(lambda remark, row=row: remark.row_id == row._origin.id)
            row.remark_text = "\n".join(mine.mapped("text"))

    def action_remark(self):
        """Ask the officer what is to be mended in this row (button)."""
        self.ensure_one()
        remarks = self.env["ctsp.filing.remark"]
        remarks.check_access("create")
        return {
            "type": "ir.actions.act_window", "name": self.env._("Remark on %s", self.display_name),
            "res_model": remarks._name, "view_mode": "form", "views": [(False, "form")], "target": "new",
            "context": {
                "default_filing_id": self.filing_id.id, "default_section": self._remark_section(),
                "default_row_model": self._name, "default_row_id": self.id, "default_subject": self.display_name,
            },
        }

    def _remark_section(self):
        """Return the page of the filing on which this row, or the one above it, stands."""
        part = self
        while part._desk_parent != "filing_id":
            part = part[part._desk_parent]
        fields_of_filing = self.env["ctsp.filing"]._fields
        return next(
            section for section, _label in SECTIONS
            if section in fields_of_filing and fields_of_filing[section].comodel_name == part._name)
