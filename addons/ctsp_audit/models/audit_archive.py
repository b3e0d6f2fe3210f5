from odoo import fields, models


class AuditArchive(models.Model):
    """A month that was taken out of the log by ``scripts/archive-log``, which runs as the owner of the tables."""

    _name = "ctsp.audit.archive"
    _description = "Archived Month of the Log"
    _auto = False
    _order = "month desc"
    _rec_name = "file_name"

    date = fields.Datetime("Archived At", readonly=True)
    month = fields.Date(readonly=True)
    row_count = fields.Integer("Rows", readonly=True)
    file_name = fields.Char("File", readonly=True)
    file_digest = fields.Char("SM3", readonly=True)
