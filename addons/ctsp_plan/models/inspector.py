from odoo import models
from odoo.fields import Domain

from odoo.addons.ctsp_inspection.models.inspector_availability import Reason


class Inspector(models.Model):
    """What an inspector has been assigned to."""

    _inherit = "ctsp.inspector"

    def _reasons(self, institution, period, but=None):
        """Add what is planned for the same days.

        :param but: a planned inspection or an inspection; both sides of it are left out of account
        """
        own = self.env["ctsp.plan.line"].sudo()  # which belongs to which is no secret
        if but is not None and but._name == "ctsp.plan.line":
            own, but = but.sudo(), but.sudo().inspection_id
        elif but:
            own = own.search([("inspection_id", "in", but.ids)])
        result = super()._reasons(institution, period, but)
        if period:
            for inspector_id, reason in self._plan_reasons(period, own.ids):
                result[inspector_id].append(reason)
        return result

    def _loads(self):
        """Count visits that are planned for him and are no inspections yet, too."""
        loads = super()._loads()
        # superuser: as above, that there is a visit is all that is told
        lines = self.env["ctsp.plan.line"].sudo().search(
            Domain("state", "=", "assigned") & Domain("inspection_id", "=", False)
            & (Domain("leader_id", "in", self.ids) | Domain("member_ids", "in", self.ids)))
        for inspector in [one for line in lines for one in line._team()]:
            loads[inspector.id] = loads.get(inspector.id, 0) + 1
        return loads

    def _plan_reasons(self, period, but_ids):
        first, last = period
        # superuser: an inspection of another team is not to be read, but it takes the inspector's day
        lines = self.env["ctsp.plan.line"].sudo().search(
            Domain("state", "in", ("assigned", "running")) & Domain("id", "not in", but_ids)
            & Domain("date_from", "<=", last) & Domain("date_to", ">=", first)
            & (Domain("leader_id", "in", self.ids) | Domain("member_ids", "in", self.ids)))
        for line in lines:
            for inspector in line._team() & self.sudo():
                yield inspector.id, Reason("busy", self.env._(
                    "%(inspector)s is planned for %(institution)s from %(start)s to %(end)s.",
                    inspector=inspector.name, institution=line.institution_id.name,
                    start=line.date_from, end=line.date_to))
