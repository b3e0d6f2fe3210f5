from odoo import api, models
from odoo.exceptions import ValidationError

from .audit_archiver import LEAST_MONTHS


class ParameterValue(models.Model):
    """The log is kept for no less than six months (网络安全法 Article 21), whatever somebody enters."""

    _inherit = "ctsp.parameter.value"

    @api.constrains("value", "parameter_id")
    def _check_retention(self):
        for row in self:
            if row.parameter_id.code == "audit.retention_months" and _months(row.value) < LEAST_MONTHS:
                raise ValidationError(self.env._(
                    "“%(parameter)s”: the log must be kept for at least %(least)s months.",
                    parameter=row.parameter_id.name, least=LEAST_MONTHS))


def _months(text):
    """Return the number; what is none is refused by the parameter's own type."""
    try:
        return int(text)
    except ValueError:
        return LEAST_MONTHS
