from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import clock


class ExpiryMixin(models.AbstractModel):
    """What is valid up to a day (a paper, a term): days left and whether it expired or soon will, found by search too.

    ``_expiry_date`` names the date, ``_expiry_parameter`` the parameter that says how many days before it “soon” is;
    other words for the states: override :meth:`_selection_expiry_state`.
    """

    _name = "ctsp.expiry.mixin"
    _description = "Expiry"

    _expiry_date = "valid_to"
    _expiry_parameter = None

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

    @api.depends(lambda self: (self._expiry_date,))
    def _compute_expiry_state(self):
        today, soon = clock.today(), self._warning_day()
        for row in self:
            end = row[self._expiry_date]
            row.days_left = (end - today).days if end else 0
            row.expiry_state = (
                "open" if not end else "expired" if end < today else "expiring" if end <= soon else "valid")

    def _search_expiry_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today, soon = clock.today(), self._warning_day()
        end = self._expiry_date
        domains = {
            "open": Domain(end, "=", False),
            "expired": Domain(end, "<", today),
            "expiring": Domain(end, ">=", today) & Domain(end, "<=", soon),
            "valid": Domain(end, ">", soon),
        }
        return Domain.OR(domains[state] for state in value if state in domains)
