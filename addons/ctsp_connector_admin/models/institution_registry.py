from odoo import models

from odoo.addons.ctsp_exchange.tools.outgoing import Outgoing

from ..tools import registry, words


class InstitutionRegistry(models.AbstractModel):
    """What the registry says of an institution (institution.registry), whenever a filing changed it.

    What is encrypted here does not leave, nor what is personal without being public (``tools.registry``).
    """

    _name = "ctsp.connector.admin.institution.registry"
    _inherit = "ctsp.exchange.handler"
    _description = "Inspection System: Registry"

    _push_model = "ctsp.institution"

    def _push_since(self, moment):
        return [("version_ids.date", ">=", moment)]

    def _payloads(self, records, event, facts):
        for institution in records:
            yield Outgoing(institution.record_no or f"#{institution.id}", self._facts(institution), records=institution)

    def _facts(self, institution):
        return words.institution(institution) | {
            "state": institution.state, "level": institution.level_id.name or "", "address": institution.address or "",
            "district": institution.district_id.code or "", "firstFiled": words.day(institution.first_filed_date),
            "formerNames": institution.former_name_ids.mapped("name"),
            "sites": [{"name": site.name or "", "address": site.address or ""} for site in institution.site_ids],
            "specialties": [
                {"code": row.discipline_id.code or "", "name": row.name or "", "state": row.state,
                 "principal": row.pi_id.name or ""} for row in institution.specialty_ids],
            "ethicsCommittees": [registry.committee(row) for row in institution.ethics_committee_ids],
            "people": registry.people(institution),
            "trials": [
                {"registrationNo": trial.ctr_no or "", "name": trial.name or ""}
                for trial in self._trials(institution)],
            "annualReports": [
                {"year": report.year, "state": report.state} for report in self._reports(institution)]}

    def _trials(self, institution):
        return self.env["ctsp.trial.site"].search([("institution_id", "=", institution.id)]).trial_id

    def _reports(self, institution):
        return self.env["ctsp.annual.report"].search([("institution_id", "=", institution.id)])
