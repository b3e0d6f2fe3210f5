from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.ctsp_base.tools import clock

MOST_DAYS = 31


def yesterday(_self):
    return clock.today() - timedelta(days=1)


class ExchangeReconciliationAsk(models.TransientModel):
    """Asks about days that a person names: after a long pause, or when a database came back from a backup."""

    _name = "ctsp.exchange.reconciliation.ask"
    _description = "Reconcile Days"

    backend_id = fields.Many2one("ctsp.exchange.backend", "System", required=True, domain="[('state', '=', 'active')]")
    date_from = fields.Date("First Day", required=True, default=yesterday)
    date_to = fields.Date("Last Day", required=True, default=yesterday)

    def action_ask(self):
        """Ask about each day; show what comes of it."""
        self.ensure_one()
        self.env["ctsp.exchange.difference"]._check_steward()
        number = (self.date_to - self.date_from).days + 1
        if not 1 <= number <= MOST_DAYS or self.date_to > clock.today():
            raise UserError(self.env._(
                "Days: the last one is not before the first one nor after today, %(most)s days at most.",
                most=MOST_DAYS))
        if self.backend_id.state != "active":
            raise UserError(self.env._("“%(system)s” is paused.", system=self.backend_id.name))
        return self.backend_id._reconcile_days([self.date_from + timedelta(days=n) for n in range(number)])
