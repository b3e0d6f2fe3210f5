from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import clock

ADVISORY_LOCK = 0x43545350  # "CTSP", the class of our advisory locks
PATIENCE = "10s"


class IrSequence(models.Model):
    """Document numbers without gaps, per type and year, that never make two people at once fail.

    Odoo's own “no gap” updates a counter row: of two transactions at once, one is turned back. Here a transaction
    waits for the one before it (advisory lock until commit), reads the last number committed, and inserts the next.
    A rollback takes its number back. The year is the calendar year in China.
    """

    _inherit = "ir.sequence"

    @api.model
    def _draw(self, code, on=None):
        """Return the next document number of the sequence ``code``; see ``docs/kernel.md``.

        :param on: date that decides the year; today in China by default
        :raise UserError: there is no such sequence
        """
        # superuser: whoever makes a document gets its number, outside users as well
        sequence = self.sudo().search([("code", "=", code), ("company_id", "in", [self.env.company.id, False])],
                                      order="company_id", limit=1)
        if not sequence:
            raise UserError(self.env._("There is no number sequence “%(code)s”.", code=code))
        return sequence._next(sequence_date=clock.as_date(on) if on else None)

    def _next(self, sequence_date=None):
        if not (self.use_date_range and self.implementation == "no_gap"):
            return super()._next(sequence_date=sequence_date)
        # never by the context, as Odoo does: callers from outside write it, and could draw a number of a former year
        return self._next_of_year(clock.as_date(sequence_date) if sequence_date else clock.today())

    def _next_of_year(self, day):
        self._queue()
        number = max(self._last_number(day.year) + 1, self._first_number(day))
        dated = self.with_context(ir_sequence_date=day, ir_sequence_date_range=day.replace(month=1, day=1))
        text = dated.get_next_char(number)
        # superuser: the rows belong to the engine, nobody else may create them
        self.env["ctsp.sequence.number"].sudo().create(
            {"sequence_id": self.id, "year": day.year, "number": number, "text": text}
        )
        return text

    def _queue(self):
        """Wait until no other open transaction holds a number of this sequence; hold the place until commit."""
        self.env.cr.execute(SQL("SET LOCAL lock_timeout TO %s", PATIENCE))
        self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock(%s, %s)", ADVISORY_LOCK, self.id))
        self.env.cr.execute(SQL("SET LOCAL lock_timeout TO DEFAULT"))

    def _last_number(self, year):
        """Return the last number of ``year`` that is committed or drawn in this transaction, 0 for none.

        Our snapshot may be older than the commit of the transaction before us: a fresh cursor sees it.
        """
        query = SQL(
            "SELECT COALESCE(MAX(number), 0) FROM ctsp_sequence_number WHERE sequence_id = %s AND year = %s",
            self.id, year,
        )
        self.env["ctsp.sequence.number"].flush_model()
        with self.env.registry.cursor() as fresh:
            fresh.execute(query)
            committed = fresh.fetchone()[0]
        return max(committed, self.env.execute_query(query)[0][0])

    def _first_number(self, day):
        """Return where the year begins: 1, unless an administrator continues an older series in the date range."""
        ranges = self.date_range_ids.filtered(lambda period: period.date_from <= day <= period.date_to)
        return ranges[:1].number_next or 1
