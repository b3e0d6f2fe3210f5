from datetime import date

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.ctsp_base.tools import clock

READERS = ("ctsp_base.group_leader", "ctsp_base.group_planner", "ctsp_base.group_reviewer",
           "ctsp_base.group_risk_analyst")
FREQUENT = 10
YEARS_BACK = 5


class Overview(models.AbstractModel):
    """The year of inspections on one page: big figures with last year's, charts, tables; everything opens its records.

    Public methods are called by the page; they check the role. Figures come from the statistics models, with the
    reader's own rights.
    """

    _name = "ctsp.inspection.overview"
    _description = "Overview of Inspections"

    @api.model
    def overview_data(self, year=None):
        """Return everything the page of ``year`` (the current one when None) shows."""
        self._check_reader()
        year = int(year or clock.today().year)
        if not 2000 <= year <= 2100:
            raise UserError(self.env._("Year: %s is not a year of this century.", year))
        before, now = self._figures(year - 1), self._figures(year)
        return {
            "year": year,
            "years": self._years(),
            "until": clock.today().isoformat() if year == clock.today().year else None,
            "figures": [{**figure, "before": old["value"]} for figure, old in zip(now, before, strict=True)],
            "charts": self._charts(year),
            "tables": self._tables(year),
        }

    @api.model
    def _check_reader(self):
        if not any(self.env.user.has_group(group) for group in READERS):
            raise AccessError(self.env._("The overview is for leaders, planners, reviewers and risk analysts."))

    @api.model
    def _years(self):
        """Return the years one can choose: from the first inspection (five years back at most) to this one."""
        this = clock.today().year
        first = self.env["ctsp.inspection.report"].search([], order="date_start", limit=1).date_start
        return list(range(this, max(min(first.year if first else this, this), this - YEARS_BACK) - 1, -1))

    @api.model
    def _within(self, year, name="date_start"):
        """Return the condition that the date ``name`` lies in ``year``."""
        return [(name, ">=", date(year, 1, 1)), (name, "<=", date(year, 12, 31))]

    @api.model
    def _open(self, model, title, domain, views=("list",)):
        """Return an action that shows the records behind a figure."""
        return {"type": "ir.actions.act_window", "res_model": model, "name": title,
                "views": [[False, view] for view in views], "domain": domain, "context": {}}
