from odoo import models


class Person(models.Model):
    """A person: institutions propose the added fields in the rows of a filing."""

    _inherit = "ctsp.person"
    _studio_outside = "ctsp.filing.person"
