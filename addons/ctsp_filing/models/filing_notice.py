from odoo import api, fields, models
from odoo.tools import LazyTranslate

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_base.tools.language import in_record_language

from .desk import FILINGS

_lt = LazyTranslate(__name__)


class Filing(models.Model):
    """What the institution is told at each step, and by when a returned filing is expected back."""

    _inherit = "ctsp.filing"

    correction_due = fields.Date(
        "Correction Due", readonly=True, copy=False,
        help="Working days from the return, see parameter filing.correction_days.")

    @api.model
    def _correction_due(self, start):
        """Return the day by which a filing returned on ``start`` is expected back (a working rule, no legal limit)."""
        days = self.env["ctsp.parameter"].sudo()._get("filing.correction_days", on=start)  # everybody's terms
        return self.env["ctsp.workday"]._add(start, days)

    def _tell(self, sentence, note=None, tone="info", **words):
        """Put a notice on the desk of whoever filed.

        :param sentence: lazy text in which ``%(filing)s`` stands for the filing
        """
        filing = in_record_language(self)
        words = {"filing": filing.display_name, **words}
        text = filing.env._(sentence)
        self.env["ctsp.desk.notice"]._send(self, FILINGS, text % words, note, tone)

    def _after_submit(self, reason):
        super()._after_submit(reason)
        self.env["ctsp.desk.notice"]._settle(self)

    def _after_resubmit(self, reason):
        super()._after_resubmit(reason)
        self.sudo().correction_due = False  # a date the platform keeps, whoever hands in
        self.env["ctsp.desk.notice"]._settle(self)

    def _after_accept(self, reason):
        super()._after_accept(reason)
        self._tell(_lt("%(filing)s: accepted for review"))

    def _after_return(self, reason):
        super()._after_return(reason)
        self.sudo().correction_due = due = self._correction_due(clock.today())  # as above
        self._tell(_lt("%(filing)s: returned for correction, to be handed in again by %(date)s"), reason, "warning",
                   date=fields.Date.to_string(due))

    def _after_approve(self, reason):
        super()._after_approve(reason)
        # deadlines follow from the step itself, whoever made it may read of them
        due = self.sudo().deadline_ids.mapped("date_due")
        note = due and in_record_language(self).env._(
            "A first inspection follows by %(date)s.", date=fields.Date.to_string(min(due)))
        self._tell(_lt("%(filing)s: approved"), note or None, "success")

    def _after_refuse(self, reason):
        super()._after_refuse(reason)
        self._tell(_lt("%(filing)s: refused"), reason, "danger")

    def _after_withdraw(self, reason):
        super()._after_withdraw(reason)
        self.env["ctsp.desk.notice"]._settle(self)
