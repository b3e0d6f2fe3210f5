from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ctsp_base.tools import clock

from .inspection import PLANNING

SENDERS = "ctsp_base.group_planner,ctsp_base.group_reviewer,ctsp_base.group_leader"
"""who reads why somebody should not go: it names other visits and colleagues' conflicts"""


class Inspection(models.Model):
    """Who is on the team although he should not be: told while it is planned, a conflict of interest refused."""

    _inherit = "ctsp.inspection"

    team_warning = fields.Text("Against the Team", compute="_compute_team_warning")

    @api.depends("member_ids.inspector_id", "institution_id", "date_planned_from", "date_planned_to", "state")
    @api.depends_context("uid")
    def _compute_team_warning(self):
        told = self.env.su or self.env.user.has_groups(SENDERS)
        for inspection in self:
            reasons = inspection._team_reasons() if told and inspection.state in PLANNING else []
            inspection.team_warning = "\n".join(reason.sentence for reason in reasons) or False

    def _team_reasons(self):
        """Return all reasons against the members of the team on the planned days."""
        team, first = self.member_ids.inspector_id._origin, self.date_planned_from
        if not (team and first and self.institution_id):
            return []
        period = (first, self.date_planned_to or first)
        found = team._weighed(self.institution_id._origin, period, but=self._origin, where="inspection")
        return [reason for inspector in team for reason in found[inspector.id]]

    def _check_may_assign(self):
        """Nobody is sent who is barred: by a conflict of interest (药品检查管理办法（试行）: 回避), by the settings."""
        super()._check_may_assign()
        bars = [reason.sentence for reason in self._team_reasons() if reason.blocking]
        if bars:
            raise UserError("\n".join(bars))

    def _check_may_start(self):
        """A conflict of interest may have come up since the team was assigned."""
        super()._check_may_start()
        self._check_conflicts(self.member_ids.inspector_id)

    def _check_conflicts(self, inspectors):
        """Raise when one of the inspectors has a conflict of interest with the institution; never what it is.

        Superuser: whoever begins or changes the team need not read conflicts to learn that there is one.
        """
        first = self.date_start or self.date_planned_from or clock.today()
        last = max(filter(None, (first, self.date_planned_to, self.date_end)))
        barred = {row.name for row, _why in inspectors.sudo()._conflict_reasons(self.institution_id, first, last)}
        if barred:
            raise UserError(self.env._(
                "%(inspectors)s cannot be on the team: a conflict of interest with %(institution)s is on record. "
                "The planner replaces who is concerned.",
                inspectors="、".join(sorted(barred)), institution=self.institution_id.name))
