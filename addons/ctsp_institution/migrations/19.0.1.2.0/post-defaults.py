from odoo import SUPERUSER_ID, api

NAMES = ["institution_basic", "specialty_group", "ethics_committee"]


def migrate(cr, version):
    """Say how often data sets are expected and how many rows their bulk test has, where nobody said so yet."""
    api.Environment(cr, SUPERUSER_ID, {})["ctsp.dataset"]._load_defaults("ctsp_institution", NAMES)
