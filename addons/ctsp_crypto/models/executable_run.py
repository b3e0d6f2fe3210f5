"""Code that another hand put into the database does not run."""
from odoo import api, models
from odoo.exceptions import UserError


class AlteredCode(UserError):
    """What was about to run is not what the platform wrote down."""


class ServerAction(models.Model):
    """A server action is compared with its evidence each time it is about to run."""

    _inherit = "ir.actions.server"

    def run(self):
        self.env["ctsp.integrity"]._refuse_altered_code(self)
        return super().run()


class Cron(models.Model):
    """Scheduled actions: what, as whom, how often, whether at all. When they run next is the scheduler's own."""

    _inherit = "ir.cron"
    _integrity_fields = {1: ("ir_actions_server_id", "user_id", "active", "interval_number", "interval_type")}

    def _callback(self, cron_name, server_action_id):
        self.env["ctsp.integrity"]._refuse_altered_code(self)
        return super()._callback(cron_name, server_action_id)

    @api.model
    def _update_failure_count(self, job, status):
        """The scheduler switches an action off by SQL that failed for days."""
        with self.env["ctsp.integrity"]._noticing("ir.cron"):
            return super()._update_failure_count(job, status)


class Integrity(models.AbstractModel):
    """What is about to run, compared with its evidence."""

    _inherit = "ctsp.integrity"

    @api.model
    def _refuse_altered_code(self, records):
        """Raise, and tell the security administrator, if one of ``records`` is not as the platform wrote it."""
        model = records._name
        if not self.pool.ready or not records or not self._is_begun(model):
            return
        findings = self._check(model, records.ids)
        if not findings:
            return
        known = self._known(model)
        if fresh := [one for one in findings if one.identity not in known]:
            self._announce_code(records, fresh)
        if self.env["ctsp.parameter"].sudo()._get("crypto.block_altered_code"):  # superuser: policy binds everybody
            raise AlteredCode(self.env._(
                "“%(name)s” was altered outside the platform and does not run. Tell the security administrator.",
                name=", ".join(records.sudo().mapped("display_name"))))  # sudo: a name for the message

    @api.model
    def _model_label(self, model):
        """Return what the security administrator calls a kind of record; Odoo's own names are vague among others."""
        return {
            "fetchmail.server": self.env._("Servers Mails Are Fetched From"),
            "ir.actions.act_url": self.env._("Actions That Open an Address"),
            "ir.actions.act_window": self.env._("Actions That Open a Screen"),
            "ir.actions.client": self.env._("Actions of the Web Client"),
            "ir.actions.report": self.env._("Print Reports"),
            "ir.actions.server": self.env._("Server Actions"),
            "ir.asset": self.env._("Scripts and Styles of Pages"),
            "ir.attachment": self.env._("Public Files and Files of Pages"),
            "ir.config_parameter": self.env._("System Parameters"),
            "ir.cron": self.env._("Actions of the Timer"),
            "ir.default": self.env._("Default Values"),
            "ir.mail_server": self.env._("Servers Mails Are Sent By"),
            "ir.model.data": self.env._("Technical Names of Roles and Accounts"),
            "ir.model.fields": self.env._("Fields Added on Screen"),
            "ir.ui.view": self.env._("Views and Page Templates"),
            "mail.template": self.env._("Mail Templates"),
            # superuser: names of models are in a table the security administrator does not read
        }.get(model) or self.env["ir.model"].sudo()._get(model).name or model

    @api.model
    def _announce_code(self, records, findings):
        """Keep the findings and raise an alert, on a cursor of their own: what was about to run is rolled back."""
        name = ", ".join(records.sudo().mapped("display_name"))  # sudo: a name for the alert
        with self._announcing("integrity.code", records, findings) as found:
            found._tell(name, found.env._(
                "“%(name)s” was altered outside the platform and was about to run.", name=name))
