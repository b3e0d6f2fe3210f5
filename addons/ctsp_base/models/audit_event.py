import logging

from odoo import api, fields, models
from odoo.tools import SQL, file_open, sql

_logger = logging.getLogger(__name__)


class AuditEvent(models.Model):
    """One row of the append-only audit store.

    The table belongs to a second database role (``sql/owner/audit_event.sql``, run at set-up): Odoo's own role may
    insert and select, nothing more. Rows are written by ``ctsp.audit.port`` alone; the ORM refuses create, write and
    unlink to everybody, the superuser included.
    """

    _name = "ctsp.audit.event"
    _inherit = ["ctsp.append.mixin"]
    _description = "Audit Event"
    _auto = False
    _order = "id desc"

    date = fields.Datetime(readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)
    login = fields.Char(readonly=True)
    ip = fields.Char("IP Address", readonly=True)
    request_id = fields.Char(readonly=True, help="Rows of one request carry the same identifier.")
    event = fields.Selection("_selection_event", readonly=True)
    model = fields.Selection("_selection_model", readonly=True)
    res_ids = fields.Json("Record Identifiers", readonly=True)
    res_count = fields.Integer("Records", readonly=True, aggregator="sum")
    detail = fields.Json(readonly=True)
    success = fields.Boolean(readonly=True)
    detail_text = fields.Text("Details", compute="_compute_detail_text")
    summary = fields.Char("Details in Short", compute="_compute_detail_text")

    @api.model
    def _selection_event(self):
        return sorted(self.env["ctsp.audit.port"]._event_labels().items())

    @api.model
    def _selection_model(self):
        # sudo: names of models are shown to the audit administrator, who may not read ir.model
        return [(model.model, model.name) for model in self.env["ir.model"].sudo().search([], order="model")]

    @api.depends("event", "date")
    def _compute_display_name(self):
        labels = self.env["ctsp.audit.port"]._event_labels()
        for event in self:
            event.display_name = labels.get(event.event, event.event)

    @api.depends("detail", "res_ids")
    def _compute_detail_text(self):
        labels = self.env["ctsp.audit.port"]._detail_labels()
        for event in self:
            names = {**labels, **event._field_labels()}
            lines = [
                f"{labels.get(key, key)}: {_plain(value, names)}"
                for key, value in (event.detail or {}).items() if value not in ([], None, False, "")
            ]
            event.summary = "; ".join(lines)
            if event.res_ids:
                lines.append(f"ID: {_plain(event.res_ids, {})}")
            event.detail_text = "\n".join(lines)

    def _field_labels(self):
        """Return the labels of the fields that a row about reading or exporting names."""
        if self.model not in self.env or not (self.detail or {}).get("fields"):
            return {}
        model = self.env[self.model]
        return {
            name: model._fields[name]._description_string(self.env)
            for name in self.detail["fields"] if name in model._fields
        }

    def init(self):
        """Create the table for development where set-up has not created it as the owner role."""
        if sql.table_exists(self.env.cr, self._table):
            return
        _logger.info("Table %s created by Odoo's own role: fit for development only", self._table)
        self.env.cr.execute("SELECT quote_ident(current_user)")
        role = self.env.cr.fetchone()[0]
        with file_open("ctsp_base/sql/owner/audit_event.sql") as script:
            self.env.cr.execute(SQL(script.read().replace(':"odoo_role"', role)))


def _plain(value, labels):
    """Return ``value`` as text, codes replaced by their labels."""
    if isinstance(value, list):
        return ", ".join(_plain(one, labels) for one in value)
    return str(labels.get(value, value)) if isinstance(value, str) else str(value)
