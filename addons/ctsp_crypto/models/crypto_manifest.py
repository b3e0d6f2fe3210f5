from odoo import fields, models


class CryptoManifest(models.Model):
    """The table of contents of the key store: one row, written and checked by the key ring alone."""

    _name = "ctsp.crypto.manifest"
    _description = "Table of Contents of the Key Store"
    _log_access = False

    content = fields.Text(readonly=True, groups=fields.NO_ACCESS)
