from odoo import api, models
from odoo.exceptions import AccessError


class IrModelAccess(models.Model):
    """Access rights: a refusal in plain words, without the names of internal groups."""

    _inherit = "ir.model.access"

    @api.model
    def _ctsp_refusal(self, operation, model_name):
        """Return the sentence a refused user reads."""
        label = self.env["ir.model"]._get(model_name).name or model_name
        sentences = {
            "read": self.env._("You may not see this “%(model)s”: it is not among your records.", model=label),
            "write": self.env._("You may not change this “%(model)s”.", model=label),
            "create": self.env._("You may not create a “%(model)s”.", model=label),
            "unlink": self.env._("You may not delete this “%(model)s”.", model=label),
        }
        return sentences[operation]

    def _make_access_error(self, model, mode):
        if self.env.user._is_internal():
            return super()._make_access_error(model, mode)
        return AccessError(self._ctsp_refusal(mode, model))
