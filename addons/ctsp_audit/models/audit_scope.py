from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

#: Classes with one of these mixins are logged without asking.
#: with the last two, what steers the platform is: parameters, rules, dictionaries.
MIXINS = ("ctsp.workflow.mixin", "ctsp.personal.mixin", "ctsp.integrity.mixin", "ctsp.cached.mixin",
          "ctsp.reference.mixin")
#: The log's own models: rows about rows would never end.
OWN = (
    "ctsp.audit.log", "ctsp.audit.event", "ctsp.audit.seal", "ctsp.audit.archive", "ctsp.audit.verification",
    "ctsp.audit.host.", "ir.cron.trigger", "ir.cron.progress", "ctsp.progress", "bus.", "ir.logging", "mail.message",
    "mail.notification",
)


class AuditScope(models.Model):
    """A model that is logged beyond those whose class says so. Rows add, they never take away."""

    _name = "ctsp.audit.scope"
    _description = "Logged Model"
    _inherit = ["ctsp.cached.mixin"]
    _audit_what = "write"
    _order = "model"

    model_id = fields.Many2one(
        "ir.model", required=True, ondelete="cascade", domain="[('transient', '=', False), ('abstract', '=', False)]")
    model = fields.Char(related="model_id.model", string="Technical Name", store=True, index=True)
    reads = fields.Boolean(string="Reads Too", help="Each look at a record is logged as well: use it sparingly.")
    reason = fields.Char(required=True)
    active = fields.Boolean(default=True)

    _model_unique = models.Constraint("UNIQUE(model_id)", "This model is in the list already.")

    @api.depends("model_id")
    def _compute_display_name(self):
        for scope in self:
            scope.display_name = scope.model_id.name

    @api.constrains("model_id")
    def _check_model(self):
        for scope in self:
            if scope.model.startswith(OWN):
                raise ValidationError(self.env._("“%(model)s” cannot be logged: it is written by the log itself.",
                                                 model=scope.model_id.name))

    @api.model
    @tools.ormcache(cache="stable")
    def _levels(self):
        """Return ``{model name: "write" or "read"}`` of everything that is logged."""
        mixins = tuple(self.pool[name] for name in MIXINS if name in self.pool)
        levels = {}
        for name, cls in self.pool.items():
            if cls._abstract or cls._transient or name.startswith(OWN):
                continue
            if level := cls._audit_what or ("write" if issubclass(cls, mixins) else None):
                levels[name] = level
        for scope in self.sudo().search([]):  # sudo: whoever writes, the list applies
            if scope.model in self.pool:
                levels[scope.model] = "read" if scope.reads or levels.get(scope.model) == "read" else "write"
        return levels
