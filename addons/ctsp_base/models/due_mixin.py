from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import clock


class DueMixin(models.AbstractModel):
    """Something that has to be done by ``date_due``: working days left, and how urgent that is, found by search too.

    The due day itself is in time. An heir names the states in which its limit runs and says from when on it is soon
    due: each row by a ``date_warning`` of its own, or :meth:`_soon_until` for all alike.
    """

    _name = "ctsp.due.mixin"
    _description = "Due Date"

    _due_states = ()
    """states in which the limit runs; empty: always"""

    date_due = fields.Date("Due")
    days_left = fields.Integer("Working Days Left", compute="_compute_days_left", aggregator=None)
    urgency = fields.Selection(
        selection="_selection_urgency", compute="_compute_days_left", search="_search_urgency")

    @api.model
    def _selection_urgency(self):
        return list({
            "calm": self.env._("In Time"),
            "soon": self.env._("Soon Due"),
            "late": self.env._("Overdue"),
            "closed": self.env._("Nothing Due"),
        }.items())

    @api.model
    def _soon_until(self):
        """Return the last day that counts as soon due; False where each row has a ``date_warning``."""
        return False

    @api.depends(lambda self: [name for name in ("date_due", "date_warning", "state") if name in self._fields])
    def _compute_days_left(self):
        """Working days until due, negative when late."""
        today, between, soon = clock.today(), self.env["ctsp.workday"]._between, self._soon_until()
        for row in self:
            due, running = row.date_due, not self._due_states or row.state in self._due_states
            near = due and (due <= soon if soon else bool(row.date_warning) and row.date_warning <= today)
            row.days_left = between(today, due) if running and due else 0
            row.urgency = (
                "closed" if not running else "calm" if not due
                else "late" if due < today else "soon" if near else "calm")

    def _search_urgency(self, operator, value):
        if operator != "in":
            return NotImplemented
        today, soon = clock.today(), self._soon_until()
        name, last = ("date_due", soon) if soon else ("date_warning", today)
        running = Domain("state", "in", self._due_states) if self._due_states else Domain.TRUE
        ahead = Domain("date_due", ">=", today)
        domains = {
            "closed": ~running,
            "late": running & Domain("date_due", "<", today),
            "soon": running & ahead & Domain(name, "<=", last),
            "calm": running & (
                Domain("date_due", "=", False) | ahead & (Domain(name, ">", last) | Domain(name, "=", False))),
        }
        return Domain.OR(domains[code] for code in value if code in domains)
