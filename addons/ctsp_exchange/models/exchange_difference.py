from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import moment
from ..tools.outgoing import Outgoing
from .exchange_reconciliation import CODE

REPAIRS = {
    "resend": {("out", "only_here"), ("out", "content")},
    "fetch": {("in", "only_there"), ("in", "content")},
}


class ExchangeDifference(models.Model):
    """A message that both sides do not have alike, and what was done about it. Written by the engine."""

    _name = "ctsp.exchange.difference"
    _description = "Difference Found by Reconciliation"
    _inherit = ["ctsp.export.mixin"]
    _order = "state, id desc"
    _rec_name = "business_id"

    reconciliation_id = fields.Many2one(
        "ctsp.exchange.reconciliation", required=True, readonly=True, index=True, ondelete="cascade")
    date = fields.Date(related="reconciliation_id.date", store=True, index=True)
    type_id = fields.Many2one(related="reconciliation_id.type_id", store=True, index=True)
    backend_id = fields.Many2one(related="reconciliation_id.backend_id", store=True, index=True)
    direction = fields.Selection(related="reconciliation_id.direction", store=True)
    business_id = fields.Char("Business No.", required=True, readonly=True, index=True)
    version = fields.Integer(required=True, readonly=True, aggregator=None)
    kind = fields.Selection(
        [("only_here", "There Is None There"), ("only_there", "There Is None Here"), ("content", "Content Differs"),
         ("twice", "Doubled There"), ("given_up", "Given Up Here, Arrived There")], required=True, readonly=True,
        index=True)
    message_id = fields.Many2one("ctsp.exchange.message", readonly=True, index="btree_not_null", ondelete="set null")
    own_digest = fields.Char("Digest Here", readonly=True)
    their_digest = fields.Char("Digest There", readonly=True)
    state = fields.Selection(
        [("open", "To Be Dealt With"), ("repaired", "Repair Under Way"), ("accepted", "Accepted as It Is"),
         ("settled", "Settled")],
        required=True, readonly=True, default="open", index=True)
    reason = fields.Text(readonly=True)
    found_at = fields.Datetime(required=True, readonly=True)
    user_id = fields.Many2one("res.users", "By", readonly=True)
    handled_at = fields.Datetime(readonly=True)

    _identity_unique = models.UniqueIndex("(reconciliation_id, business_id, version, kind)")

    # ---- finding

    @api.model
    def _note(self, row, found):
        """Keep what :func:`..tools.reconciling.compare` found for ``row``.

        What is under way right now is none; what was accepted with the same contents stays accepted.
        """
        for kind, business_id, version, theirs in found:
            message = self.env["ctsp.exchange.message"].search([
                ("type_id", "=", row.type_id.id), ("business_id", "=", business_id), ("version", "=", version)])
            if kind == "only_there" and message:
                if row.direction == "in" or message.state in ("queued", "working", "done"):
                    continue
                kind = "given_up"
            self._noted(row, {
                "reconciliation_id": row.id, "business_id": business_id, "version": version, "kind": kind,
                "message_id": message.id, "own_digest": message.digest, "their_digest": theirs or False,
                "found_at": moment.now()})

    @api.model
    def _noted(self, row, values):
        key = ("business_id", "version", "kind")
        known = row.difference_ids.filtered(lambda one: all(one[name] == values[name] for name in key))
        if not known:
            self.create(values)
        elif known.state != "accepted" or (known.own_digest, known.their_digest) != (
                values["own_digest"], values["their_digest"]):
            known.write(values | {"state": "open"})

    # ---- what people do

    def action_resend(self):
        """Send again what the other system lacks; what differs there as a new version."""
        for one in self._repairable("resend"):
            message = one.message_id
            if one.kind == "only_here":
                message._queue_again("resent", self.env._("Reconciliation"))
                continue
            if message.search_count([("type_id", "=", message.type_id.id), ("version", ">", message.version),
                                     ("business_id", "=", message.business_id)], limit=1):
                raise UserError(self.env._(
                    "“%(message)s”: a newer version was sent already. Accept the difference instead.",
                    message=message.display_name))
            fresh = message.type_id._write_out(Outgoing(message.business_id, message._data()))
            for link in message.link_ids:
                fresh._link(self.env[link.res_model].browse(link.res_id))
        return True

    def action_fetch(self):
        """Ask the other system for what it says it sent."""
        for one in self._repairable("fetch"):
            self.env["ctsp.exchange.message"]._send(CODE, one.backend_id.code, Outgoing(
                f"{one.type_id.code} {one.business_id}"[:200], {
                    "step": "fetch", "type": one.type_id.code, "bizId": one.business_id, "version": one.version}))
        return True

    def action_accept(self):
        """Open the dialog that keeps a difference as it is, with a reason."""
        self._check_steward()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window", "res_model": "ctsp.exchange.difference.accept", "target": "new",
            "name": self.env._("Accept as It Is"), "views": [(False, "form")],
            "context": {"default_difference_ids": self.ids}}

    def action_message(self):
        """Show every message about the business object."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("ctsp_exchange.ctsp_exchange_message_action")
        return action | {"domain": [("related_number", "=", self.business_id)], "context": {},
                         "display_name": self.business_id}

    def _repairable(self, how):
        """Return the rows, marked as under repair, as superuser."""
        self._check_steward()
        self.check_access("read")
        rows = self.sudo()  # sudo: the engine's rows; the right was checked
        for one in rows:
            if one.state not in ("open", "repaired") or (one.direction, one.kind) not in REPAIRS[how]:
                raise UserError(self.env._(
                    "“%(number)s”: this difference cannot be mended in this way.", number=one.business_id))
        rows._handled("repaired", False)
        return rows

    def _accepted(self, reason):
        self._check_steward()
        self.check_access("read")
        self.sudo()._handled("accepted", reason)  # sudo: as above
        self.sudo().reconciliation_id._count_open()  # sudo: as above

    def _handled(self, state, reason):
        self.write({"state": state, "reason": reason, "user_id": self.env.user.id,
                    "handled_at": fields.Datetime.now()})

    @api.model
    def _check_steward(self):
        if not (self.env.su or self.env.user.has_group("ctsp_base.group_data_steward")):
            raise AccessError(self.env._("Only a data steward reconciles messages."))
