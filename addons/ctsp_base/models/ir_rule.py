import logging

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)


class IrRule(models.Model):
    """Record rules: the fence of the outside desk, and a refusal in plain words."""

    _inherit = "ir.rule"

    @api.model
    def _compute_domain(self, model_name, mode="read"):
        """Bind share users to their organisation on every owned model, above all rules an administrator may edit."""
        domain = super()._compute_domain(model_name, mode)
        model = self.env[model_name]
        if not hasattr(model, "_desk_domain") or not model._is_outside():
            return domain
        return Domain.AND([domain, model._desk_domain(mode)]).optimize(model)

    def _make_access_error(self, operation, records):
        """Say in plain words what was refused; names of other organisations' records are never told."""
        if self.env.user._is_internal() and self.env.user.has_group("base.group_no_one"):
            return super()._make_access_error(operation, records)
        _logger.info(
            "Access denied by record rules: %s on %s, ids %r, uid %s",
            operation, records._name, records.ids[:6], self.env.uid,
        )
        records.invalidate_recordset()
        access = self.env["ir.model.access"].with_context(**self.env.user.context_get())
        return AccessError(access._ctsp_refusal(operation, records._name))
