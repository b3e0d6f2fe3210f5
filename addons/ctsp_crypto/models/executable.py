"""Configuration that runs as code, or decides what runs and for whom. Reasons: docs/decisions/0015."""
from contextlib import ExitStack

from odoo import api, models

CODE = frozenset({
    "ir.actions.server", "ir.cron", "ir.actions.report", "mail.template", "ir.ui.view", "ir.asset", "ir.model.fields",
    "ir.config_parameter", "ir.actions.act_window", "ir.actions.act_url", "ir.actions.client", "ir.attachment",
    "ir.default", "ir.mail_server", "fetchmail.server", "ir.model.data",
})
#: What the set-up scripts and Odoo's loading remember by SQL: digests of files, whether there is sample data, an update
#: under way. They decide nothing that a database alone could not.
REMEMBERED = ("ctsp.addon_digests", "ctsp.sample_data", "base.partially_updated_database")
FIELD = (
    "model", "name", "ttype", "relation", "relation_field", "relation_table", "related", "compute", "depends", "domain",
    "groups", "required", "readonly", "store", "sanitize")


class ServerAction(models.Model):
    """Server actions, those of scheduled actions included: what they execute or write, on what, for whom."""

    _inherit = "ir.actions.server"
    _integrity_fields = {1: (
        "state", "usage", "model_id", "code", "group_ids", "parent_id", "sequence", "binding_model_id", "crud_model_id",
        "link_field_id", "update_path", "update_m2m_operation", "update_boolean_value", "value", "evaluation_type",
        "html_value", "sequence_id", "resource_ref", "selection_value", "webhook_url", "webhook_field_ids",
        "template_id")}


class Report(models.Model):
    """Reports: template, for whom, and the expressions that name and keep them."""

    _inherit = "ir.actions.report"
    _integrity_fields = {1: (
        "model", "report_type", "report_name", "report_file", "group_ids", "print_report_name", "attachment",
        "attachment_use", "domain", "binding_model_id")}
    _integrity_spoken = ("print_report_name",)


class View(models.Model):
    """Views and templates: expressions in them run on the server, scripts at whoever opens the page."""

    _inherit = "ir.ui.view"
    _integrity_fields = {1: (
        "type", "model", "key", "mode", "inherit_id", "priority", "active", "arch_db", "group_ids")}
    _integrity_spoken = ("arch_db",)


class Asset(models.Model):
    """Scripts and styles that the database adds to pages."""

    _inherit = "ir.asset"
    _integrity_fields = {1: ("bundle", "directive", "path", "target", "active", "sequence")}


class ConfigParameter(models.Model):
    """System parameters: addresses, secrets, what is allowed."""

    _inherit = "ir.config_parameter"
    _integrity_fields = {1: ("key", "value")}
    _integrity_rows = f"t.key NOT IN {REMEMBERED}"


class IrModelFields(models.Model):
    """Fields that were added on screen: a field of the code is what the code says, whatever its row holds."""

    _inherit = "ir.model.fields"
    _integrity_fields = {1: FIELD}
    _integrity_rows = "t.state = 'manual'"

    def _reflect_fields(self, model_names):
        if not self.pool.ready:  # columns that are being added may not be there yet
            return super()._reflect_fields(model_names)
        with self.env["ctsp.integrity"]._noticing("ir.model.fields"):
            return super()._reflect_fields(model_names)


class MailTemplate(models.Model):
    """Templates of mails: expressions in them run on the server."""

    _inherit = "mail.template"
    _integrity_fields = {1: (
        "model_id", "subject", "body_html", "email_from", "email_to", "email_cc", "partner_to", "reply_to",
        "use_default_to", "lang", "scheduled_date", "email_layout_xmlid", "report_template_ids", "mail_server_id")}
    _integrity_spoken = ("subject", "body_html")

    def _override_translation_term(self, module_name, xml_ids):
        with self.env["ctsp.integrity"]._noticing("mail.template"):
            return super()._override_translation_term(module_name, xml_ids)


class Module(models.Model):
    """Translations of what runs in each language are loaded by SQL."""

    _inherit = "ir.module.module"

    @api.model
    def _load_module_terms(self, modules, langs, overwrite=False):
        integrity = self.env["ctsp.integrity"]
        with ExitStack() as watched:
            for model, protection in integrity._map().models.items():
                if protection.spoken:
                    watched.enter_context(integrity._noticing(model))
            return super()._load_module_terms(modules, langs, overwrite)
