from odoo import fields, models

from ..fields import EncryptedJson


class ExportWizard(models.TransientModel):
    """The search an export begins with may name a person, too: encrypted for the hour it is kept."""

    _name = "ctsp.export.wizard"
    _inherit = ["ctsp.export.wizard", "ctsp.encrypted.mixin"]

    crypto_domain = EncryptedJson("Domain (encrypted)", replaces="domain", export_string_translation=False)
    domain = fields.Json("Domain", related="crypto_domain", readonly=False)
