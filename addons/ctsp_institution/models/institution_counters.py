from odoo import api, fields, models
from odoo.tools import SQL


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

    # a method each: a list that shows one counter does not pay for all

    def _compute_site_count(self):
        self._count("site_count")

    def _compute_specialty_count(self):
        self._count("specialty_count")

    def _compute_person_count(self):
        self._count("person_count")

    def _compute_ethics_committee_count(self):
        self._count("ethics_committee_count")

    def _compute_licence_count(self):
        self._count("licence_count")

    def _compute_version_count(self):
        self._count("version_count")

    @api.depends("licence_ids.valid_to")
    @api.depends_context("tz")
    def _compute_licence_warning_count(self):
        self._count("licence_warning_count")

    @api.model
    def _counters(self):
        """Return ``{counter: (model, domain, what)}``: rows that point at the institution by ``institution_id``.

        ``what``: the field whose different values are counted. An addon with a counter of its own adds it here and
        calls :meth:`_count` in its compute method.
        """
        return {
            "site_count": ("ctsp.site", [], "id"),
            "specialty_count": ("ctsp.specialty", [("state", "=", "filed")], "id"),
            "person_count": ("ctsp.person", [], "id"),
            "ethics_committee_count": ("ctsp.ethics.committee", [], "id"),
            "licence_count": ("ctsp.licence", [], "id"),
            "version_count": ("ctsp.institution.version", [], "id"),
            "licence_warning_count": ("ctsp.licence", [("expiry_state", "in", ("expiring", "expired"))], "id"),
        }

    def _count(self, counter):
        """Set ``counter``, or for one institution (its form shows them all) every counter; one query either way.

        What the user may not read counts 0.
        """
        counters = self._counters()
        wanted = counters if len(self) == 1 else {counter: counters[counter]}
        arms = [self._count_query(name, *source) for name, source in wanted.items()
                if self.env[source[0]].has_access("read")]
        rows = self.env.execute_query(SQL(" UNION ALL ").join(arms)) if arms else []
        counts = {tuple(key): count for *key, count in rows}
        for name in wanted:
            for institution in self:
                self._fields[name]._update_cache(institution, counts.get((name, institution._origin.id), 0))

    def _count_query(self, counter, model, domain, what):
        """Return the query of (counter, institution, number) over the rows the user may read."""
        rows = self.env[model]
        query = rows._search([("institution_id", "in", self._origin.ids), *domain])
        query.groupby = institution = rows._field_to_sql(query.table, "institution_id", query)
        number = SQL("COUNT(DISTINCT %s)", rows._field_to_sql(query.table, what, query))
        return query.select(SQL("%s", counter), institution, number)

    def _open_children(self, action):
        """Return the window action ``action``, limited to this institution."""
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
