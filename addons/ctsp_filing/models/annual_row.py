from odoo import fields, models


class AnnualRow(models.Model):
    """A row of a table section: a training, a quality control, an inspection with its findings and rectification."""

    _name = "ctsp.annual.row"
    _description = "Table Row of an Annual Report"
    _inherit = ["ctsp.annual.line.mixin"]
    _order = "report_id, section_id, date, id"
    _rec_name = "title"
    _desk_fields = ("section_id", "date", "title", "quantity", "result", "note")
    _integrity_fields = {1: ("report_id", "section_id", "date", "title", "quantity", "result", "note")}

    report_id = fields.Many2one(readonly=False)
    section_id = fields.Many2one(
        "ctsp.annual.section", required=True, ondelete="restrict", index=True, domain="[('kind', '=', 'table')]")
    date = fields.Date()
    title = fields.Char("Subject", required=True)
    quantity = fields.Integer("Number", aggregator=None, help="People trained, projects checked, findings …")
    result = fields.Text("Result and Rectification")
    note = fields.Char()
