from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class DocumentPart(models.AbstractModel):
    """A row of a paper: read by who reads the paper."""

    _name = "ctsp.document.part.mixin"
    _description = "Part of a Document"

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True, bypass_access=False):
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & Domain("document_id", "in", self.env["ctsp.document"]._search(Domain.TRUE))
        return super()._search(domain, offset, limit, order, active_test=active_test, bypass_access=bypass_access)

    def _check_access(self, operation):
        if result := super()._check_access(operation):
            return result
        if self.env.su or not any(self._ids):
            return None
        allowed = self.browse(self._search([("id", "in", self.ids)]))
        if forbidden := self.filtered("id") - allowed:
            return forbidden, lambda: AccessError(self.env._("You may not reach the document this belongs to."))
        return None
