from odoo import api, models


class AuditPort(models.AbstractModel):
    """What is logged about data sets, and every call of the open interfaces: by which key, of whom, how answered."""

    _inherit = "ctsp.audit.port"

    @api.model
    def _event_labels(self):
        return super()._event_labels() | {
            "dataset.apply": self.env._("Submission applied again"),
            "dataset.check": self.env._("File checked on the desk"),
            "dataset.send": self.env._("File reported on the desk"),
            "dataset.try": self.env._("Interface tried with a test key")}

    @api.model
    def _detail_labels(self):
        return super()._detail_labels() | {
            "status": self.env._("HTTP Status"), "submitter": self.env._("Submitter")}

    @api.model
    def _log_open_call(self, call, asked, status, body):
        """Append the row of a signed call: the key stands where a person's name stands elsewhere."""
        submission = call.submission and call.submission.exists()
        row = self._row("call", submission or call.dataset, {
            "method": asked.method, "target": asked.path[:200], "status": status,
            "submitter": call.credential.partner_id.commercial_partner_id.display_name}, success=body["code"] == 0)
        self._write_row(self.env.cr, row | {"user_id": None, "login": call.credential.key})
