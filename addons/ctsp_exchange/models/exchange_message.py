import json

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.ctsp_crypto.fields import EncryptedText
from odoo.addons.ctsp_crypto.tools.failure import CryptoAltered

from ..tools import moment, nudge, strict_json
from ..tools.errors import Final
from ..tools.reply import Refused

STATES = [
    ("queued", "Waiting"), ("working", "Under Way"), ("dead", "Dead Letter"),
    ("done", "Done"), ("superseded", "Superseded"), ("cancelled", "Given Up")]
UNFINISHED = ("queued", "working", "dead")
HOLDING = ("queued", "working", "dead")
"""states that hold back later messages of the same business object, where the type keeps their order"""
EVIDENCE = (
    "type_id", "backend_id", "direction", "business_id", "version", "contract", "payload", "original", "digest",
    "size", "signed_by", "state", "receipt_state", "created_at", "done_at", "archived_at")


class ExchangeMessage(models.Model):
    """One message to or from another system: outbox, inbox, job and evidence in one row.

    Known by (type, business number, version). The engine alone writes it: what is to be sent within the business
    transaction, what came in as it came. What was tried and done with it lies in ``ctsp.exchange.try``.
    """

    _name = "ctsp.exchange.message"
    _description = "Exchanged Message"
    _inherit = ["ctsp.encrypted.mixin", "ctsp.export.mixin"]
    _order = "id desc"
    _rec_name = "business_id"
    _rec_names_search = ["business_id"]
    _integrity_fields = {
        1: EVIDENCE, 2: (*EVIDENCE, "content_digest"), 3: (*EVIDENCE, "content_digest", "received")}
    _integrity_alike = {"state": ("queued", "working")}  # the course of the queue; what it ends with is evidence

    backend_id = fields.Many2one("ctsp.exchange.backend", "System", required=True, readonly=True, ondelete="restrict")
    type_id = fields.Many2one("ctsp.exchange.type", "Message Type", required=True, readonly=True, ondelete="restrict",
                              index=True)
    direction = fields.Selection([("in", "Received"), ("out", "Sent")], required=True, readonly=True)
    business_id = fields.Char("Business No.", required=True, readonly=True, index=True)
    version = fields.Integer(required=True, readonly=True, aggregator=None)
    contract = fields.Char("Contract Version", readonly=True)
    payload = EncryptedText(purpose="exchange.data", readonly=True, groups="ctsp_base.group_data_steward")
    original = EncryptedText(
        "As It Was First", purpose="exchange.data", readonly=True, groups="ctsp_base.group_data_steward")
    payload_text = fields.Text("Content", compute="_compute_payload_text", groups="ctsp_base.group_data_steward")
    digest = fields.Char("SM3 of the Content", readonly=True, help="Of what was sent: received content that was edited "
                         "here keeps the digest with which it came.")
    size = fields.Integer("Size (Bytes)", readonly=True)
    canonical_text = fields.Text(
        "As We Read It", compute="_compute_canonical_text", groups="ctsp_base.group_data_steward",
        help="After the field mapping in use.")
    is_unmapped = fields.Boolean(readonly=True, help="The field mapping failed: it is done again before it is sent.")
    is_bulk = fields.Boolean("Part of a Full Push", readonly=True, help="Lets everything else go first.")
    signed_by = fields.Char("Key", readonly=True)
    order_key = fields.Char(readonly=True)
    event = fields.Char(
        "Event That Could Not Be Told", readonly=True, groups=fields.NO_ACCESS,
        help="No message could be made of it; its payload says of which records.")
    state = fields.Selection(STATES, required=True, readonly=True, default="queued", group_expand=True)
    tries = fields.Integer(readonly=True, aggregator=None)
    deaths = fields.Integer("Interrupted", readonly=True, aggregator=None)
    next_try_at = fields.Datetime("Next Try", readonly=True)
    lease_until = fields.Datetime("Held Until", readonly=True)
    token = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    reason = fields.Text(readonly=True)
    receipt_state = fields.Selection(
        [("done", "Applied There"), ("dead", "Failed There"), ("superseded", "Superseded There"),
         ("person", "With a Person There")], "Receipt", readonly=True)
    receipt_reason = fields.Char(readonly=True)
    created_at = fields.Datetime("Made At", required=True, readonly=True, default=lambda self: moment.now(), index=True)
    sent_at = fields.Datetime(
        "Sent At", readonly=True, help="By the sender's clock: the day that both sides reconcile it on.")
    first_sent_at = fields.Datetime("First Tried At", readonly=True)
    done_at = fields.Datetime("Finished At", readonly=True)
    seconds = fields.Float("Took (Seconds)", readonly=True, digits=(12, 3), aggregator="avg")
    archived_at = fields.Datetime("Archived At", readonly=True)
    try_ids = fields.One2many("ctsp.exchange.try", "message_id", "What Was Done", readonly=True)
    link_ids = fields.One2many("ctsp.exchange.link", "message_id", "About", readonly=True)

    _identity_unique = models.UniqueIndex(
        "(type_id, business_id, version)", "There is a message of this type, business number and version already.")
    _due_idx = models.Index("(backend_id, direction, is_bulk, id) WHERE state IN ('queued', 'working')")
    _sent_idx = models.Index("(type_id, sent_at)")
    _signed_idx = models.Index("(signed_by, created_at) WHERE signed_by IS NOT NULL")
    _state_idx = models.Index("(state, backend_id, type_id)")
    _order_idx = models.Index(
        "(order_key, id) WHERE order_key IS NOT NULL AND state IN ('queued', 'working', 'dead')")

    @api.depends("type_id", "business_id", "version")
    def _compute_display_name(self):
        for message in self:
            message.display_name = f"{message.business_id} #{message.version}"

    @api.depends("payload", "archived_at")
    def _compute_payload_text(self):
        """Lay out the content for people."""
        for message in self:
            content = None
            try:
                content = message._content()
                message.payload_text = json.dumps(json.loads(content), ensure_ascii=False, indent=2)
            except CryptoAltered as altered:
                message.payload_text = altered.args[0]
            except (ValueError, TypeError):
                message.payload_text = content

    @api.depends("payload", "type_id")
    def _compute_canonical_text(self):
        """Show received messages as their handlers read them, where that is another form."""
        for message in self:
            try:
                canonical = message._canonical() if message.direction == "in" and message.payload else None
                same = canonical is None or canonical == message._data()
                message.canonical_text = False if same else json.dumps(canonical, ensure_ascii=False, indent=2)
            except (Final, Refused) as wrong:
                message.canonical_text = str(wrong)

    # ---- writing: the engine's part

    @api.model
    def _make(self, kind, business_id, version, data, **values):
        """Write a message of type ``kind`` and return it; the one that is there already if it is the same again.

        :param version: None for the next number of the engine's series
        """
        return self._make_all(kind, [(business_id, version, data, values)])

    @api.model
    def _make_all(self, kind, rows):
        """Write a message of ``kind`` for each row of arguments of :meth:`_make`; return them in order."""
        fresh = sum(version is None for _id, version, _data, _values in rows)
        self.env.cr.execute(SQL("SELECT nextval('ctsp_exchange_version') FROM generate_series(1, %s)", fresh))
        versions = iter(self.env.cr.fetchall())  # nobody else's: nothing to look for
        found, wanted = [], []
        for business_id, version, data, values in rows:
            known = self.browse() if version is None else self._known(kind, business_id, version)
            found.append(known)
            if not known:
                version = next(versions)[0] if version is None else version
                wanted.append(self._message_values(kind, business_id, version, data, values))
        made = self.sudo().create(wanted)  # sudo: the engine writes it, whoever made the business step
        made._wake()
        made = iter(made)
        return self.browse().sudo().concat(*(known or next(made) for known in found))  # sudo: as above

    @api.model
    def _message_values(self, kind, business_id, version, data, values):
        text, now = strict_json.canonical(data).decode(), moment.now()
        return {
            "type_id": kind.id, "backend_id": kind.backend_id.id, "direction": kind.direction,
            "business_id": business_id, "version": version, "payload": text, "digest": strict_json.digest(data),
            "size": len(text.encode()), "next_try_at": now, "created_at": now,
            "order_key": f"{kind.id}:{business_id}" if kind.order == "kept" else False, **values,
            "sent_at": values.get("sent_at") or now}

    @api.model
    def _known(self, kind, business_id, version):
        """Return the message with this identity; nobody else makes one until this transaction ends."""
        domain = [("type_id", "=", kind.id), ("business_id", "=", business_id), ("version", "=", version)]
        if known := self.sudo().search(domain, limit=1):  # sudo: as above
            return known
        self.env["ctsp.exchange.nonce"]._reserve(f"{kind.id}\n{business_id}\n{version}")
        return self.sudo().search(domain, limit=1)  # sudo: as above

    def _wake(self):
        """Have messages dealt with after the commit."""
        for direction in set(self.mapped("direction")) or {"in", "out"}:
            nudge.after_commit(self.env.cr, direction)

    def _link(self, records):
        """Note that the message is about ``records``."""
        self.ensure_one()
        self._link_all([(self, records)])

    @api.model
    def _link_all(self, pairs):
        """Note of many messages what each is about: ``(message, records)``."""
        rows = []
        for message, records in pairs:
            known = {(link.res_model, link.res_id) for link in message.sudo().link_ids}  # sudo: the engine's rows
            rows += [
                {"message_id": message.id, "res_model": record._name, "res_id": record.id,
                 "res_name": (record.sudo().display_name or "")[:200]}
                for record in records if (record._name, record.id) not in known]
        self.env["ctsp.exchange.link"].sudo().create(rows)  # sudo: as above

    def _data(self):
        """Return what the payload says, archived or not."""
        # handlers read what they apply. It was read strictly when it came, or written by ourselves
        return json.loads(self._content() or "null")

    def _canonical(self):
        """Return what the payload says in the platform's own form. :raise Final: it cannot be mapped"""
        # sudo: handlers read what they apply, as in _data
        return self.env["ctsp.exchange.mapping"]._mapped(self.sudo().type_id, self.contract, self._data())

    @api.model
    def _about(self, records):
        """Return the messages about ``records``."""
        links = self.env["ctsp.exchange.link"].sudo().search(  # sudo: the reader's rights on messages decide
            [("res_model", "=", records._name), ("res_id", "in", records.ids)])
        return self.search(Domain("id", "in", links.message_id.ids))

    def init(self):
        super().init()
        self.env.cr.execute("CREATE SEQUENCE IF NOT EXISTS ctsp_exchange_version AS integer")
        # messages from before there was reconciliation
        self.env.cr.execute("UPDATE ctsp_exchange_message SET sent_at = created_at WHERE sent_at IS NULL")
