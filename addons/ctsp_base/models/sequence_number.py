from odoo import fields, models
from odoo.exceptions import AccessError


class SequenceNumber(models.Model):
    """Numbers drawn from a gap-free sequence: one row per document number, and with it who drew it and when."""

    _name = "ctsp.sequence.number"
    _description = "Document Number"
    _order = "sequence_id, year desc, number desc"
    _rec_name = "text"

    sequence_id = fields.Many2one(
        "ir.sequence", string="Number Series", required=True, readonly=True, ondelete="restrict"
    )
    year = fields.Integer(required=True, readonly=True, aggregator=None)
    number = fields.Integer(string="Serial Number", required=True, readonly=True, aggregator=None)
    text = fields.Char(string="Document Number", readonly=True)

    _number_unique = models.Constraint("UNIQUE(sequence_id, year, number)", "A number is drawn once.")

    def write(self, vals):  # pylint: disable=method-required-super
        raise AccessError(self.env._("Drawn numbers are evidence and cannot be changed."))
