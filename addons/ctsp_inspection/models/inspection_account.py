from odoo import fields, models
from odoo.exceptions import UserError

from .inspection_record import Refusal

ACCOUNT_FIELDS = frozenset({"summary", "attendants", "handling", "handling_note", "date_end"})
"""what is said of the inspection as a whole, by the team or its leader (``inspection_fence.py``)"""


class Inspection(models.Model):
    """The account of an inspection has a revision, as each clause has: who comes second is shown both versions."""

    _inherit = "ctsp.inspection"

    account_revision = fields.Integer(
        "Revision of the Account", default=0, readonly=True, copy=False, aggregator=None,
        help="Grows with each change of the account.")
    account_by = fields.Many2one("res.users", "Account Written By", readonly=True, copy=False, ondelete="restrict")
    account_at = fields.Datetime("Account Written On", readonly=True, copy=False)

    def write(self, vals):
        if not ACCOUNT_FIELDS & vals.keys():
            return super().write(vals)
        for inspection in self:
            super(Inspection, inspection).write(vals)
            super(Inspection, inspection.sudo()).write({  # superuser: the revision is the engine's
                "account_revision": inspection.account_revision + 1, "account_by": self.env.uid,
                "account_at": fields.Datetime.now()})
        return True

    def _record_part(self, target, values):
        """Write on a conclusion or on the account, with the rights of the user: the fences of both hold.

        :raise Refusal: he may not, or not now
        """
        if self.date_start and (values.get("date_end") or self.date_start) < self.date_start:
            raise Refusal(self.env._("“Ended On” lies before “Began On”."))
        try:
            target.with_env(self.env).write(values)
            target.flush_recordset()
        except UserError as error:
            raise Refusal(str(error)) from error

    def _record_values(self):
        """Return the account as the recording screen and the mobile client show it."""
        self.ensure_one()
        return {
            "revision": self.account_revision, "summary": self.summary or "", "attendants": self.attendants or "",
            "handling": self.handling or False, "handling_note": self.handling_note or "",
            "date_end": fields.Date.to_string(self._visit_ended()) or "",
            "recorded_by": self.account_by.name or "",
            "recorded_at": fields.Datetime.to_string(self.account_at) if self.account_at else False,
        }
