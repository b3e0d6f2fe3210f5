from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html

from odoo.addons.ctsp_base.tools.address import line

from .audit_pattern import KINDS

FIXED = frozenset({"name", "detail", "kind", "who", "pattern_id", "verification_id", "host_id", "count", "first_date",
                   "last_date", "state"})


class AuditAlert(models.Model):
    """Something in the log that the audit administrator should look at: a pattern, or a log that was altered."""

    _name = "ctsp.audit.alert"
    _description = "Audit Alert"
    _inherit = ["mail.thread", "mail.activity.mixin", "ctsp.export.mixin"]
    _order = "state, last_date desc, id desc"
    _audit_what = "write"
    _integrity_fields = {1: ("kind", "who", "first_date", "state", "result")}

    name = fields.Char(required=True, readonly=True)
    detail = fields.Text("What Was Found", readonly=True)
    kind = fields.Char(required=True, readonly=True, index=True)
    who = fields.Char("Who or What", required=True, readonly=True)
    pattern_id = fields.Many2one("ctsp.audit.pattern", readonly=True, ondelete="restrict", index=True)
    verification_id = fields.Many2one("ctsp.audit.verification", readonly=True, ondelete="set null", index=True)
    host_id = fields.Many2one("ctsp.audit.host", readonly=True, ondelete="set null", index=True)
    count = fields.Integer("Number", readonly=True, aggregator=None)
    first_date = fields.Datetime("First Seen", readonly=True)
    last_date = fields.Datetime("Last Seen", readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("handled", "Handled")], default="open", required=True, readonly=True,
        tracking=True, index=True)
    result = fields.Text("What Was Found Out", tracking=True)

    _open_unique = models.UniqueIndex(
        "(kind, who, coalesce(pattern_id, 0)) WHERE state = 'open'", "There is an open alert about this already.")

    @api.model
    def _raise(self, kind, who, count, name, pattern=None, **links):
        """Raise an alert or refresh the open one about the same; one for each kind, pattern and account or address.

        :param links: identifiers of records where more is to be seen (``verification_id``, ``host_id``); ``detail``
            names what was found, line by line: other words for an open alert are told anew
        """
        now = fields.Datetime.now()
        alerts = self.sudo()  # superuser: raised by the engine, whoever caused it
        values = {"count": count, "last_date": now, "name": name, **links}
        same = [("kind", "=", kind), ("who", "=", who), ("pattern_id", "=", pattern.id if pattern else False)]
        if alert := alerts.search([*same, ("state", "=", "open")], limit=1):
            news = "detail" in links and alert.detail != links["detail"]
            if alert.count != count or news:
                alert.write(values)
            if news:
                alert.activity_ids.unlink()
                alert._tell()
            return alert
        recently = fields.Datetime.subtract(now, minutes=pattern.minutes if pattern else 0)
        known = [*same, ("last_date", ">=", recently), ("count", ">=", count)]
        if pattern and alerts.search_count(known, limit=1):
            return alerts  # handled already, and nothing new has happened since
        alert = alerts.create({
            **values, "kind": kind, "who": who, "first_date": now, "pattern_id": pattern.id if pattern else False})
        alert._tell()
        return alert

    def _tell(self):
        """Give every audit administrator a to-do, once for each alert and what it names."""
        note = plaintext2html(self.detail) if self.detail else False
        role = self.env.ref("ctsp_base.group_audit_admin", raise_if_not_found=False)  # its name may be what was altered
        for user in role.sudo().user_ids.filtered("active") if role and role._name == "res.groups" else ():
            self.activity_schedule("mail.mail_activity_data_warning", summary=self.name, note=note, user_id=user.id)

    def write(self, vals):
        if not self.env.su and FIXED & vals.keys():
            raise AccessError(self.env._("What an alert says is written by the platform: only its handling is yours."))
        if not self.env.su and "result" in vals and any(alert.state != "open" for alert in self):
            raise UserError(self.env._("The alert is closed; what was found out is not changed any more."))
        return super().write(vals)

    def action_handled(self):
        """Close the alert; what was found out must be said."""
        self.check_access("write")
        for alert in self:
            if not (alert.result or "").strip():
                raise UserError(self.env._(
                    "“What Was Found Out” is empty: say what you found before closing the alert."))
        done = self.sudo()  # the step is open to who may write; the field and the others' to-dos are not
        done.write({"state": "handled"})
        done.activity_ids.unlink()

    def action_source(self):
        """Open the verification or the host that the alert is about."""
        self.ensure_one()
        record = self.verification_id or self.host_id
        return {"type": "ir.actions.act_window", "res_model": record._name, "res_id": record.id, "view_mode": "form",
                "views": [(False, "form")]}

    def action_rows(self):
        """Open the rows of the log that the alert is about."""
        self.ensure_one()
        field = KINDS[self.kind][0] if self.kind in KINDS else "login"
        since = ("date", ">=", fields.Datetime.subtract(self.first_date, days=1))
        who = ("ip", "in", self._addresses(since)) if field == "ip" else (field, "=", self.who)
        return {
            "type": "ir.actions.act_window", "name": self.name, "res_model": "ctsp.audit.log",
            "views": [(False, "list"), (False, "form")], "domain": [who, since],
        }

    def _addresses(self, since):
        """Return the addresses in the log that were counted as the one of this alert."""
        found = self.env["ctsp.audit.log"]._read_group([("ip", "like", ":"), since], ["ip"])
        return [self.who, *(address for address, in found if line(address) == self.who)]
