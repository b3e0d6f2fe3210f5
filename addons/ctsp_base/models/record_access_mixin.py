from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class RecordAccessMixin(models.AbstractModel):
    """Rows about records of several models (``res_model``, ``res_id``): who may read the record may read its rows.

    Decided by sub-queries on the records' own tables and rules, whatever the rights on the heir say beyond reading.
    """

    _name = "ctsp.record.access.mixin"
    _description = "Access by Record"

    @api.model
    def _traced_models(self):
        """Return the names of the models that may have rows here."""
        raise NotImplementedError

    @api.model
    def _goes_by_record(self):
        """Say whether the user's access follows the records; the superuser's never does. For override."""
        return not self.env.su

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True, bypass_access=False):
        if self._goes_by_record() and not bypass_access:
            domain = Domain(domain) & self._readable_domain(self._wanted_models(domain))
        return super()._search(domain, offset, limit, order, active_test=active_test, bypass_access=bypass_access)

    def _wanted_models(self, domain):
        """Return the models a search can meet: those its domain names, else all."""
        for condition in Domain(domain).optimize(self).iter_conditions():
            if condition.field_expr == "res_model" and condition.operator == "in":
                return [name for name in condition.value if name in self.env]
        return self._traced_models()

    def _readable_domain(self, model_names):
        """Return the domain of the rows whose record the user may read, as sub-queries."""
        domain = Domain.FALSE
        for name in model_names:
            records = self.env[name].with_context(active_test=False)
            if records.has_access("read"):
                domain |= Domain("res_model", "=", name) & Domain("res_id", "in", records._search(Domain.TRUE))
        return domain

    def _check_access(self, operation):
        if result := super()._check_access(operation):
            return result
        if not any(self._ids) or not self._goes_by_record():
            return None
        allowed = self.browse(self._search([("id", "in", self.ids)]))._allowed(operation)
        if forbidden := self.filtered("id") - allowed:
            return forbidden, lambda: AccessError(self.env._("You may not read the record this row is about."))
        return None

    def _allowed(self, operation):
        """Return those of the rows about readable records that ``operation`` is open on. For override."""
        return self
