from odoo import api, fields, models
from odoo.fields import Domain
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
        arms = [self._count_query(model, counters) for model, counters in self._count_arms(wanted)
                if self.env[model].has_access("read")]
        counts = {}
        for names, institution, numbers in self.env.execute_query(SQL(" UNION ALL ").join(arms)) if arms else []:
            counts.update(((name, institution), number) for name, number in zip(names, numbers, strict=True))
        for name in wanted:
            for institution in self:
                self._fields[name]._update_cache(institution, counts.get((name, institution._origin.id), 0))

    @api.model
    def _count_arms(self, wanted):
        """Return ``[(model, [(counter, domain, what)])]``: one pass over a model's rows serves all its counters.

        A condition on another model gets a pass of its own: as a filter of an aggregate it would read that whole table.
        """
        together, alone = {}, []
        for name, (model, domain, what) in wanted.items():
            if any("." in condition.field_expr for condition in Domain(domain).iter_conditions()):
                alone.append((model, [(name, domain, what)]))
            else:
                together.setdefault(model, []).append((name, domain, what))
        return [*together.items(), *alone]

    def _count_query(self, model, counters):
        """Return the query of (counters, institution, numbers) over the rows of ``model`` the user may read."""
        rows = self._count_rows(model)
        conditions = [Domain(domain) for _name, domain, _what in counters]
        query = rows._search(Domain("institution_id", "in", self._origin.ids) & Domain.OR(conditions))
        table = query.table
        numbers = []
        for (_name, _domain, what), condition in zip(counters, conditions, strict=True):
            number = SQL("COUNT(*)") if what == "id" else SQL(
                "COUNT(DISTINCT %s)", rows._field_to_sql(table, what, query))
            if len(counters) > 1:
                condition = condition.optimize_full(rows)
                number = SQL("%s FILTER (WHERE %s)", number, condition._to_sql(rows, table, query))
            numbers.append(number)
        query.groupby = institution = rows._field_to_sql(table, "institution_id", query)
        return query.select(SQL("%s", [name for name, *_rest in counters]), institution,
                            SQL("ARRAY[%s]", SQL(", ").join(numbers)))

    @api.model
    def _count_rows(self, model):
        """Return the model whose rows are counted: hook for one whose table is dear to plan."""
        return self.env[model]

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
