from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Sessions that are open at the update get their seal, so that nobody has to sign in again."""
    if version:
        api.Environment(cr, SUPERUSER_ID, {})["ctsp.auth.session"]._seal_open()
