from odoo import models
from odoo.fields import Date

from odoo.addons.ctsp_base.tools import clock

EARLIER, FINDINGS, TRIALS, ALERTS = 8, 30, 60, 20
"""most rows of each part of the page; what is left out is said"""


class InspectionDossier(models.Model):
    """What stands on the page of a dossier."""

    _inherit = "ctsp.inspection.dossier"

    def _data(self):
        """Return the page as records and plain values.

        Superuser: who may read the dossier (the team, planners, reviewers, leaders) is told the findings of earlier
        inspections of this institution, whoever made them. Telephone numbers of people are not on it.
        """
        self.ensure_one()
        self.check_access("read")
        dossier = self.sudo()
        institution = dossier.institution_id
        return {
            "today": clock.today(),
            "inspection": dossier.inspection_id,
            "institution": institution,
            "specialties": institution.specialty_ids.filtered(lambda row: row.state == "filed"),
            "new_specialties": dossier._new_specialties(),
            "licences": institution.licence_ids.filtered(lambda row: row.expiry_state in ("expiring", "expired")),
            "earlier": dossier._earlier(),
            "findings": dossier._open_findings(),
            "frequent": dossier._frequent_points(),
            "sites": dossier._trial_rows(),
            "alerts": dossier._open_alerts(),
            "limits": {"earlier": EARLIER, "findings": FINDINGS, "trials": TRIALS, "alerts": ALERTS},
        }

    def _earlier(self):
        return self.env["ctsp.inspection.history"].search([
            ("institution_id", "=", self.institution_id.id),
            ("inspection_id", "!=", self.inspection_id.id)], limit=EARLIER)

    def _new_specialties(self):
        """Return the specialties filed since the last inspection, all when there was none."""
        last = self._earlier()[:1].date_start
        specialties = self.institution_id.specialty_ids.filtered(lambda row: row.state == "filed")
        return specialties.filtered(lambda row: last and row.filed_date and row.filed_date > last)

    def _open_findings(self):
        return self.env["ctsp.rectification"].search([
            ("institution_id", "=", self.institution_id.id), ("state", "in", ("waiting", "answered", "returned"))],
            limit=FINDINGS)

    def _frequent_points(self):
        """Return ``[(inspection point, findings)]`` of the last three years, the most frequent first."""
        since = Date.subtract(clock.today(), years=3)
        return self.env["ctsp.finding"]._read_group(
            [("institution_id", "=", self.institution_id.id), ("inspection_date", ">=", since),
             ("state", "in", ("issued", "answered", "accepted"))],
            ["point"], ["__count"], order="__count DESC", limit=5)

    def _trial_rows(self):
        """Return what the institution does in trials, running ones with most subjects first."""
        sites = self._sites()
        return sites.sorted(lambda site: (not site.trial_id.is_running, -site.actual, site.id))[:TRIALS]

    def _open_alerts(self):
        return self.env["ctsp.risk.alert"].search([
            ("owner_name", "in", [self.institution_id.name, self.institution_id.partner_id.name]),
            ("state", "in", ("new", "assigned", "handled"))],
            order="date_deadline, id", limit=ALERTS)
