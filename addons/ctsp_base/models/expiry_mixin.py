from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import clock


class ExpiryMixin(models.AbstractModel):
    """A paper that is valid up to a day: days left and whether it expired or soon will, found by search too."""

    _name = "ctsp.expiry.mixin"
    _description = "Expiry"

    _expiry_parameter = None
    """code of the parameter that says how many days before its end a paper expires “soon”"""

    valid_to = fields.Date(index=True)
    days_left = fields.Integer(compute="_compute_expiry_state", aggregator=None)
    expiry_state = fields.Selection(
        selection="_selection_expiry_state", compute="_compute_expiry_state", search="_search_expiry_state",
        string="Expiry")

    @api.model
    def _selection_expiry_state(self):
        return list({
            "valid": self.env._("Valid"),
            "expiring": self.env._("Expiring Soon"),
            "expired": self.env._("Expired"),
            "open": self.env._("No End Date"),
        }.items())

    @api.model
    def _warning_day(self):
        """Return the last day that counts as “soon”."""
        return clock.today() + timedelta(days=self.env["ctsp.parameter"]._get(self._expiry_parameter))

    @api.depends("valid_to")
    def _compute_expiry_state(self):
        today, soon = clock.today(), self._warning_day()
        for row in self:
            end = row.valid_to
            row.days_left = (end - today).days if end else 0
            row.expiry_state = (
                "open" if not end else "expired" if end < today else "expiring" if end <= soon else "valid")

    def _search_expiry_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today, soon = clock.today(), self._warning_day()
        domains = {
            "open": Domain("valid_to", "=", False),
            "expired": Domain("valid_to", "<", today),
            "expiring": Domain("valid_to", ">=", today) & Domain("valid_to", "<=", soon),
            "valid": Domain("valid_to", ">", soon),
        }
        return Domain.OR(domains[state] for state in value if state in domains)
