from unittest.mock import patch

from odoo.tests import tagged

from ctsp_crypto.errors import ProviderUnavailable

from ..tools import machine
from ..tools.failure import CryptoAltered, CryptoFailure, CryptoUnavailable
from .common import CryptoCase


@tagged("post_install", "-at_install")
class TestDoor(CryptoCase):
    """What every engine asks of cryptography: batches, with the version of the key, and nothing without a key."""

    def test_mac(self):
        """A code holds for its message, context and key version alone."""
        made = self.crypto._mac("integrity.mac", [b"a", b"b"], "model")
        self.assertEqual((len(made.values), made.version, made.key_ref), (2, 1, "integrity.mac:1"))
        self.assertEqual(made.algorithm, "HMAC-SM3")
        one, two = made.values
        rows = [(b"a", one, 1), (b"a", two, 1), (b"b", two, 1), (b"a", one, 7)]
        self.assertEqual(self.crypto._verify_mac("integrity.mac", rows, "model"), [True, False, True, None])
        self.assertEqual(self.crypto._verify_mac("integrity.mac", rows[:1], "another"), [False])

    def test_encryption(self):
        """What was encrypted for one place opens there alone; a bad value does not keep the good ones shut."""
        made = self.crypto._encrypt("personal.data", [("张三".encode(), b"m|name|1"), (b"", b"m|name|2")])
        self.assertNotIn("张三".encode(), made.values[0])
        rows = [(value, aad, made.version) for value, aad in zip(made.values, (b"m|name|1", b"m|name|2"))]
        self.assertEqual(self.crypto._decrypt("personal.data", rows), ["张三".encode(), b""])
        swapped = [(rows[1][0], rows[0][1], 1), rows[1]]
        with self.assertRaises(CryptoAltered):
            self.crypto._decrypt("personal.data", swapped)
        self.assertEqual(self.crypto._decrypt("personal.data", swapped, failed=lambda _place: None), [None, b""])

    def test_signature(self):
        made = self.crypto._sign("integrity.sign", [b"paper"])
        self.assertEqual(made.algorithm, "SM2-SM3")
        rows = [(b"paper", made.values[0], 1), (b"Paper", made.values[0], 1), (b"paper", made.values[0], 9)]
        self.assertEqual(self.crypto._verify_signature("integrity.sign", rows), [True, False, None])

    def test_blind_index(self):
        """Equal values are found within a field and tell nothing across fields."""
        first, second = self.crypto._blind("personal.index", "res.partner.phone", [b"138", b"138"]).values
        other, = self.crypto._blind("personal.index", "res.partner.mobile", [b"138"]).values
        self.assertEqual(first, second)
        self.assertNotEqual(first, other)

    def test_one_call_for_a_batch(self):
        """A thousand rows cost the provider one call: a service far away is asked once."""
        calls = []
        providers = machine.providers()
        macs = providers.macs
        self.crypto._mac("integrity.mac", [b""])
        with patch.object(providers, "macs", lambda *args: calls.append(args) or macs(*args), create=True):
            self.crypto._mac("integrity.mac", [b"x"] * 1000)
        self.assertEqual(len(calls), 1)

    def test_failures_are_logged_without_a_provider(self):
        """While nothing can be authenticated nothing is saved, but a failure leaves a row that says it has no key."""
        def down(*_args):
            raise ProviderUnavailable("no answer")

        port = self.env["ctsp.audit.port"]
        with patch.object(machine.providers(), "macs", down, create=True):
            with self.assertRaises(CryptoUnavailable):
                port._log("export", self.env.user)
            with self.enter_registry_test_mode():
                port._log_failure("sign_in", who="somebody")
        self.env.cr.execute("SELECT mac_key FROM ctsp_audit_log WHERE event = 'sign_in' ORDER BY id DESC LIMIT 1")
        self.assertEqual(self.env.cr.fetchone()[0], "sm3")
        port._log("export", self.env.user)
        self.env.cr.execute("SELECT mac_key FROM ctsp_audit_log WHERE event = 'export' ORDER BY id DESC LIMIT 1")
        self.assertEqual(self.env.cr.fetchone()[0], "audit.mac:1")

    def test_fail_closed(self):
        """Without its provider or key nothing is done, and people are told why."""
        def down(*_args):
            raise ProviderUnavailable("no answer")

        with patch.object(machine.providers(), "sign_many", down, create=True), \
                self.assertRaises(CryptoUnavailable) as caught:
            self.crypto._sign("integrity.sign", [b"paper"])
        self.assertNotIn("no answer", str(caught.exception))
        with self.assertRaises(CryptoFailure):
            self.crypto._mac("no.such.purpose", [b""])
        with self.assertRaises(CryptoFailure):
            self.crypto._encrypt("integrity.sign", [(b"", b"")])  # a key pair encrypts no rows
