from odoo import fields, models


class ImportSheet(models.Model):
    """One sheet of an uploaded workbook."""

    _name = "ctsp.import.sheet"
    _description = "Import Sheet"

    job_id = fields.Many2one("ctsp.import.job", required=True, ondelete="cascade", index=True)
    name = fields.Char(required=True)
