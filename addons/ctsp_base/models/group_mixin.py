from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL


class GroupMixin(models.AbstractModel):
    """Thousands of groups, one page of them: found in the order of the linked table, not by sorting all records.

    Odoo joins every record with what its groups are sorted by and throws all but a page away. Here the page comes
    from the linked table, by an index in its default order; then the records of these groups are added up.
    """

    _name = "ctsp.group.mixin"
    _description = "Paged Groups"
    _paged_groups = ()
    """stored many2one fields with an index each; the default order of what they link to has an index too"""

    def _formatted_read_group_with_length(self, domain, groupby, aggregates, offset=0, limit=None, order=None):
        name = groupby[0]
        if limit and name in self._paged_groups and order == name:
            page = self._group_page(domain, name, offset, limit)
            if len(page) == limit:  # the last page is left to Odoo: it ends with the records that have no group
                groups = self.formatted_read_group(
                    Domain(domain) & Domain(name, "in", page.ids), groupby, aggregates, order=order)
                return groups, self._group_number(domain, name)
        return super()._formatted_read_group_with_length(domain, groupby, aggregates, offset, limit, order)

    def _group_page(self, domain, name, offset, limit):
        """Return the linked records of one page, in their default order."""
        members = self._search(domain)
        links = members.subselect(self._field_to_sql(members.table, name, members))
        # superuser: a group shows the name of what it stands for to whoever reads its records, as Odoo's own groups do
        linked = self.env[self._fields[name].comodel_name].sudo().with_context(active_test=False)
        query = linked._search([], offset=offset, limit=limit, order=linked._order)
        query.add_where(SQL("%s IN %s", SQL.identifier(query.table, "id"), links))
        return linked.browse(query)

    def _group_number(self, domain, name):
        """Return the number of groups."""
        query = self._search(domain)
        query.groupby = self._field_to_sql(query.table, name, query)
        return self.env.execute_query(SQL("SELECT COUNT(*) FROM (%s) AS groups", query.select(query.groupby)))[0][0]
