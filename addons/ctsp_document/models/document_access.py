from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class DocumentAccess(models.Model):
    """Who may read the record may read its papers: decided by sub-queries on the records' own tables and rules."""

    _inherit = "ctsp.document"

    @api.model
    def _document_models(self):
        """Return the names of the models that have papers."""
        registry = self.env.registry
        return [name for name in registry.descendants(["ctsp.document.mixin"], "_inherit")
                if not registry[name]._abstract and not registry[name]._transient]

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True, bypass_access=False):
        if not (self.env.su or bypass_access or self._is_outside()):
            domain = Domain(domain) & self._readable(self._wanted_models(domain))
        return super()._search(domain, offset, limit, order, active_test=active_test, bypass_access=bypass_access)

    def _wanted_models(self, domain):
        """Return the models a search can meet: those its domain names, else all."""
        for condition in Domain(domain).optimize(self).iter_conditions():
            if condition.field_expr == "res_model" and condition.operator == "in":
                return [name for name in condition.value if name in self._document_models()]
        return self._document_models()

    def _readable(self, model_names):
        domain = Domain.FALSE
        for name in model_names:
            records = self.env[name].with_context(active_test=False)
            if records.has_access("read"):
                domain |= Domain("res_model", "=", name) & Domain("res_id", "in", records._search(Domain.TRUE))
        return domain

    def _check_access(self, operation):
        if result := super()._check_access(operation):
            return result
        if not any(self._ids) or self._is_outside():
            return None
        allowed = self.browse(self._search([("id", "in", self.ids)]))
        if operation != "read":
            allowed = allowed.filtered(lambda document: document._may("write"))
        if forbidden := self.filtered("id") - allowed:
            return forbidden, lambda: AccessError(self.env._("You may not reach the record this document is about."))
        return None
