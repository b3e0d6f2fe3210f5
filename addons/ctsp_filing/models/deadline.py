from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.ctsp_base.tools import clock

OPEN = ("open", "overdue")


class Deadline(models.Model):
    """A legal time limit that runs for an institution: when it started, by when what has to be done.

    First inspection: within 60 working days of filing for a new institution, a new specialty, a changed address
    (药物临床试验机构管理规定, 2019年第101号; parameter ``filing.first_inspection_days``). Working days follow the
    official calendar; where it is not published yet the due date is provisional and computed again when it is.
    """

    _name = "ctsp.deadline"
    _description = "Deadline"
    _inherit = ["mail.thread", "mail.activity.mixin", "ctsp.owned.mixin", "ctsp.export.mixin", "ctsp.outbox.mixin",
                "ctsp.due.mixin"]
    _order = "date_due, id"
    _integrity_fields = {1: (
        "kind", "institution_id", "specialty_id", "date_start", "days", "date_due", "state", "date_closed")}
    _owner_path = "institution_id.partner_id"
    _due_states = OPEN

    kind = fields.Selection(
        [("first_inspection", "First Inspection")], string="Kind of Deadline", required=True, readonly=True,
        default="first_inspection", index=True)
    reason = fields.Selection(
        [("new_institution", "New Institution"), ("new_specialty", "New Specialty"),
         ("changed_address", "Changed Address")], required=True, readonly=True, index=True)
    institution_id = fields.Many2one("ctsp.institution", required=True, readonly=True, index=True, ondelete="restrict")
    district_id = fields.Many2one(related="institution_id.district_id", store=True, index="btree_not_null")
    specialty_id = fields.Many2one("ctsp.specialty", readonly=True, index="btree_not_null", ondelete="restrict")
    site_id = fields.Many2one("ctsp.site", readonly=True, index="btree_not_null", ondelete="set null")
    filing_id = fields.Many2one("ctsp.filing", readonly=True, index="btree_not_null", ondelete="restrict")
    date_start = fields.Date("Runs From", required=True, readonly=True)
    days = fields.Integer("Working Days", required=True, readonly=True, aggregator=None)
    date_warning = fields.Date("Warn From", readonly=True)
    date_due = fields.Date("Due", required=True, readonly=True, index=True)
    provisional = fields.Boolean(
        readonly=True, help="The official calendar of holidays is not published for the whole period yet.")
    state = fields.Selection(
        [("open", "Running"), ("overdue", "Overdue"), ("met", "Met"), ("cancelled", "Cancelled")],
        required=True, default="open", readonly=True, index=True, tracking=True)
    date_closed = fields.Date("Closed On", readonly=True)
    note = fields.Char(readonly=True)

    @api.depends("institution_id", "specialty_id", "site_id", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for deadline in self:
            parts = [deadline.institution_id.name, deadline.specialty_id.name or deadline.site_id.name,
                     kinds.get(deadline.kind)]
            deadline.display_name = " · ".join(part for part in parts if part)

    # ------------------------------------------------------------------
    # Opening and closing: engine methods, called with the right checked
    # ------------------------------------------------------------------
    @api.model
    def _dates(self, start):
        """Return the dates of a first inspection whose limit starts on ``start``."""
        parameter, workday = self.env["ctsp.parameter"], self.env["ctsp.workday"]
        days = parameter._get("filing.first_inspection_days", on=start)
        early = parameter._get("filing.first_inspection_warning_days", on=start)
        due = workday._add(start, days)
        return {
            "date_start": start, "days": days, "date_due": due,
            "date_warning": workday._add(start, max(days - early, 0)),
            "provisional": not all(workday._is_published(year) for year in range(start.year, due.year + 1)),
        }

    @api.model
    def _open(self, filing, rows):
        """Open a first-inspection deadline for each of ``rows`` (reason, specialty, site) of an approved filing."""
        dates = self._dates(filing.effective_date)
        deadlines = self.sudo().create([
            {"institution_id": filing.institution_id.id, "filing_id": filing.id, **dates, **row} for row in rows])
        for deadline in deadlines:
            deadline._outbox_emit("ctsp.deadline.open", {
                "id": deadline.id, "kind": deadline.kind, "reason": deadline.reason,
                "institution_id": deadline.institution_id.id, "due": fields.Date.to_string(deadline.date_due)})
        return deadlines

    def _meet(self, date, note=None):
        """Close running deadlines: what they ask for was done on ``date`` (called by the inspection plan)."""
        self._close("met", date, note)

    def _cancel(self, note):
        """Close running deadlines: their reason is gone."""
        self._close("cancelled", clock.today(), note)

    def _close(self, state, date, note):
        running = self.sudo().filtered(lambda deadline: deadline.state in OPEN)  # engine row, no user writes it
        running.write({"state": state, "date_closed": date, "note": note})
        self.env["ctsp.risk.alert"]._resolve(running._alert_keys())

    @api.model
    def _cancel_at(self, sites, note):
        """Cancel the running deadlines of ``sites``, which were given up."""
        self.sudo().search(Domain("site_id", "in", sites.ids) & Domain("state", "in", OPEN))._cancel(note)

    @api.model
    def _cancel_for(self, institution, specialties, note):
        """Cancel the running deadlines of ``specialties``, of the whole institution when None."""
        domain = Domain("institution_id", "=", institution.id) & Domain("state", "in", OPEN)
        if specialties is not None:
            domain &= Domain("specialty_id", "in", specialties.ids)
        self.sudo().search(domain)._cancel(note)
