from odoo import fields, models

from ..fields import EncryptedJson, EncryptedText


class ImportRow(models.Model):
    """What an import says of its rows repeats the data itself: encrypted."""

    _name = "ctsp.import.row"
    _inherit = ["ctsp.import.row", "ctsp.encrypted.mixin"]

    crypto_message = EncryptedText("Reason (encrypted)", replaces="message", export_string_translation=False)
    crypto_difference = EncryptedText("Difference (encrypted)", replaces="difference", export_string_translation=False)
    crypto_changes = EncryptedJson("Changes (encrypted)", replaces="changes", export_string_translation=False)
    message = fields.Text("Reason", related="crypto_message", readonly=False)
    difference = fields.Text("Difference", related="crypto_difference", readonly=False)
    changes = fields.Json("Changes", related="crypto_changes", readonly=False)
