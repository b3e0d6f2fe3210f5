import itertools
from datetime import date

import chinese_calendar

from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ..tools import clock, workdays

FIRST_YEAR = 2018  # nothing the platform computes is older
NATIONAL_DAY = (10, 1)


class Workday(models.Model):
    """Official holidays and make-up days (调休), one row per day; working-day arithmetic on them.

    Rows come from the package ``chinesecalendar`` for the years it knows, and by hand from the yearly notice of the
    State Council. A year counts as published when its National Day is here, since one notice covers a whole year.
    """

    _name = "ctsp.workday"
    _inherit = ["ctsp.cached.mixin"]
    _description = "Holiday Calendar"
    _order = "date desc"
    _integrity_fields = {1: ("date", "kind")}

    date = fields.Date(required=True)
    kind = fields.Selection(
        [("holiday", "Holiday"), ("makeup", "Make-up Workday")], required=True, default="holiday", index=True
    )
    name = fields.Char(required=True)
    year = fields.Char(compute="_compute_year", store=True, index=True)
    source = fields.Char(string="Official Notice", help="The notice that says so, with its number.")

    _date_unique = models.Constraint("UNIQUE(date)", "This day is in the calendar already.")

    @api.depends("date")
    def _compute_year(self):
        for row in self:
            row.year = str(row.date.year) if row.date else False

    # ---- arithmetic -----------------------------------------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _calendar(self):
        """Return ``(holidays, make-up days)`` as frozen sets of dates."""
        rows = self.sudo().search_fetch([], ["date", "kind"])  # sudo: everybody's deadlines hang on it
        holidays = frozenset(row.date for row in rows if row.kind == "holiday")
        return holidays, frozenset(row.date for row in rows if row.kind == "makeup")

    @api.model
    def _is_workday(self, day):
        return workdays.is_workday(clock.as_date(day), *self._calendar())

    @api.model
    def _add(self, start, days):
        """Return the ``days``-th working day after ``start``; see ``tools.workdays.add``."""
        try:
            return workdays.add(clock.as_date(start), int(days), *self._calendar())
        except ValueError as error:
            raise UserError(self.env._("%s working days are too many to count.", days)) from error

    @api.model
    def _between(self, first, last):
        """Return the number of working days after ``first`` up to ``last``."""
        return workdays.between(clock.as_date(first), clock.as_date(last), *self._calendar())

    @api.model
    def _is_published(self, year):
        holidays, _makeup = self._calendar()
        return date(year, *NATIONAL_DAY) in holidays

    @api.model
    def _first_unpublished(self):
        """Return the first year from this one on whose calendar is not published yet."""
        return next(year for year in itertools.count(clock.today().year) if not self._is_published(year))

    @api.model
    def _warning(self, first, last=None):
        """Return a sentence for people when days from ``first`` to ``last`` lie in an unpublished year, else False."""
        days = sorted(clock.as_date(day) for day in (first, last or first))
        missing = [str(year) for year in range(days[0].year, days[1].year + 1) if not self._is_published(year)]
        return bool(missing) and self.env._(
            "The official holiday calendar of %(years)s is not entered yet: only weekends were left out, "
            "the date may still move.", years=self.env._(", ").join(missing),
        )

    # ---- filling --------------------------------------------------------------------------------------------------

    @api.model
    def _fill_from_package(self):
        """Add the years the package knows and the table does not; rows entered by hand are left alone."""
        constants = chinese_calendar.constants
        labels = {holiday.value: holiday.chinese for holiday in constants.Holiday}
        present = set(self.search([]).mapped("date"))
        years = {day.year for day in constants.holidays if day.year >= FIRST_YEAR}
        wanted = {year for year in years if not self._is_published(year)}
        self.create([
            {"date": day, "kind": kind, "name": labels.get(name, name),
             "source": f"国务院办公厅关于{day.year}年部分节假日安排的通知"}
            for kind, days in (("holiday", constants.holidays), ("makeup", constants.workdays))
            for day, name in days.items() if day.year in wanted and day not in present
        ])
        return sorted(wanted)
