from odoo import fields, models

from ..fields import EncryptedJson


class ExportJob(models.Model):
    """A search may name the person that was searched for: encrypted."""

    _name = "ctsp.export.job"
    _inherit = ["ctsp.export.job", "ctsp.encrypted.mixin"]

    crypto_domain = EncryptedJson("Domain (encrypted)", replaces="domain", export_string_translation=False)
    domain = fields.Json("Domain", related="crypto_domain")
