import base64
import json
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.ctsp_crypto.tools import machine

from ctsp_crypto.encodings import keys as key_forms

from ..tools import moment, proof, signing
from .intake import IntakeCase

CONTENT = {"bizId": "T1", "version": 1, "time": 1780000000000, "data": {"n": 1, "name": "中文"}}
BODIES = {
    "spaced": json.dumps(CONTENT).encode(),
    "lines": json.dumps(CONTENT, ensure_ascii=False, indent=2).replace("\n", "\r\n").encode(),
    "canonical": json.dumps(CONTENT, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()}


@tagged("post_install", "-at_install")
class TestReceived(IntakeCase):
    """A received message is kept so that its signature can be verified again, byte by byte, also years later."""

    def taken(self, body, **options):
        answer = self.post(body, **options).json()
        self.assertEqual(answer["code"], 0, answer)
        self.env.invalidate_all()
        return self.env["ctsp.exchange.message"].browse(int(answer["data"]["messageId"]))

    def seen(self, message):
        """Return the message as a data steward sees it, computed anew."""
        self.env.flush_all()
        self.env.invalidate_all()
        return message.with_user(self.role("data_steward"))

    def tampered(self, message, **changed):
        message.received = json.dumps(json.loads(message.received) | changed)
        return self.seen(message).signature_state

    def test_kept(self):
        """The bytes that were signed come back, however the sender wrote his JSON; what is kept already is not kept
        twice."""
        for name, body in BODIES.items():
            with self.subTest(name=name):
                body = body.replace(b"T1", name.encode())
                message = self.taken(body)
                kept = json.loads(message.received)
                self.assertEqual(set(kept) >= {"head", "tail"}, name == "canonical")
                seen = self.seen(message)
                self.assertEqual(seen.signature_state, "holds", seen.signature_note)
                self.assertEqual(base64.b64decode(seen.received_body), body)
                self.assertIn(f"sign: {kept['sign']}", seen.received_text)
                self.assertTrue(signing.hmac_holds(self.secret.encode(), seen.signed_text.encode(), kept["sign"]))

    def test_changed_byte(self):
        for name, body in BODIES.items():
            message = self.taken(body.replace(b"T1", name.encode()))
            kept = json.loads(message.received)
            part = "tail" if "tail" in kept else "text"
            for changed in ({part: kept[part].replace(" ", "", 1) if part == "text" else kept[part] + " "},
                            {"nonce": "x" * 32}, {"timestamp": kept["timestamp"] + 1}, {"target": kept["target"] + "x"},
                            {"sign": "0" * 64}):
                with self.subTest(name=name, changed=list(changed)):
                    self.assertEqual(self.tampered(message, **changed), "broken")
                    self.assertEqual(self.tampered(message, **kept), "holds")
        message.payload = message.payload.replace("中", "国")
        self.assertEqual(self.seen(message).signature_state, "broken", "what was taken out of it is part of it")

    def test_exchanged(self):
        """A request with its signature, put beside another message, is not that message's."""
        one, other = self.taken(BODIES["spaced"]), self.taken(BODIES["spaced"].replace(b"T1", b"T2"))
        other.received = one.received
        seen = self.seen(other)
        self.assertEqual(seen.signature_state, "broken")
        self.assertIn("T2", other.business_id)
        self.assertIn("signature holds, but", seen.with_context(lang="en_US").signature_note)

    def test_sm2(self):
        """By the public key of that day, whatever became of the key since."""
        pair, later = machine.providers().generate_key_pair(), machine.providers().generate_key_pair()
        key, _none = self.credentials._issue({
            "backend_id": self.backend.id, "method": "sm2",
            "public_key": key_forms.write_public(pair.public).decode()})
        message = self.taken(BODIES["spaced"], key=key, signer=lambda text: base64.b64encode(
            machine.providers().sign(pair, text).value).decode())
        self.assertEqual(self.seen(message).signature_state, "holds")
        key.public_key = key_forms.write_public(later.public).decode()
        key._end()
        self.assertEqual(self.seen(message).signature_state, "holds")
        kept = json.loads(message.received)
        raw = proof.body(kept, message.payload)
        machine.providers().verify(pair.public, proof.text(kept, raw), base64.b64decode(kept["sign"]))  # by hand
        self.assertEqual(self.tampered(message, text=kept["text"].replace("1", "2", 1)), "broken")

    def test_edited(self):
        """What is mended here stands beside what came."""
        message = self.taken(BODIES["canonical"])
        message.state = "dead"
        message.with_user(self.role("data_steward"))._edited('{"n": 2}', "typo")
        seen = self.seen(message)
        self.assertEqual((seen.signature_state, seen._data()), ("holds", {"n": 2}))

    def test_archived(self):
        """The archive carries them along; a file in its place is found."""
        messages = [self.taken(body.replace(b"T1", name.encode())) for name, body in BODIES.items()]
        for message in messages:
            message.write({"state": "done", "done_at": moment.now() - timedelta(days=366)})
        self.assertEqual(self.env["ctsp.exchange.message"]._gc_contents()[0], 3)
        for message in messages:
            seen = self.seen(message)
            self.assertFalse(seen.received)
            self.assertEqual(seen.signature_state, "holds")
        own, other = (self.env["ir.attachment"].sudo().search([
            ("res_model", "=", one._name), ("res_id", "=", one.id), ("res_field", "=", "content_file")])
            for one in messages[:2])
        self.env.cr.execute(SQL("UPDATE ir_attachment SET store_fname = %s WHERE id = %s", other.store_fname, own.id))
        self.env.cr.cache.clear()
        seen = self.seen(messages[0])
        self.assertEqual(seen.signature_state, "broken")
        self.assertIn("spaced", seen.signature_note)

    def test_not_kept(self):
        """Messages of before, or fetched: said so."""
        message = self.env["ctsp.exchange.message"]._make(self.kind, "T1", 1, {"n": 1})
        seen = self.seen(message)
        self.assertEqual((seen.signature_state, seen.received_body, seen.received_text), ("none", False, False))

    def test_rights(self):
        """Encrypted in the table, read by data stewards only, part of the evidence."""
        message = self.taken(BODIES["lines"])
        self.env.cr.execute("SELECT received FROM ctsp_exchange_message WHERE id = %s", [message.id])
        stored = bytes(self.env.cr.fetchone()[0])
        self.assertNotIn(b"POST", stored)
        self.assertIn("received", message._integrity_fields[max(message._integrity_fields)])
        for field in ("received", "received_text", "received_body", "signature_state"):
            with self.assertRaises(AccessError):
                message.with_user(self.role("system_admin")).read([field])

    def test_costs(self):
        """Keeping it is a column of the row that is written anyway: no query more."""
        intake, values = self.env["ctsp.exchange.message"], {"received": json.dumps({"text": "x" * 1000})}
        costs = []
        for number, kept in enumerate(({}, {}, values)):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            intake._make(self.kind, f"C{number}", 1, {"n": 1}, **kept)
            self.env.flush_all()
            costs.append(self.env.cr.sql_log_count - before)
        self.assertEqual(costs[1], costs[2])
