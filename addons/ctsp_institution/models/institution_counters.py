from odoo import api, fields, models

COUNTED = {
    "site_count": "ctsp.site",
    "specialty_count": "ctsp.specialty",
    "person_count": "ctsp.person",
    "ethics_committee_count": "ctsp.ethics.committee",
    "licence_count": "ctsp.licence",
    "version_count": "ctsp.institution.version",
}
"""counter → model that points at the institution by ``institution_id``"""


class Institution(models.Model):
    """Counters and links of an institution's smart buttons."""

    _inherit = "ctsp.institution"  # pylint: disable=consider-merging-classes-inherited

    site_count = fields.Integer("Number of Sites", compute="_compute_site_count")
    specialty_count = fields.Integer("Number of Specialties", compute="_compute_specialty_count")
    person_count = fields.Integer("Number of People", compute="_compute_person_count")
    ethics_committee_count = fields.Integer("Number of Ethics Committees", compute="_compute_ethics_committee_count")
    licence_count = fields.Integer("Number of Licences", compute="_compute_licence_count")
    version_count = fields.Integer("Number of Versions", compute="_compute_version_count")
    licence_warning_count = fields.Integer(
        "Licences Expired or Expiring", compute="_compute_licence_warning_count")

    # a method each: a list that shows one counter does not pay for six

    def _compute_site_count(self):
        self._count_children("site_count")

    def _compute_specialty_count(self):
        self._count_children("specialty_count", [("state", "=", "filed")])

    def _compute_person_count(self):
        self._count_children("person_count")

    def _compute_ethics_committee_count(self):
        self._count_children("ethics_committee_count")

    def _compute_licence_count(self):
        self._count_children("licence_count")

    def _compute_version_count(self):
        self._count_children("version_count")

    def _count_children(self, counter, domain=()):
        """Set ``counter`` to the number of records below each institution; one grouped query."""
        groups = self.env[COUNTED[counter]]._read_group(
            [("institution_id", "in", self.ids), *domain], ["institution_id"], ["__count"])
        counts = dict(groups)
        for institution in self:
            institution[counter] = counts.get(institution._origin, 0)

    @api.depends("licence_ids.valid_to")
    @api.depends_context("tz")
    def _compute_licence_warning_count(self):
        domain = [("institution_id", "in", self.ids), ("expiry_state", "in", ("expiring", "expired"))]
        counts = dict(self.env["ctsp.licence"]._read_group(domain, ["institution_id"], ["__count"]))
        for institution in self:
            institution.licence_warning_count = counts.get(institution._origin, 0)

    def _open_children(self, action):
        """Return the window action ``action`` of this addon, limited to this institution."""
        self.ensure_one()
        result = self.env["ir.actions.act_window"]._for_xml_id(action)
        result["domain"] = [("institution_id", "=", self.id)]
        result["context"] = {"default_institution_id": self.id, "search_default_institution_id": self.id}
        return result

    # called by buttons; each returns an action, whose data calls check the rights of the caller

    def action_open_sites(self):
        return self._open_children("ctsp_institution.ctsp_site_action")

    def action_open_specialties(self):
        return self._open_children("ctsp_institution.ctsp_specialty_action")

    def action_open_people(self):
        return self._open_children("ctsp_institution.ctsp_person_action")

    def action_open_ethics_committees(self):
        return self._open_children("ctsp_institution.ctsp_ethics_committee_action")

    def action_open_licences(self):
        return self._open_children("ctsp_institution.ctsp_licence_action")

    def action_open_versions(self):
        return self._open_children("ctsp_institution.ctsp_institution_version_action")
