import babel.dates

from odoo import models
from odoo.tools import babel_locale_parse, get_lang
from odoo.tools.date_utils import weeknumber

CHINESE = {
    "hour": "yyyy-MM-dd HH:00", "day": "yyyy-MM-dd", "week": "{year}年第{week}周", "month": "yyyy年M月",
    "quarter": "yyyy年第Q季度", "year": "yyyy年",
}
"""patterns of babel by granularity; the week is counted as Odoo counts it"""


class Base(models.AbstractModel):
    """Every model: months, quarters and weeks by which records are grouped read as Chinese does, 2026年11月.

    Odoo puts the month before the year in every language (十一月 2026).
    """

    _inherit = "base"

    def _web_read_group_groupby_formatter(self, groupby_spec, values):
        formatter = super()._web_read_group_groupby_formatter(groupby_spec, values)
        path, _colon, granularity = groupby_spec.partition(":")
        locale = get_lang(self.env).code
        dated = "." not in path and self._fields[path].type in ("date", "datetime")  # a path comes here again by itself
        if not (dated and granularity in CHINESE and locale.startswith("zh")):
            return formatter

        def chinese(value):
            shown, domain = formatter(value)
            return ((shown[0], self._chinese_period(value, granularity, locale)) if shown else shown), domain

        return chinese

    @staticmethod
    def _chinese_period(value, granularity, locale):
        """Return the name of the period that begins on ``value``."""
        pattern = CHINESE[granularity]
        if granularity == "week":
            year, week = weeknumber(babel_locale_parse(locale), value)
            return pattern.format(year=year, week=week)
        return babel.dates.format_datetime(value, pattern, locale=locale)
