from odoo import api, fields, models, tools


class ExchangeSubscription(models.Model):
    """Which business event makes a message of which type."""

    _name = "ctsp.exchange.subscription"
    _description = "Business Event That Is Sent"
    _inherit = ["ctsp.cached.mixin"]
    _order = "event, id"
    _rec_name = "event"
    _audit_what = "write"
    _integrity_fields = {1: ("event", "type_id", "active")}

    event = fields.Char(required=True, index=True, help="Name of a business event, e.g. ctsp.institution.filed")
    type_id = fields.Many2one(
        "ctsp.exchange.type", required=True, index=True, ondelete="cascade", domain="[('direction', '=', 'out')]")
    backend_id = fields.Many2one(related="type_id.backend_id", store=True, index=True)
    active = fields.Boolean(default=True)

    _event_unique = models.Constraint("UNIQUE(event, type_id)", "This event is sent with this type already.")

    @api.model
    @tools.ormcache("event")
    def _types(self, event):
        """Return the identifiers of the types that ``event`` makes."""
        rows = self.sudo().search([("event", "=", event)])  # sudo: whoever makes the step
        return rows.type_id.filtered(lambda kind: kind.active and kind.backend_id.active).ids
