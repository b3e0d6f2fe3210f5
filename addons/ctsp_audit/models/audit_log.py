from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql, file_open, sql

from ..tools import row as layout

EMPTY = "–"
CONTENTS = ("before", "after", "detail")


class AuditLog(models.Model):
    """One row of the log: who, when, from where, what, on which record, before and after, with what result.

    GB/T 22239-2019 8.1.4.3: every user is covered; date, user, event, success; protected, and kept as the parameter
    ``audit.retention_months`` says.
    """

    _name = "ctsp.audit.log"
    _inherit = ["ctsp.audit.event", "ctsp.export.mixin"]
    _description = "Audit Log"
    _table = "ctsp_audit_log"
    _auto = False
    _log_access = False
    _order = "date desc, id desc"

    channel = fields.Selection("_selection_channel", string="Way In", readonly=True)
    session = fields.Char(readonly=True, help="A digest of the session's identifier: it links the rows of one session.")
    res_id = fields.Integer("Record Identifier", readonly=True, aggregator=None)
    about_id = fields.Integer(
        "Record, Alone or Among Others", compute="_compute_about_id", search="_search_about_id", aggregator=None,
        help="Finds rows about one record, and rows about several it is one of: exports, reads.")
    record_name = fields.Char("Record", readonly=True)
    before = fields.Json(readonly=True)
    after = fields.Json(readonly=True)
    mac_key = fields.Char("Protected With", readonly=True)
    changes = fields.Html("Before and After", compute="_compute_changes", sanitize=False)
    change_text = fields.Text("Changes", compute="_compute_changes", search="_search_change_text")
    sealed = fields.Boolean(compute="_compute_sealed")

    @api.model
    def _export_default_paths(self):
        return ["date", "event", "success", "login", "ip", "channel", "model", "res_id", "record_name", "res_count",
                "change_text", "summary", "session", "request_id"]

    @api.model
    def _selection_channel(self):
        return [
            ("web", self.env._("Web Client")), ("desk", self.env._("Institution Desk")), ("rpc", self.env._("XML-RPC")),
            ("json2", self.env._("JSON-2")), ("rest", self.env._("Open Interface")), ("import", self.env._("Import")),
            ("cron", self.env._("Scheduled Action")), ("shell", self.env._("Server")),
        ]

    def init(self):
        """Create the tables for development where set-up has not created them as the owner role."""
        if sql.table_exists(self.env.cr, self._table):
            return
        self.env.cr.execute("SELECT quote_ident(current_user)")
        role = self.env.cr.fetchone()[0]
        with file_open("ctsp_audit/sql/owner/audit_log.sql") as script:
            self.env.cr.execute(SQL(script.read().replace(':"odoo_role"', role).replace("%", "%%")))

    def _compute_sealed(self):
        if not self.ids:
            self.sealed = False
            return
        self.env.cr.execute(SQL("SELECT log_id FROM ctsp_audit_seal_row WHERE log_id = ANY(%s)", self.ids))
        sealed = {row[0] for row in self.env.cr.fetchall()}
        for row in self:
            row.sealed = row.id in sealed

    @api.depends("res_id")
    def _compute_about_id(self):
        for row in self:
            row.about_id = row.res_id

    @api.model
    def _search_about_id(self, operator, value):
        """Find rows by one of the records they are about; each half has an index of its own."""
        if operator != "in":
            return NotImplemented
        wanted = [f"[{int(number)}]" for number in value if number]
        return Domain("res_id", "in", [int(number) for number in value if number]) | Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "(%s > 1 AND %s @> ANY(%s::jsonb[]))", SQL.identifier(alias, "res_count"),
                SQL.identifier(alias, "res_ids"), wanted))

    @api.depends("before", "after")
    def _compute_changes(self):
        for row in self:
            before, after = row.before or {}, row.after or {}
            lines = [
                {"label": row._field_label(name), "name": name, "before": row._readable(name, before.get(name)),
                 "after": row._readable(name, after.get(name)),
                 "note": self.env._(" (changed)") if _is_hidden(before.get(name)) and _is_hidden(after.get(name))
                 else ""}
                for name in sorted({*before, *after})
            ]
            row.change_text = "\n".join(
                f"{line['label']}: {line['before']} → {line['after']}{line['note']}" for line in lines) or False
            row.changes = self.env["ir.qweb"]._render("ctsp_audit.changes", {"lines": lines}) if lines else False

    @api.model
    def _search_change_text(self, operator, value):
        """Find rows by what stands in before, after or details: names of fields and values as they are stored."""
        if operator != "ilike" or not isinstance(value, str):
            return NotImplemented
        wanted = f"%{escape_psql(layout.text(value))}%"
        return Domain.custom(to_sql=lambda _model, alias, _query: SQL(
            "(%s)", SQL(" OR ").join(SQL("%s::text ILIKE %s", SQL.identifier(alias, name), wanted)
                                     for name in CONTENTS)))

    def _field_label(self, name):
        field = self.env[self.model]._fields.get(name) if self.model in self.env else None
        return field._description_string(self.env) if field else name

    def _readable(self, name, value):
        """Return a logged value for people: labels of selections, names of linked records, digests named so."""
        if value is None:
            return EMPTY
        field = self.env[self.model]._fields.get(name) if self.model in self.env else None
        if _is_hidden(value):
            code = f"HMAC-SM3 {value['keyed']}" if value["keyed"] else ""
            return " ".join(filter(None, (value.get("mask"), code)))
        if isinstance(value, dict) and "sm3" in value:
            return value.get("text", "") + f" SM3 {value['sm3'][:16]}…"
        if field is None:
            return str(value)
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if field.type == "selection":
            return str(dict(field._description_selection(self.env)).get(value, value))
        if field.type in ("many2one", "many2many") and field.comodel_name in self.env:
            return self._names_of(field.comodel_name, value if isinstance(value, list) else [value])
        return str(value)

    def _names_of(self, model, ids):
        """Name linked records as this reader may see them; others keep their identifier."""
        records = self.env[model].browse(ids).exists()
        readable = records._filtered_access("read")
        names = {record.id: record.display_name for record in readable}
        return "、".join(f"{names[one]} (#{one})" if one in names else f"#{one}" for one in ids)

    # ---- time lines

    def _time_line(self, name, domain):
        kanban = self.env.ref("ctsp_audit.ctsp_audit_log_view_kanban").id
        return {
            "type": "ir.actions.act_window", "name": name, "res_model": self._name, "view_mode": "kanban,list,form",
            "views": [(kanban, "kanban"), (False, "list"), (False, "form")], "domain": domain,
        }

    def action_record(self):
        """Open everything that happened to the record of this row."""
        self.ensure_one()
        return self._time_line(
            self.env._("History of %(record)s", record=self.record_name or f"{self.model} #{self.res_id}"),
            [("model", "=", self.model), ("about_id", "=", self.res_id)])

    def action_user(self):
        """Open everything that the user of this row did."""
        self.ensure_one()
        return self._time_line(self.env._("Doings of %(user)s", user=self.login), [("login", "=", self.login)])

    def action_address(self):
        """Open everything that came from the address of this row."""
        self.ensure_one()
        return self._time_line(self.env._("From %(address)s", address=self.ip), [("ip", "=", self.ip)])

    def action_request(self):
        """Open all rows of the request of this row."""
        self.ensure_one()
        return self._time_line(self.env._("One request"), [("request_id", "=", self.request_id)])


def _is_hidden(value):
    """Return whether of a logged value only the mask or a keyed digest stands there."""
    return isinstance(value, dict) and "keyed" in value
