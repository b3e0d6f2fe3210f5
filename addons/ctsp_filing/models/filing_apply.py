from odoo import fields, models
from odoo.exceptions import UserError

from .filing import LINE_FIELDS


class Filing(models.Model):
    """Carrying an approved filing into the registry: everything in the transaction of the approval, or nothing."""

    _inherit = "ctsp.filing"

    def _apply(self):
        """Apply the proposal, write the version, compute deadlines (superuser mode, called by the approval)."""
        self.ensure_one()
        self.effective_date = self._effective_date()
        getattr(self, f"_apply_{self.kind}")()
        self.institution_id.flush_recordset()
        self.institution_id._make_version(origin=self, reason=self.reason or None)
        self._open_deadlines()
        self.institution_id._outbox_emit("ctsp.institution.filed", self._event_payload())

    def _apply_initial(self):
        if self.institution_id:
            self.institution_id.write(self._registry_vals())
        else:
            self.institution_id = self._new_institution()
        self._apply_all_rows()
        self.institution_id.write({
            "state": "filed",
            "active": True,
            "record_no": self.record_no,
            "first_filed_date": self.effective_date,
            "cancelled_date": False,
            "cancel_reason": False,
        })

    def _apply_change(self):
        vals = self._registry_vals()
        self.institution_id.write({**vals, "last_change_date": self.effective_date})
        if vals.get("name") and self.base_values.get("name"):
            self.institution_id.former_name_ids.create({
                "institution_id": self.institution_id.id, "name": self.base_values["name"],
                "date_to": self.effective_date})
        self._apply_all_rows()

    def _apply_cancellation(self):
        if self.scope == "specialty":
            self.specialty_ids._apply_rows()
            self.institution_id.last_change_date = self.effective_date
            gone = self.specialty_ids.filtered("removal").target_id
            self.env["ctsp.deadline"]._cancel_for(self.institution_id, gone, self.env._("Specialty cancelled"))
            return
        ending = {"state": "cancelled", "cancelled_date": self.effective_date, "cancel_reason": self.reason}
        self.institution_id.specialty_ids.filtered(lambda specialty: specialty.state == "filed").write(ending)
        self.institution_id.write(ending)
        self.env["ctsp.deadline"]._cancel_for(self.institution_id, None, self.env._("Institution cancelled"))

    def _apply_all_rows(self):
        for name in LINE_FIELDS:
            rows = self[name]
            rows._apply_rows()
            for row in rows.filtered(lambda line: line.operation != "remove"):
                row._apply_sub_rows()
        removed = self.specialty_ids.filtered(lambda line: line.operation == "remove").target_id
        self.env["ctsp.deadline"]._cancel_for(self.institution_id, removed, self.env._("Specialty cancelled"))
        given_up = self.site_ids.filtered(lambda line: line.operation == "remove").target_id
        self.env["ctsp.deadline"]._cancel_at(given_up, self.env._("Site given up"))

    # ------------------------------------------------------------------
    # A new institution and its people
    # ------------------------------------------------------------------
    def _new_institution(self):
        """Create the institution; its company becomes the owner, users who filed on their own account join it."""
        institutions = self.env["ctsp.institution"].with_context(active_test=False)
        known = institutions.search([("uscc", "=", self.uscc)], limit=1) if self.uscc else institutions
        if known:
            raise UserError(self.env._(
                "Unified Social Credit Code: %(institution)s is registered under this code; the filing has to be made "
                "with that institution's own account.", institution=known.name))
        vals = self._registry_vals()
        if self.applicant_id.is_company:
            vals["partner_id"] = self.applicant_id.id
        institution = institutions.create({**vals, "data_source": self.display_name})
        if not self.applicant_id.is_company:
            self.applicant_id.parent_id = institution.partner_id
        return institution

    # ------------------------------------------------------------------
    # What follows
    # ------------------------------------------------------------------
    def _open_deadlines(self):
        """Open the first-inspection deadlines: new institution, new specialty, changed address (60 个工作日)."""
        rows = []
        if self.kind == "initial":
            rows.append({"reason": "new_institution"})
        elif self.kind == "change":
            added = self.specialty_ids.filtered(lambda line: line.operation == "add")
            moved = self.site_ids._address_changed()
            rows += [{"reason": "new_specialty", "specialty_id": line.target_id.id} for line in added]
            rows += [{"reason": "changed_address", "site_id": line.target_id.id} for line in moved]
            if not moved and "address" in self._changed_names():
                rows.append({"reason": "changed_address"})
        self.env["ctsp.deadline"]._open(self, rows)

    def _event_payload(self):
        return {
            "filing_id": self.id, "number": self.number, "kind": self.kind, "institution_id": self.institution_id.id,
            "record_no": self.institution_id.record_no, "uscc": self.institution_id.uscc,
            "effective_date": fields.Date.to_string(self.effective_date),
            "version": self.institution_id.version_number,
        }
