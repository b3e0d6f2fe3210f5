import base64

from odoo import models

from ..tools import words

TOLD = ("approved", "rectification", "closed")


class InspectionResult(models.AbstractModel):
    """The result of an inspection (inspection.result): when it is approved, and again when its report is final."""

    _name = "ctsp.connector.admin.inspection.result"
    _inherit = "ctsp.exchange.handler"
    _description = "Inspection System: Results"

    def _payloads(self, records, event, facts):
        for inspection in self._inspections(records):
            yield words.result_message(inspection, self._report(inspection))

    def _inspections(self, records):
        """Return the approved inspections; of papers, those whose report they are."""
        if records._name == "ctsp.document":
            reports = records.filtered(
                lambda paper: paper.res_model == "ctsp.inspection" and paper.code == "inspection_report")
            records = self.env["ctsp.inspection"].browse(reports.mapped("res_id")).filtered(
                lambda inspection: inspection.state in TOLD)
        return records

    def _report(self, inspection):
        """Return the final report as ``{name, sm3, base64}``, None while there is none."""
        paper = self.env["ctsp.document"].sudo().search([  # sudo: whoever approves
            ("res_model", "=", inspection._name), ("res_id", "=", inspection.id), ("code", "=", "inspection_report"),
            ("state", "=", "final")], order="id desc", limit=1)
        content = paper.with_context(bin_size=False).data
        if not content:
            return None
        return {"name": paper.file_name, "sm3": paper.digest, "base64": base64.b64encode(
            base64.b64decode(content)).decode()}
