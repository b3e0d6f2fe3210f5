from odoo import fields, models


class Dataset(models.Model):
    """What this addon does with rows that institutions report: what the law wants approved becomes a filing."""

    _inherit = "ctsp.dataset"

    handler = fields.Selection(
        selection_add=[
            ("filing_institution", "Draft a Filing: Institution"), ("filing_specialty", "Draft a Filing: Specialties"),
            ("filing_committee", "Draft a Filing: Ethics Committees"), ("annual_report", "Fill In the Annual Report")],
        ondelete=dict.fromkeys(
            ("filing_institution", "filing_specialty", "filing_committee", "annual_report"), "set default"))
