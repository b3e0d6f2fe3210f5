import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

PATH = re.compile(r"[A-Za-z0-9._~/-]+")


class ExchangeType(models.Model):
    """A kind of message of one system and direction: which model handles it, and in which order."""

    _name = "ctsp.exchange.type"
    _description = "Message Type"
    _order = "backend_id, direction, sequence, code"
    _audit_what = "write"
    _rec_names_search = ["name", "code"]
    _integrity_fields = {1: ("code", "backend_id", "direction", "active", "path", "order", "handler", "receipt")}

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, index=True)
    backend_id = fields.Many2one("ctsp.exchange.backend", "System", required=True, index=True, ondelete="cascade")
    direction = fields.Selection([("in", "Received"), ("out", "Sent")], required=True, index=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    path = fields.Char(help="Appended to the system's address; the type's code when empty.")
    order = fields.Selection(
        [("none", "In Any Order"), ("kept", "One After Another"), ("newest", "The Newest Counts")], required=True,
        default="kept", help="Within one business number. “The newest counts”: an older version that comes after a "
        "newer one is set aside.")
    handler = fields.Char(help="Model that applies what comes in, or writes what goes out.")
    receipt = fields.Boolean("Receipt", help="Received messages: tell the sender what became of each.")
    contract_ids = fields.One2many("ctsp.exchange.contract", "type_id", "Contracts")
    subscription_ids = fields.One2many("ctsp.exchange.subscription", "type_id", "Business Events")

    _code_unique = models.Constraint(
        "UNIQUE(backend_id, direction, code)", "This system has such a message type already.")

    @api.constrains("handler")
    def _check_handler(self):
        for kind in self.filtered("handler"):
            if kind.handler not in self.env or not hasattr(self.env[kind.handler], "_payloads"):
                raise ValidationError(self.env._("Handler: there is no such handler: %(name)s", name=kind.handler))

    @api.constrains("path", "code")
    def _check_path(self):
        """What is signed is what is sent: nothing that a client would quote, no query."""
        for kind in self:
            if not PATH.fullmatch(kind.path or kind.code):
                raise ValidationError(self.env._(
                    "Path: only letters, digits and -._~/ (“%(path)s”).", path=kind.path or kind.code))

    @api.depends("name", "code")
    def _compute_display_name(self):
        for kind in self:
            kind.display_name = f"{kind.name} ({kind.code})" if kind.name else kind.code

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        # sudo: whoever deletes may not see all messages
        if self.env["ctsp.exchange.message"].sudo().search_count([("type_id", "in", self.ids)], limit=1):
            raise UserError(self.env._("There are messages of this type: archive it instead."))

    def _contract(self, version):
        """Return the published contract ``version``; an empty record set where there is none."""
        return self.contract_ids.filtered(lambda one: one.version == version and one.state == "published")

    def _handler(self):
        """Return the handler; the plain one where the type names none."""
        return self.env[self.handler or "ctsp.exchange.handler"]
