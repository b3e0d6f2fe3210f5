from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.ctsp_exchange.tools import hosts
from odoo.addons.ctsp_exchange.tools.outgoing import Outgoing

from .dataset_delivery import PING

TYPE = "submission"
MOST = 3
"""addresses of one institution"""
#: of the line to an institution: gentle, and patient with slow programs
LINE = {"contract": "v1", "parallel": 2, "rate": 5, "read_seconds": 10, "total_seconds": 20, "state": "active"}


class DatasetWebhook(models.Model):
    """Where an institution's program is told what became of its submissions (回调).

    Carried by the exchange's outbox: signed, tried again, dead letters in sight. The institution enters the address;
    that it is none of ours is checked when it is entered and again with every connection (``tools/pinned.py``).
    """

    _name = "ctsp.dataset.webhook"
    _description = "Callback Address"
    _inherit = ["ctsp.owned.mixin"]
    _order = "id desc"
    _rec_name = "url"
    _audit_what = "write"
    _desk_fields = ("url", "active")
    _desk_states = "any"
    _desk_hidden = ("backend_ids",)
    _integrity_fields = {1: ("owner_partner_id", "url", "active")}

    url = fields.Char("Address", required=True, help="https; what became of a submission is posted there.")
    active = fields.Boolean(default=True)
    backend_ids = fields.One2many("ctsp.exchange.backend", "webhook_id", "Line", groups="ctsp_base.group_data_steward")
    key = fields.Char("Key ID", compute="_compute_key", compute_sudo=True)
    is_key_known = fields.Boolean(compute="_compute_is_key_known", compute_sudo=True)
    shown_secret = fields.Char("Secret", compute="_compute_shown_secret")
    delivery_ids = fields.One2many("ctsp.dataset.delivery", "webhook_id", "Deliveries", readonly=True)
    last_state = fields.Selection(related="delivery_ids.state", string="Last Delivery")

    @api.constrains("url")
    def _check_url(self):
        allowed = self.env["ctsp.exchange.backend"]._public_hosts()
        for webhook in self:
            try:
                hosts.check(webhook.url, allowed)
            except ValueError:
                raise ValidationError(self.env._(
                    "Address: https:// and a host of the open Internet are needed, without name, password and query.",
                )) from None

    @api.depends("backend_ids.credential_ids.state")
    def _compute_key(self):
        for webhook in self:
            webhook.key = webhook._credential().key

    @api.depends("backend_ids.credential_ids.successor_id")
    def _compute_is_key_known(self):
        """The first key was drawn with the line and shown to nobody."""
        for webhook in self:
            webhook.is_key_known = bool(webhook.backend_ids.credential_ids.successor_id)

    @api.depends_context("shown_secret")
    def _compute_shown_secret(self):
        """Kept nowhere: the dialog brings it along."""
        self.shown_secret = self.env.context.get("shown_secret")

    def _credential(self):
        """Return the key that signs what is sent there, superuser."""
        return self.sudo().backend_ids.credential_ids.filtered(  # sudo: the line is the platform's
            lambda one: one.use == "out" and one.state == "active")[:1]

    @api.model_create_multi
    def create(self, vals_list):
        webhooks = super().create(vals_list)
        for webhook in webhooks:
            own = [("owner_partner_id", "=", webhook.owner_partner_id.id)]
            if self.with_context(active_test=False).search_count(own) > MOST:
                raise UserError(self.env._("An institution has up to %(number)s callback addresses.", number=MOST))
            webhook._connect()
        return webhooks

    def write(self, vals):
        switched = self.filtered(lambda one: "active" in vals and one.active != vals["active"])
        done = super().write(vals)
        # sudo: lines are the platform's; their own check refuses what is no public address
        if "url" in vals:
            self.sudo().backend_ids.url = vals["url"]
        for webhook in switched:
            webhook.sudo().backend_ids._switch(webhook.active)
        if "url" in vals or switched:
            self._end_rest()
        return done

    def _end_rest(self):
        """Who mended something, or tries it, need not wait until the line has rested from what failed before."""
        # sudo: the line is the platform's
        self.sudo().backend_ids.line_ids.write({"open_until": False, "failures": 0, "opened": 0})
        self.env["ctsp.exchange.message"]._wake()

    def _connect(self):
        """Make the line to the address and the key that signs what is sent there."""
        self.ensure_one()
        backend = self.env["ctsp.exchange.backend"].sudo().create({  # sudo: lines are the platform's
            **LINE, "name": f"{self.sudo().owner_partner_id.name} 回调", "code": f"webhook-{self.id}",
            "url": self.url, "webhook_id": self.id, "sequence": 1000})
        self.env["ctsp.exchange.type"].sudo().create({  # sudo: as above
            "name": "报送结果回调", "code": TYPE, "backend_id": backend.id, "direction": "out", "order": "none"})
        # sudo: as above; the secret is shown when the institution asks for it
        self.env["ctsp.exchange.credential"].sudo()._issue({"backend_id": backend.id, "use": "out", "note": self.url})

    # ---- screen

    def action_new_secret(self):
        """Draw another key and show it once; the old one signs no more."""
        self.ensure_one()
        self.check_access("write")
        credential = self._credential()
        _successor, secret = credential._rotate(days=0)
        credential._end()
        self.invalidate_recordset(["key", "is_key_known"])
        return {
            "type": "ir.actions.act_window", "res_model": self._name, "res_id": self.id, "target": "new",
            "name": self.env._("Key of the Callback"), "context": {"shown_secret": secret},
            "views": [(self.env.ref("ctsp_dataset.ctsp_dataset_webhook_view_form_secret").id, "form")]}

    def action_test(self):
        """Send a message that says nothing, to see whether it arrives."""
        self.ensure_one()
        self.check_access("write")
        if not self.active:
            raise UserError(self.env._("The address is switched off: nothing is sent there."))
        if not self.is_key_known:
            raise UserError(self.env._("Draw a secret first: nobody has seen the key that would sign the test."))
        earlier = self.env["ctsp.dataset.delivery"].search([("webhook_id", "=", self.id), ("event", "=", PING)])
        earlier._withdraw()
        self._end_rest()
        self._post(f"ping-{self.id}", PING, {"test": True})
        return {
            "type": "ir.actions.client", "tag": "display_notification",
            "params": {"type": "success", "next": {"type": "ir.actions.client", "tag": "soft_reload"},
                       "message": self.env._("Sent. Whether it arrived is told in the list of deliveries.")}}

    def _post(self, business_id, event, data, submission=None):
        """Have ``data`` sent after the commit."""
        backend = self.sudo().backend_ids  # sudo: lines are the platform's
        message = self.env["ctsp.exchange.message"]._send(
            TYPE, backend.code, Outgoing(business_id, {"event": event, **data}, None, submission))
        self.env["ctsp.dataset.delivery"].sudo().create({  # sudo: written by the platform alone
            "webhook_id": self.id, "event": event, "message_id": message.id,
            "submission_id": submission.id if submission else False})
