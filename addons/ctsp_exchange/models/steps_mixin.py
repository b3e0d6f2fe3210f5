from odoo import api, models
from odoo.exceptions import AccessError, UserError


class ExchangeSteps(models.AbstractModel):
    """What both sides rely on once it is in use: drafted, used, retired by its buttons, and never a draft again."""

    _name = "ctsp.exchange.steps.mixin"
    _description = "Steps by Buttons"

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("state", "draft") != "draft" for vals in vals_list):
            self._refuse_state()
        return super().create(vals_list)

    def write(self, vals):
        if "state" in vals:
            self._refuse_state()
        return super().write(vals)

    @api.model
    def _refuse_state(self):
        if not self.env.su:
            raise AccessError(self.env._("State: it is changed by the buttons alone."))

    def _step(self, before, after):
        """Take records from one of the states ``before`` to ``after``."""
        self.check_access("write")
        if wrong := self.filtered(lambda one: one.state not in before)[:1]:
            raise UserError(self.env._("“%(record)s” cannot take this step now.", record=wrong.display_name))
        self.sudo().write({"state": after})  # sudo: only this way; the right was checked
