"""Rights on models, record rules and steps of workflows: looked at when somebody signs in, as far as they are his."""
from odoo import api, models
from odoo.tools import SQL

RIGHTS = {"ir.model.access": "group_id", "ir.rule": "groups", "ctsp.workflow.rule": "group_ids"}
_looked: dict[str, tuple[list, list]] = {}
"""by database: how its tables of rights looked when they were verified, and what was found. To verify all of them costs
some 50 ms, the look at the tables 2: it says whether a row was written since, whoever wrote it"""


class Integrity(models.AbstractModel):
    """Who was given a right by SQL is kept out by the next sign-in as who was given a role.

    What is altered for everybody (a rule without roles, a right that is gone) raises the alert and keeps nobody out:
    else one statement would lock up the whole house.
    """

    _inherit = "ctsp.integrity"

    @api.model
    def _check_user(self, user):
        return super()._check_user(user) + self._check_rights(user)

    @api.model
    def _check_rights(self, user):
        """Return what is altered in the rights of the roles of ``user``."""
        roles = user.sudo().all_group_ids  # superuser: the check does not depend on what he may read
        return [found for found in self._altered_rights() if self._roles_of(found) & roles]

    @api.model
    def _altered_rights(self):
        """Return the findings about all rights; verified anew where a row of theirs was written since the last time."""
        self.env.flush_all()
        look = self._look()
        before, findings = _looked.get(self.env.cr.dbname, (None, []))
        if look == before:
            return findings
        protected = [name for name in RIGHTS if self._is_begun(name)]
        findings = [found for name in protected for found in self._check_all(name)]
        known = {name: self._known(name) for name in protected}
        if fresh := [one for one in findings if one.identity not in known[one.model]]:
            self._announce_rights(fresh)
        _looked[self.env.cr.dbname] = look, findings
        return findings

    @api.model
    def _look(self):
        """Return what changes with every row that is written, put in or taken away (its transaction and its place)."""
        protections = [self._map().models[name] for name in RIGHTS]
        tables = [name for one in protections for name in (one.table, *(link.relation for link in one.links.values()))]
        return self.env.execute_query(SQL(" UNION ALL ").join(SQL(
            "SELECT %s, count(*), sum(hashtextextended(t.xmin::text || t.ctid::text, 0)) FROM %s t",
            table, SQL.identifier(table)) for table in tables))

    @api.model
    def _roles_of(self, found):
        # superuser: as above
        return self.env[found.model].sudo().browse(found.res_id).exists()[RIGHTS[found.model]]

    @api.model
    def _announce_rights(self, findings):
        with self._announcing("integrity.rights", self.env["ir.model.access"], findings) as found:
            found._tell("rights", found.env._(
                "Rights on models, record rules or steps were altered outside the platform."))
