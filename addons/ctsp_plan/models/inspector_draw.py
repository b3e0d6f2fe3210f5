from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ctsp_inspection.models.inspector_availability import Reason


class InspectorDraw(models.Model):
    """Drawings for planned inspections: made, kept, repeated and applied like those for inspections.

    Those made in one dialog know of each other (``occasion``): nobody is drawn for two visits on the same days, and who
    was drawn once is drawn less often.
    """

    _inherit = "ctsp.inspector.draw"

    plan_line_id = fields.Many2one(
        "ctsp.plan.line", "Planned Inspection", index="btree_not_null", ondelete="set null")
    occasion = fields.Char("Drawn Together As", copy=False, index="btree_not_null")

    @api.model
    def _open_fields(self):
        return super()._open_fields() | {"plan_line_id", "occasion"}

    def _drawn_for(self):
        return self.plan_line_id or super()._drawn_for()

    def _check_transition(self, transition):
        super()._check_transition(transition)
        plan = self.plan_line_id.plan_id
        if transition.code == "draw" and plan and plan.state != "published":
            raise UserError(self.env._("“%s” is not published: nobody is drawn for it.", plan.name))

    def _together(self):
        """Return the other drawings of the same occasion that stand."""
        return self.search([
            ("occasion", "=", self.occasion), ("id", "!=", self.id),
            ("state", "in", ("drawn", "applied"))]) if self.occasion else self.browse()

    def _pool_reasons(self, pool):
        reasons = super()._pool_reasons(pool)
        for other in self._together():
            if other.date_from <= self.date_to and self.date_from <= other.date_to:
                for inspector in other._drawn():
                    reasons[inspector.id].append(Reason("drawn", self.env._(
                        "%(inspector)s was drawn for %(institution)s on these days (%(number)s).",
                        inspector=inspector.name, institution=other.institution_id.name, number=other.number)))
        return reasons

    def _pool_loads(self, pool):
        loads = super()._pool_loads(pool)
        for inspector in [one for other in self._together() for one in other._drawn()]:
            loads[inspector.id] = loads.get(inspector.id, 0) + 1
        return loads

    def _drawn(self, role=None):
        """Return the inspectors who were drawn."""
        return self.candidate_ids.filtered(
            lambda row: row.drawn and (not role or row.role == role)).inspector_id

    def _after_apply(self, reason):
        """Assign the planned inspection to who was drawn, with the rights of the planner."""
        if not self.plan_line_id:
            return super()._after_apply(reason)
        return self.plan_line_id._take_team(
            self._drawn("leader"), self._drawn("member"), (self.date_from, self.date_to),
            self.env._("; ").join(filter(None, (reason, self.env._("Drawn by lot, No. %s", self.number)))))
