from odoo import api, fields, models
from odoo.exceptions import AccessError

GRANT = "ctsp_trace_grant"
ENGINE = object()  # a live object: no RPC, import or form can put it into a context


class TraceMixin(models.AbstractModel):
    """Append-only rows about records of any model (who did what to which record, when).

    Engine code writes them as superuser; nobody changes or deletes them. A user reads exactly those rows whose record
    he may read, whatever his rights on this model say beyond reading.
    """

    _name = "ctsp.trace.mixin"
    _inherit = ["ctsp.record.access.mixin"]
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
