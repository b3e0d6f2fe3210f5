from odoo import fields, models

from ..fields import EncryptedChar


class ImportColumn(models.Model):
    """The first values of a column are copies of data: encrypted."""

    _name = "ctsp.import.column"
    _inherit = ["ctsp.import.column", "ctsp.encrypted.mixin"]

    crypto_sample = EncryptedChar("First Values (encrypted)", replaces="sample", export_string_translation=False)
    sample = fields.Char("First Values", related="crypto_sample")
