import base64
import json

from odoo import api, fields, models
from odoo.tools.osutil import clean_filename

from odoo.addons.ctsp_crypto.fields import EncryptedText
from odoo.addons.ctsp_crypto.tools.failure import CryptoAltered

from ..tools import proof, strict_json
from ..tools.reply import Refused

STEWARD = "ctsp_base.group_data_steward"
SHOWN = 20_000  # characters of a body; the file has all of it


class ExchangeReceived(models.Model):
    """Received messages byte by byte, with their signature: whoever doubts an order verifies it again."""

    _inherit = "ctsp.exchange.message"

    received = EncryptedText("Request as Received", purpose="exchange.data", readonly=True, groups=STEWARD)
    received_text = fields.Text("As Received", compute="_compute_received", groups=STEWARD)
    received_body = fields.Binary(
        "Body, Byte by Byte", compute="_compute_received", groups=STEWARD, help="As it was signed.")
    received_name = fields.Char("Name of the File", compute="_compute_received", groups=STEWARD)
    signed_text = fields.Text(
        "Text That Was Signed", compute="_compute_received", groups=STEWARD,
        help="HMAC-SM3, or SM2 with SM3, over its bytes (UTF-8) is the header sign.")
    signature_state = fields.Selection(
        [("holds", "Holds"), ("broken", "Does Not Hold"), ("unknown", "Cannot Be Verified"), ("none", "Not Kept")],
        compute="_compute_received", groups=STEWARD)
    signature_note = fields.Char("What the Verification Says", compute="_compute_received", groups=STEWARD)

    @api.depends("received", "payload", "original", "archived_at")
    def _compute_received(self):
        """Verify again, now, what is kept of the request."""
        for message in self:
            message.received_text = message.received_body = message.received_name = message.signed_text = False
            try:
                kept, body = message._received_request()
            except CryptoAltered as altered:
                message.signature_state, message.signature_note = "broken", altered.args[0]
                continue
            if kept:
                message._show_received(kept, body)
            message.signature_state, message.signature_note = message._verified_again(kept, body)

    def _show_received(self, kept, body):
        lines = [f"{kept['method']} {kept['target']}"]
        lines += [f"{name}: {value}" for name, value in proof.headers(kept).items()]
        shown = body.decode(errors="replace")
        self.received_text = "\n".join([*lines, "", shown[:SHOWN] + ("…" if len(shown) > SHOWN else "")])
        self.signed_text = proof.text(kept, body).decode(errors="replace")
        self.received_body = base64.b64encode(body)
        self.received_name = f"{clean_filename(self.business_id, '_')}-{self.version}.json"

    def _received_request(self):
        """Return ``(what is kept of the request, the bytes of its body)``; ``(None, b"")`` where nothing is.

        :raise CryptoAltered: it lies in the archive, and that was altered
        """
        # sudo: the reader's right was checked by the field that asks. What cannot be decrypted is said, not shown
        own = self.sudo().with_context(crypto_broken=None)
        parts = own._archived() if own.archived_at else {
            "received": own.received, "original": own.original, "payload": own.payload}
        if not parts or not parts.get("received"):
            return None, b""
        kept = json.loads(parts["received"])
        return kept, proof.body(kept, parts.get("original") or parts["payload"])

    def _verified_again(self, kept, body):
        """Return ``(state, sentence)``: whether the signature over the bytes that are kept holds."""
        if not kept:
            return "none", self.env._(
                "Not kept: it came before requests were kept byte by byte, or in an answer to our question.")
        # sudo: a data steward does not see keys, but what they verify
        holds = self.env["ctsp.exchange.credential"].sudo()._holds_again(kept, proof.text(kept, body))
        if holds is None:
            return "unknown", self.env._(
                "It cannot be verified now: key “%(key)s” is gone or out of reach.", key=kept["key"])
        if not holds:
            return "broken", self.env._(
                "The signature does not hold: what is kept is not what key “%(key)s” signed.", key=kept["key"])
        if not self._says_the_same(body):
            return "broken", self.env._("The signature holds, but over another message than this one.")
        return "holds", self.env._(
            "The signature by key “%(key)s” (%(method)s) holds over the bytes that are kept.", key=kept["key"],
            method="SM2-SM3" if kept["publicKey"] else "HMAC-SM3")

    def _says_the_same(self, body):
        """Say whether ``body`` carries this message: its number, version and content. An envelope does not tell."""
        try:
            said = strict_json.read(body)
        except Refused:
            return True
        if not isinstance(said, dict) or "bizId" not in said:
            return True
        return (str(said["bizId"]).strip(), said.get("version"), strict_json.digest(said.get("data"))) == (
            self.business_id, self.version, self.digest)
