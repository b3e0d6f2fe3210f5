import base64
import hashlib
import hmac
import json

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.ctsp_base.tests.common import CtspCase

KEY = b"a key of this test"


@tagged("post_install", "-at_install")
class TestIntegrity(CtspCase):
    def use_signer(self):
        """Put a real, if simple, signer behind the port, as another addon does."""
        Signer = self.env.registry["ctsp.signer"]

        def sign(_self, canonical):
            return hmac.new(KEY, canonical, hashlib.sha256).hexdigest(), "k1"

        self.patch(Signer, "_sign", sign)
        self.patch(Signer, "_verify", lambda _self, canonical, signature, key_ref: (
            hmac.compare_digest(sign(_self, canonical)[0], signature)
        ))

    def record(self, **values):
        return self.env["ctsp.test.coded"].with_user(self.role("regulator")).create({"day": "2026-09-01", **values})

    def test_honest_without_a_signer(self):
        record = self.record()
        self.assertEqual(record.integrity_state, "unsigned")
        self.assertIsNone(self.env["ctsp.signer"]._sign(b"x"))

    def test_the_canonical_form(self):
        """Deterministic JSON of the declared version, with a digest in place of a file."""
        record = self.record(file=base64.b64encode(b"abc"), amount=0.1)
        content = json.loads(record._integrity_canonical())
        self.assertEqual((content["model"], content["id"], content["version"]), ("ctsp.test.coded", record.id, 2))
        self.assertEqual(content["values"]["day"], "2026-09-01")
        self.assertTrue(content["values"]["file"].startswith("sm3:"))
        self.assertEqual(json.loads(record._integrity_canonical(1))["values"], {"uscc": None})
        before = record._integrity_canonical()
        record.invalidate_recordset()
        self.assertEqual(record._integrity_canonical(), before)

    def test_a_change_behind_the_back_is_found(self):
        """What the ORM writes is signed anew; what SQL writes shows as altered."""
        self.use_signer()
        record = self.record(amount=1.5)
        self.assertEqual(record.integrity_state, "valid")
        record.amount = 2.5
        record.invalidate_recordset()
        self.assertEqual(record.integrity_state, "valid")
        self.env.flush_all()
        self.env.cr.execute("UPDATE ctsp_test_coded SET amount = 99 WHERE id = %s", [record.id])
        record.invalidate_recordset()
        self.assertEqual(record.integrity_state, "broken")

    def test_nobody_touches_the_signature(self):
        """A user can neither read, write nor blank it out, and copies carry none over."""
        self.use_signer()
        record = self.record()
        for values in ({"integrity_signature": False}, {"integrity_version": 1}, {"integrity_key_ref": "k2"}):
            with self.assertRaises(AccessError):
                record.write(values)
        with self.assertRaises(AccessError):
            record.read(["integrity_signature"])
        copy = record.copy()
        self.assertNotEqual(copy.sudo().integrity_signature, record.sudo().integrity_signature)
        self.assertEqual(copy.integrity_state, "valid")

    def test_old_signatures_stay_valid(self):
        """A signature made by an earlier version of the field list is verified by that list."""
        self.use_signer()
        record = self.record(amount=1)
        signature, _key = self.env["ctsp.signer"]._sign(record._integrity_canonical(1))
        record.sudo().write({"integrity_signature": signature, "integrity_version": 1})
        self.env.flush_all()
        self.env.cr.execute("UPDATE ctsp_test_coded SET amount = 99 WHERE id = %s", [record.id])
        record.invalidate_recordset()
        self.assertEqual(record.integrity_state, "valid", "version 1 does not cover the amount")

    def test_events_can_be_sent(self):
        """The outbox refuses what no message could carry, in the transaction that made it."""
        document = self.env["ctsp.test.document"].create({"name": "x"})
        document._outbox_emit("ctsp.test.event", {"a": [1, None, "文"]})
        with self.assertRaises(TypeError):
            document._outbox_emit("ctsp.test.event", {"a": document})
