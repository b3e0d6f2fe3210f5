from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.ctsp_base.tools import clock

from .inspector_availability import Reason

BOOKED = ("draft", "assigned", "onsite", "returned")
"""states of inspections whose days are still kept free for them"""
OPEN = ("assigned", "onsite", "returned", "submitted", "review")
DONE = ("approved", "rectification", "closed")


class Inspector(models.Model):
    """How much an inspector has to do: open inspections, those of this year, days on site; double bookings."""

    _inherit = "ctsp.inspector"

    member_ids = fields.One2many("ctsp.inspection.member", "inspector_id", "Inspections")
    open_count = fields.Integer("Open Inspections", compute="_compute_workload")
    done_count = fields.Integer("Done This Year", compute="_compute_workload")
    day_count = fields.Integer("Days on Site This Year", compute="_compute_workload")

    @api.depends(
        "member_ids.inspection_id.state", "member_ids.inspection_id.date_start", "member_ids.inspection_id.date_end")
    def _compute_workload(self):
        load = self._workload()
        for inspector in self:
            inspector.open_count, inspector.done_count, inspector.day_count = load.get(inspector._origin.id, (0, 0, 0))

    def _workload(self):
        """Return ``{inspector id: (open inspections, done this year, days on site this year)}``; one query.

        Over all inspections, whoever asks: workload is no secret among regulators, the inspections stay hidden.
        """
        if not self.ids:
            return {}
        self.env["ctsp.inspection"].flush_model(["state", "date_start", "date_end"])
        self.env["ctsp.inspection.member"].flush_model(["inspector_id", "inspection_id"])
        year = clock.today().year
        rows = self.env.execute_query(SQL("""
            SELECT member.inspector_id,
                   count(*) FILTER (WHERE inspection.state IN %(open)s),
                   count(*) FILTER (WHERE inspection.state IN %(done)s AND inspection.date_start >= %(first)s),
                   COALESCE(sum(LEAST(COALESCE(inspection.date_end, inspection.date_start), %(last)s)
                                - GREATEST(inspection.date_start, %(first)s) + 1)
                            FILTER (WHERE inspection.date_start <= %(last)s AND inspection.state != 'cancelled'
                                      AND COALESCE(inspection.date_end, inspection.date_start) >= %(first)s), 0)
              FROM ctsp_inspection_member member
              JOIN ctsp_inspection inspection ON inspection.id = member.inspection_id
             WHERE member.inspector_id IN %(ids)s
          GROUP BY member.inspector_id
        """, open=OPEN, done=DONE, first=date(year, 1, 1), last=date(year, 12, 31), ids=tuple(self.ids)))
        return {row[0]: row[1:] for row in rows}

    def _loads(self):
        """Return ``{inspector id: inspections of this year}``, open ones included: what a drawing balances."""
        return {inspector: counts[0] + counts[1] for inspector, counts in self._workload().items()}

    # ------------------------------------------------------------------
    # Reasons
    # ------------------------------------------------------------------
    def _reasons(self, institution, period, but=None):
        result = super()._reasons(institution, period, but=but)
        first, last = period or (clock.today(), clock.today())
        everyone = self.sudo()  # as in the other reasons: that there is another inspection is all that is told
        for inspector, reason in (*everyone._booking_reasons(first, last, but), *everyone._overload_reasons()):
            result[inspector.id].append(reason)
        return result

    def _booking_reasons(self, first, last, but):
        """Yield where an inspector is sent already on one of the days."""
        members = self.env["ctsp.inspection.member"].search([
            ("inspector_id", "in", self.ids), ("inspection_id.state", "in", BOOKED),
            ("inspection_id", "not in", but.ids if but else []),
            ("inspection_id.date_planned_from", "<=", last),
            "|", ("inspection_id.date_planned_to", ">=", first),
            "&", ("inspection_id.date_planned_to", "=", False), ("inspection_id.date_planned_from", ">=", first)])
        for member in members:
            inspection = member.inspection_id
            yield member.inspector_id, Reason("booked", self.env._(
                "%(inspector)s is sent to another inspection from %(start)s to %(end)s.",
                inspector=member.inspector_id.name, start=inspection.date_planned_from,
                end=inspection.date_planned_to or inspection.date_planned_from))

    def _overload_reasons(self):
        """Yield who has more to do than the parameters allow."""
        parameter = self.env["ctsp.parameter"]
        most_open, most_days = (
            parameter._get("inspection.inspector_max_open"), parameter._get("inspection.inspector_max_days"))
        load = self._workload()
        for inspector in self:
            open_, _done, days = load.get(inspector.id, (0, 0, 0))
            if open_ >= most_open:
                yield inspector, Reason("overload", self.env._(
                    "%(inspector)s has %(count)s open inspections already.",
                    inspector=inspector.name, count=open_))
            if days >= most_days:
                yield inspector, Reason("overload", self.env._(
                    "%(inspector)s has been on site for %(count)s days this year.",
                    inspector=inspector.name, count=days))

    def action_open_inspections(self):
        """Open the inspections of this inspector, with the reader's own rights."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ctsp_inspection.ctsp_inspection_action")
        return {**action, "name": self.env._("Inspections of %s", self.name), "context": {},
                "domain": [("member_ids.inspector_id", "=", self.id)]}
