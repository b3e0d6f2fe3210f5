from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.ctsp_base.models.range_mixin import OPEN

from ..tools.errors import ExchangeError

RANGE = 50  # records whose messages are written in one transaction


class ExchangePush(models.Model):
    """All records of some message types are sent, on demand: the first load of another system, or after a long break.

    Range by range, each committed; it can be paused, and goes on where it stood. Its messages let all others go first.
    """

    _name = "ctsp.exchange.push"
    _description = "Full Push"
    _inherit = ["ctsp.range.mixin"]
    _order = "id desc"
    _rec_name = "backend_id"
    _audit_what = "write"
    _range_asked = frozenset({"backend_id", "type_ids", "since", "note"})
    _range_first = "draft"
    _range_cron = "ctsp_exchange.ir_cron_push"

    backend_id = fields.Many2one(
        "ctsp.exchange.backend", "System", required=True, index=True, ondelete="cascade",
        domain="[('state', '=', 'active')]")
    type_ids = fields.Many2many(
        "ctsp.exchange.type", string="Message Types",
        domain="[('backend_id', '=', backend_id), ('direction', '=', 'out'), ('can_push', '=', True)]")
    since = fields.Datetime("Changed Since", help="Empty: everything.")
    note = fields.Char("What For")
    state = fields.Selection(
        [("draft", "Draft"), ("queued", "Waiting"), ("running", "Running"), ("paused", "Paused"), ("done", "Done"),
         ("failed", "Interrupted")], default="draft", required=True, readonly=True, index=True)
    job_state = fields.Selection(related="state", string="Work")  # what the progress bar in forms asks for
    message_count = fields.Integer("Messages Written", readonly=True, aggregator=None)

    # ---- screen

    def action_start(self):
        """Begin."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(self.env._("This push has been started already."))
        if not self.type_ids:
            raise UserError(self.env._("Message Types: choose at least one."))
        self._check_types()
        self._range_enqueue()

    def action_pause(self):
        """Stop after the records that are being written."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in OPEN:
            raise UserError(self.env._("This push is not under way."))
        rows = self.env["ctsp.progress"].sudo().search([  # sudo: whoever started it
            ("res_model", "=", self._name), ("res_id", "=", self.id), ("state", "=", "running")])
        rows.write({"is_cancel_requested": True})
        return True

    def action_resume(self):
        """Go on where it stands."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("paused", "failed"):
            raise UserError(self.env._("This push is not paused."))
        self.sudo().write({"date_end": False, "attempts": 0})  # sudo: the engine's fields
        self._range_enqueue()

    def action_messages(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("ctsp_exchange.ctsp_exchange_message_action")
        return action | {"domain": [("type_id", "in", self.type_ids.ids), ("is_bulk", "=", True)], "context": {}}

    def _check_types(self):
        if wrong := self.type_ids.filtered(lambda kind: kind.backend_id != self.backend_id or not kind.can_push):
            raise UserError(self.env._("“%(kind)s” cannot be pushed as a whole.", kind=wrong[0].display_name))

    # ---- the work

    def _range_title(self):
        return self.env._("Full push to %(system)s", system=self.backend_id.name)

    def _range_size(self):
        return sum(self.env[kind._handler()._push_model].search_count(self._domain(kind)) for kind in self.type_ids)

    def _range_steps(self):
        kinds = {kind.code: kind for kind in self.type_ids.sorted(lambda kind: (kind.sequence, kind.id))}
        yield from self._range_over(list(kinds), lambda code, after: self._push_range(kinds[code], after))
        self.write({"state": "done", "date_end": fields.Datetime.now()})

    def _push_range(self, kind, after):
        """Write the messages of some records; return their number and the last identifier, None at the end."""
        records = self.env[kind._handler()._push_model].search(
            self._domain(kind) & Domain("id", ">", after), order="id", limit=RANGE)
        made = kind._push(records)
        self.message_count += len(made)
        return len(records), records[-1].id if len(records) == RANGE else None

    def _domain(self, kind):
        handler = kind._handler()
        domain = Domain(handler._push_domain())
        return domain & Domain(handler._push_since(self.since)) if self.since else domain

    def _break_off(self, message, stopped=False):
        super()._break_off(message, stopped)
        if stopped:
            self.write({"state": "paused", "date_end": False, "error": False})


class ExchangeTypePush(models.Model):
    """Types whose records can be sent as a whole."""

    _inherit = "ctsp.exchange.type"

    can_push = fields.Boolean(compute="_compute_can_push", search="_search_can_push")

    @api.depends("handler", "direction")
    def _compute_can_push(self):
        for kind in self:
            kind.can_push = kind.direction == "out" and bool(
                kind.handler in self.env and self.env[kind.handler]._push_model)

    def _search_can_push(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        names = [name for name in self.env.registry.descendants(["ctsp.exchange.handler"], "_inherit")
                 if self.env[name]._push_model]
        domain = Domain("handler", "in", names) & Domain("direction", "=", "out")
        return domain if (operator == "in") == (True in value) else ~domain

    def _push(self, records):
        """Write the messages about ``records`` of a full push."""
        made = self.env["ctsp.exchange.message"]
        for record in records:
            try:
                with self.env.cr.savepoint():
                    for one in self._handler()._payloads(record, "push", {}):
                        made |= self._write_out(replace(one, bulk=True))
            except ExchangeError as error:
                made |= self._bury(record, "push", {}, error.reason)
        return made
