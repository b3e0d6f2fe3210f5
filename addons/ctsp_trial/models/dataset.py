from odoo import fields, models


class Dataset(models.Model):
    """What this addon does with rows that institutions report."""

    _inherit = "ctsp.dataset"

    handler = fields.Selection(selection_add=[("trial", "Update the Institution's Part in Trials")],
                               ondelete={"trial": "set default"})
