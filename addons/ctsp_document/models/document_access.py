from odoo import api, models


class DocumentAccess(models.Model):
    """Who may read the record may read its papers; writing is the record's to allow. Outside, release decides."""

    _name = "ctsp.document"
    _inherit = ["ctsp.document", "ctsp.record.access.mixin"]

    @api.model
    def _traced_models(self):
        registry = self.env.registry
        return [name for name in registry.descendants(["ctsp.document.mixin"], "_inherit")
                if not registry[name]._abstract and not registry[name]._transient]

    @api.model
    def _goes_by_record(self):
        return super()._goes_by_record() and not self._is_outside()

    def _wanted_models(self, domain):
        return [name for name in super()._wanted_models(domain) if name in self._traced_models()]

    def _allowed(self, operation):
        allowed = super()._allowed(operation)
        return allowed if operation == "read" else allowed.filtered(lambda document: document._may("write"))
