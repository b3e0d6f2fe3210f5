from odoo import api, fields, models


class Inspection(models.Model):
    """The inspection as one readable page: what the form shows below its head."""

    _inherit = "ctsp.inspection"

    @api.model
    def detail_open(self, inspection_id):
        """Return what :meth:`record_open` returns, with findings, papers and the time line. Public API."""
        inspection = self._record_browse(inspection_id)
        return {
            **self.record_open(inspection_id), "findings": inspection._detail_findings(),
            "documents": inspection._detail_documents(), "timeline": inspection._detail_timeline(),
            "team": inspection._detail_team(),
        }

    def _detail_team(self):
        roles, declarations = (
            dict(self.env["ctsp.inspection.member"]._fields[name]._description_selection(self.env))
            for name in ("role", "declaration"))
        return [{
            "id": row.id, "name": row.inspector_id.name, "role": roles[row.role], "is_leader": row.role == "leader",
            "declaration": row.declaration, "declaration_label": declarations[row.declaration],
        } for row in self.member_ids]

    def _detail_findings(self):
        """Return the findings by line, with how far their rectification is."""
        states = dict(self.env["ctsp.finding"]._fields["state"]._description_selection(self.env))
        items = dict(self.env["ctsp.rectification"]._fields["state"]._description_selection(self.env))
        return [{
            "id": finding.id, "line": finding.line_id.id, "objection": finding.objection or "", "state": finding.state,
            "state_label": states.get(finding.state, ""),
            "rectification": [{
                "state": items.get(item.state, ""), "due": fields.Date.to_string(item.date_due) or "",
                "cause": item.cause or "", "correction": item.correction or "", "prevention": item.prevention or "",
                "answered": bool(item.answered_at), "files": len(item.file_ids),
            } for item in finding.rectification_ids],
        } for finding in self.finding_ids]

    def _detail_documents(self):
        documents = self.env["ctsp.document"]
        if not documents.has_access("read"):
            return []
        states = dict(documents._fields["state"]._description_selection(self.env))
        rows = documents.search([("res_model", "=", self._name), ("res_id", "=", self.id)], order="id")
        return [{
            "id": row.id, "name": row.name, "number": row.number or "", "state": row.state,
            "state_label": states.get(row.state, "")} for row in rows]

    def _detail_timeline(self):
        """Return the steps of the inspection, the latest first."""
        labels = {step.code: self._label(step) for step in self._workflow.transitions}
        return [{
            "id": row.id, "date": fields.Datetime.to_string(row.date), "who": row.actor,
            "step": labels.get(row.transition) or self._state_label(row.to_state), "reason": row.reason or "",
        } for row in self.transition_log_ids.sorted("id", reverse=True)]
