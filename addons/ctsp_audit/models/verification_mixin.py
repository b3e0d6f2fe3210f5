from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ctsp_base.models.range_mixin import OPEN


class VerificationMixin(models.AbstractModel):
    """One check of what is sealed or protected, range by range: asked for with a ``scope``, ended with findings.

    All but intact raise an alert, not being able to go on too.
    """

    _name = "ctsp.verification.mixin"
    _description = "Verification"
    _inherit = ["ctsp.range.mixin"]

    _range_asked = frozenset({"scope"})

    issue_count = fields.Integer("Findings", readonly=True, aggregator=None)

    @api.depends("scope", "create_date")
    def _compute_display_name(self):
        labels = dict(self._fields["scope"]._description_selection(self.env))
        for one in self:
            made = fields.Datetime.context_timestamp(one, one.create_date) if one.create_date else None
            one.display_name = f"{labels.get(one.scope)} {made:%Y-%m-%d %H:%M}" if made else labels.get(one.scope)

    def action_start(self):
        """Verify in the background; the administrator's button. A finished one stays: a new one starts."""
        self.ensure_one()
        self.check_access("write")
        if self.state in OPEN:
            raise UserError(self.env._("This verification is running already."))
        if self.state == self._range_first:
            return self._range_enqueue()
        # superuser: the right to verify was checked, a new one has its facts from this one
        new = self.sudo().create({**self._asked_again(), "user_id": self.env.uid})
        new._range_enqueue()
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": new.id, "view_mode": "form",
                "views": [(False, "form")]}

    def _asked_again(self):
        """Return the values with which the same is verified again."""
        return {"scope": self.scope}

    def _range_failed(self, message):
        self._raise_alert("unverified", self.env._("The verification could not go on: %(reason)s", reason=message))

    def _raise_alert(self, kind, text, **links):
        self.env["ctsp.audit.alert"]._raise(kind, self.display_name, max(self.issue_count, 1), text, **links)
