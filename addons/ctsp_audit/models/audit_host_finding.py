from odoo import fields, models


class AuditHostFinding(models.Model):
    """Something that sealing or verification found on a host."""

    _name = "ctsp.audit.host.finding"
    _description = "Finding on a Host"
    _order = "severity, id"
    _rec_name = "title"

    report_id = fields.Many2one("ctsp.audit.host.report", required=True, index=True, ondelete="cascade", readonly=True)
    severity = fields.Selection(
        [("error", "Finding"), ("note", "Note"), ("warning", "Warning")], required=True, readonly=True)
    kind = fields.Char(required=True, readonly=True)
    title = fields.Char("What", required=True, readonly=True)
    source = fields.Char(readonly=True)
    path = fields.Char("File", readonly=True)
    message = fields.Text("Details", readonly=True)
    line = fields.Integer(readonly=True, aggregator=None)
    count = fields.Integer("Lines", readonly=True, aggregator=None)
