import json

from odoo import api, models
from odoo.tools import SQL

from ..tools import caller

IDS_KEPT = 1000


class AuditPort(models.AbstractModel):
    """Audit port: who did what to which records, kept append-only.

    The kernel writes to ``ctsp.audit.event``; an audit engine takes over by overriding ``_write_row``.
    """

    _name = "ctsp.audit.port"
    _description = "Audit Port"

    @api.model
    def _event_labels(self):
        """Return ``{event code: label}``. Addons add their own events by ``_inherit``."""
        return {
            "sign_in": self.env._("Sign-in"),
            "sign_in.break_glass": self.env._("Sign-in with the emergency account"),
            "permission": self.env._("Permission change"),
            "account": self.env._("Account change"),
            "numbering": self.env._("Numbering of documents changed"),
            "export": self.env._("Export"),
            "import": self.env._("Import"),
            "import.undo": self.env._("Undo of an import"),
            "personal.read": self.env._("Personal data read in clear"),
            "personal.group": self.env._("Personal data grouped in clear"),
        }

    @api.model
    def _detail_labels(self):
        """Return ``{key or code in a row's detail: label}``. Addons add theirs by ``_inherit``."""
        return {
            "action": self.env._("Action"),
            "granted": self.env._("granted or taken back"),
            "created": self.env._("created"),
            "changed": self.env._("changed"),
            "deleted": self.env._("deleted"),
            "account": self.env._("Account"),
            "accounts": self.env._("Accounts"),
            "groups": self.env._("Roles"),
            "added": self.env._("Granted"),
            "removed": self.env._("Taken back"),
            "fields": self.env._("Fields"),
            "personal": self.env._("Personal Data"),
            "method": self.env._("Method"),
            "password": self.env._("Password"),
            "api_key": self.env._("API Key"),
            "rpc": self.env._("Interface"),
            "login": self.env._("Login"),
            "active": self.env._("Active"),
        }

    @api.model
    def _log(self, event, records=None, **detail):
        """Append one row, in the business transaction: what is rolled back did not happen.

        A read may run on a read-only cursor; its row is then written on a cursor of its own.

        :param event: dotted code, labelled in :meth:`_event_labels`
        :param records: recordset concerned, if any
        :param detail: JSON-serialisable facts; ``who``: a login where nobody is signed in
        """
        row = self._row(event, records, detail, success=True)
        if self.env.cr.readonly:
            with self.env.registry.cursor() as cr:
                self._write_row(cr, row)
        else:
            self._write_row(self.env.cr, row)

    @api.model
    def _log_failure(self, event, records=None, **detail):
        """Append one row about something that failed, on a cursor of its own: the business transaction rolls back."""
        row = self._row(event, records, detail, success=False)
        with self.env.registry.cursor() as cr:
            self._write_row(cr, row)

    @api.model
    def _log_call(self, model, method):
        """Called after another system called ``method`` of ``model`` with success; an audit engine logs it."""

    @api.model
    def _log_call_failed(self, error, model, method, claimed=None):
        """Called after another system's call ended with ``error``; an audit engine logs it.

        :param claimed: the identifier of the user whom the caller claims to be, where that was not checked
        """

    @api.model
    def _row(self, event, records, detail, success):
        ids = [record_id for record_id in records.ids if record_id] if records is not None else []
        user = self.env.user
        known = bool(user) and not user._is_public()  # nobody at all: a remote call that signs in
        origin = caller.facts()
        return {
            "user_id": user.id if known else None,
            "login": detail.pop("who", None) or (user.login if known else None),
            "ip": origin.get("ip"),
            "request_id": origin.get("request_id"),
            "event": event,
            "model": records._name if records is not None else None,
            "res_ids": json.dumps(ids[:IDS_KEPT]) if ids else None,
            "res_count": len(ids),
            "detail": json.dumps(detail, ensure_ascii=False, default=str) if detail else None,
            "success": success,
        }

    @api.model
    def _write_row(self, cr, row):
        """Write ``row`` (column → value of ``ctsp.audit.event``) with cursor ``cr``."""
        columns = SQL(", ").join(map(SQL.identifier, row))
        values = SQL(", ").join(SQL("%s", value) for value in row.values())
        cr.execute(SQL("INSERT INTO ctsp_audit_event (%s) VALUES (%s)", columns, values))
