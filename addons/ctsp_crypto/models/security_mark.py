from odoo import api, fields, models
from odoo.exceptions import AccessError

LEVELS = [("internal", "Internal"), ("important", "Important"), ("sensitive", "Sensitive")]


class SecurityMark(models.Model):
    """The security mark of a kind of record: how sensitive it is. Marks are access-control information.

    Made by the platform for whatever is protected or encrypted: personal or encrypted data is sensitive; what binds
    somebody, lets in or says who may do what is important. The security administrator changes a level with a reason.
    GB/T 22239-2019 8.1.4.2 g, GB/T 39786-2021 8.3 (integrity of security marks).
    """

    _name = "ctsp.security.mark"
    _description = "Security Mark"
    _order = "model"
    _rec_name = "model"
    _audit_what = "write"
    _integrity_fields = {1: ("model", "level", "reason")}

    model = fields.Char("Technical Name", required=True, readonly=True)
    model_label = fields.Char("Kind of Record", compute="_compute_about")
    level = fields.Selection(LEVELS, required=True, index=True)
    reason = fields.Char(help="Why the level is another one than the platform's.")
    protection = fields.Char(compute="_compute_about")

    _model_unique = models.Constraint("UNIQUE(model)", "There is a mark for this kind of record already.")

    @api.depends("model")
    def _compute_about(self):
        mapped = self.env["ctsp.integrity"]._map().models
        sealed = {model._name for model in self.env["ctsp.encrypted.mixin"]._crypto_models()}
        for mark in self:
            mark.model_label = self.env["ctsp.integrity"]._model_label(mark.model)
            mark.protection = "、".join(label for label, holds in (
                (self.env._("integrity"), mark.model in mapped),
                (self.env._("encrypted"), mark.model in sealed),
                (self.env._("signed"), mark.model in mapped and bool(mapped[mark.model].signed)),
            ) if holds)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Marks are made by the platform; their level can be changed."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and vals.keys() - {"level", "reason"}:
            raise AccessError(self.env._("Marks are made by the platform; their level can be changed."))
        return super().write(vals)

    def _register_hook(self):
        super()._register_hook()
        if self.pool.updated_modules and self.env["ctsp.crypto.purpose"]._facts("integrity.mac"):
            self._complete()

    @api.model
    def _complete(self):
        """Mark what is protected or encrypted and has no mark yet."""
        known = set(self.search([]).mapped("model"))
        mapped = self.env["ctsp.integrity"]._map().models
        sealed = {model._name for model in self.env["ctsp.encrypted.mixin"]._crypto_models()}
        access = self.env["ctsp.integrity"]._access_models()
        self.create([
            {"model": name, "level": self._level_of(name, name in sealed, name in access)}
            for name in sorted((mapped.keys() | sealed) - known)])

    @api.model
    def _level_of(self, name, is_sealed, is_access):
        model = self.env[name]
        if is_sealed or getattr(model, "_personal_fields", None):
            return "sensitive"
        return "important" if is_access or model._integrity_signed or "state" in model._fields else "internal"
