"""What opens screens, fills them in, and carries mail: texts of it run in the browser, values of it in every record."""
from odoo import models


class WindowAction(models.Model):
    """Actions that open lists and forms: their help is shown as HTML, in every language."""

    _inherit = "ir.actions.act_window"
    _integrity_fields = {1: (
        "res_model", "res_id", "domain", "context", "view_mode", "view_id", "target", "group_ids", "binding_model_id",
        "help")}
    _integrity_spoken = ("help",)


class AddressAction(models.Model):
    """Actions that open an address: it may be a script."""

    _inherit = "ir.actions.act_url"
    _integrity_fields = {1: ("url", "target", "binding_model_id")}


class ClientAction(models.Model):
    """Actions of the web client: which, and with what."""

    _inherit = "ir.actions.client"
    _integrity_fields = {1: ("tag", "target", "res_model", "context", "params_store", "binding_model_id")}


class Default(models.Model):
    """Default values that somebody set: new records of everybody have them."""

    _inherit = "ir.default"
    _integrity_fields = {1: ("field_id", "user_id", "company_id", "condition", "json_value")}


class MailServer(models.Model):
    """Where mails are handed in: with another one, everything that is sent can be read there."""

    _inherit = "ir.mail_server"
    _integrity_fields = {1: (
        "active", "sequence", "from_filter", "smtp_host", "smtp_port", "smtp_authentication", "smtp_user", "smtp_pass",
        "smtp_encryption", "smtp_ssl_certificate", "smtp_ssl_private_key")}


class FetchmailServer(models.Model):
    """Where mails are fetched, and what they make here."""

    _inherit = "fetchmail.server"
    _integrity_fields = {1: (
        "active", "state", "server_type", "server", "port", "is_ssl", "user", "password", "object_id")}
