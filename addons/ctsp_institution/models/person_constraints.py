from odoo import api, models
from odoo.exceptions import ValidationError

from odoo.addons.ctsp_base.tools import validators


class Person(models.Model):
    """Validity of a person's codes and contacts."""

    _inherit = "ctsp.person"

    @api.constrains("id_number", "mobile", "email")
    def _check_codes(self):
        # the rule holds for whoever writes; the values themselves stay closed to him
        people = self.sudo()
        validators.constrain(people, "id_number", validators.id_number)
        validators.constrain(people, "mobile", validators.phone)
        validators.constrain(people, "email", validators.email)

    @api.constrains("id_number", "institution_id")
    def _check_id_number_unique(self):
        """A person is listed once in an institution."""
        for person in self.sudo().filtered("id_number"):
            twins = self.sudo().search_count([
                ("institution_id", "=", person.institution_id.id), ("id_number", "=", person.id_number)], limit=2)
            if twins > 1:
                raise ValidationError(self.env._("%(name)s is listed twice in this institution.", name=person.name))
