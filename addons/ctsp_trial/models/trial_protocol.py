from odoo import api, fields, models
from odoo.exceptions import ValidationError


class TrialProtocol(models.Model):
    """A version of a trial's protocol, newest first (临床试验方案历次版本和日期)."""

    _name = "ctsp.trial.protocol"
    _description = "Protocol Version"
    _inherit = ["ctsp.export.mixin", "ctsp.import.mixin"]
    _order = "trial_id, date desc, id desc"
    _rec_name = "version"
    _import_part_of = "ctsp.trial"
    _import_keys = (("trial_id", "version"),)
    _import_fields = ("trial_id", "version", "date", "ethics_date", "summary")
    _import_headers = {
        "version": ("方案版本", "方案版本号", "版本"), "date": ("方案日期", "方案版本日期"),
        "summary": ("修订说明", "变更内容"),
    }

    trial_id = fields.Many2one("ctsp.trial", required=True, index=True, ondelete="cascade")
    version = fields.Char(required=True)
    date = fields.Date(string="Version Date", required=True)
    ethics_date = fields.Date(string="Ethics Approval Date")
    summary = fields.Char(string="What Changed")
    file = fields.Binary(attachment=True)
    file_name = fields.Char()

    _version_unique = models.Constraint("UNIQUE(trial_id, version)", "This protocol version is already listed.")

    @api.depends("version", "date")
    def _compute_display_name(self):
        for protocol in self:
            protocol.display_name = f"{protocol.version} ({protocol.date})" if protocol.date else protocol.version

    @api.constrains("date", "ethics_date")
    def _check_dates(self):
        for protocol in self:
            if protocol.ethics_date and protocol.date and protocol.ethics_date < protocol.date:
                raise ValidationError(self.env._(
                    "Protocol %(version)s: approved by ethics before its own date.", version=protocol.version))
