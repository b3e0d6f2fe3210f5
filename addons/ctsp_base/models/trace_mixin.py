from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

GRANT = "ctsp_trace_grant"
ENGINE = object()  # a live object: no RPC, import or form can put it into a context


class TraceMixin(models.AbstractModel):
    """Append-only rows about records of any model (who did what to which record, when).

    Engine code writes them as superuser; nobody changes or deletes them. A user reads exactly those rows whose record
    he may read, whatever his rights on this model say beyond reading.
    """

    _name = "ctsp.trace.mixin"
    _description = "Trace of a Record"
    _order = "id desc"

    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(string="Record", model_field="res_model", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="By", required=True, readonly=True, default=lambda self: self.env.uid, ondelete="restrict"
    )
    actor = fields.Char(string="By Whom", compute="_compute_actor", compute_sudo=True)
    date = fields.Datetime(string="At", required=True, readonly=True, default=fields.Datetime.now)

    @api.model
    def _append(self, vals_list):
        """Write rows; for engines. Rights on the record are theirs to check."""
        # Superuser: nobody holds the right to create rows, or anybody could make up evidence.
        return self.sudo().with_context(**{GRANT: ENGINE}).create(vals_list)

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.context.get(GRANT) is not ENGINE:
            raise AccessError(self.env._("“%(model)s” is written by the system only.", model=self._model_label()))
        return super().create(vals_list)

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_actor(self):
        """Name the one who did it; to outside users, the regulator's people are the regulator."""
        veiled = self.env.user.share
        for row in self:
            insider = not row.user_id.share
            row.actor = self.env._("Regulator") if veiled and insider else row.user_id.name

    @api.model
    def _has_field_access(self, field, operation):
        """Outside users do not learn which of the regulator's people it was; they read ``actor``."""
        if self.env.user.share and not self.env.su and field.comodel_name == "res.users":
            return False
        return super()._has_field_access(field, operation)

    def write(self, vals):  # pylint: disable=method-required-super
        raise AccessError(self.env._("“%(model)s” is evidence and cannot be changed.", model=self._model_label()))

    @api.ondelete(at_uninstall=False)
    def _refuse_unlink(self):
        raise AccessError(self.env._("“%(model)s” is evidence and cannot be deleted.", model=self._model_label()))

    def _model_label(self):
        return self.env["ir.model"]._get(self._name).name

    @api.model
    def _traced_models(self):
        """Return the names of the models that may have rows here."""
        raise NotImplementedError

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True, bypass_access=False):
        if not self.env.su and not bypass_access:
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
        if not any(self._ids):
            return None
        allowed = self.browse(self._search([("id", "in", self.ids)]))
        if forbidden := self - allowed:
            return forbidden, lambda: AccessError(self.env._("You may not read the record this row is about."))
        return None
