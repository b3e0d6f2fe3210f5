import secrets
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ctsp_crypto.choice import Choice
from ctsp_crypto.errors import PolicyError, ProviderRefused
from ctsp_crypto.material import KeyHandle, SymmetricKey
from ctsp_crypto.providers.standard import StandardProvider
from ctsp_crypto.secret import Secret

from ..tools import machine, purpose_keys
from ..tools.failure import CryptoRefused
from .common import CryptoCase


class Service:
    """Signs and authenticates with keys of its own, named by handles; takes none in clear."""

    name, lies = "service", False

    def __init__(self):
        self._local = StandardProvider()
        self.pairs = {("sign", 1): self._local.generate_key_pair(), ("sign", 2): self._local.generate_key_pair()}
        self.secrets = {("mac", 1): SymmetricKey(Secret(secrets.token_bytes(32)))}

    def _of(self, keys, handle):
        if not isinstance(handle, KeyHandle):
            raise PolicyError("a key in clear")
        return keys[handle.locator, handle.version]

    def public_key(self, handle):
        return self._of(self.pairs, handle).public

    def sign_many(self, handle, messages, **_more):
        if self.lies:
            raise ProviderRefused("a signature that does not hold")
        return self._local.sign_many(self._of(self.pairs, handle), messages)

    def sign(self, handle, message, **_more):
        return self.sign_many(handle, [message])[0]

    sign_digest = sign

    def macs(self, handle, messages):
        return self._local.macs(self._of(self.secrets, handle), messages)

    def verify_macs(self, handle, pairs):
        return self._local.verify_macs(self._of(self.secrets, handle), pairs)

    mac = verify_mac = sign


@tagged("post_install", "-at_install")
class TestOutside(CryptoCase):
    """A purpose moves from keys in the database to a service, and to another key there; what was protected holds."""

    def setUp(self):
        super().setUp()
        self.service = Service()
        ports = dict.fromkeys(machine.providers().choice.assignments(), "standard") | {
            "signer": "service", "macer": "service"}
        choice = Choice({"standard": StandardProvider(), "service": self.service}, ports)
        patcher = patch.object(machine, "providers", lambda: machine.Providers(choice))
        with patch("ctsp_crypto.choice.selftest.run", lambda *_args: ()):
            choice.of("signer"), choice.of("digester")
        patcher.start()
        self.addCleanup(patcher.stop)

    def purpose(self, code):
        return self.env["ctsp.crypto.purpose"].search([("code", "=", code)])

    def test_signatures(self):
        made = [self.crypto._sign("integrity.sign", [b"paper"])]
        for locators in ("-,sign@1", "-,sign@1,sign@2"):
            self.purpose("integrity.sign").locators = locators
            made.append(self.crypto._sign("integrity.sign", [b"paper"]))
        self.assertEqual([one.version for one in made], [1, 2, 3])
        rows = [(message, one.values[0], one.version) for one in made for message in (b"paper", b"Paper")]
        self.assertEqual(self.crypto._verify_signature("integrity.sign", rows), [True, False] * 3)
        self.assertEqual(self.crypto._verify_signature("integrity.sign", [(b"paper", made[1].values[0], 3)]), [False])

    def test_codes(self):
        old = self.crypto._mac("integrity.mac", [b"a"], "model")
        self.purpose("integrity.mac").locators = "-,mac@1"
        new = self.crypto._mac("integrity.mac", [b"a"], "model")
        rows = [(b"a", old.values[0], 1), (b"a", new.values[0], 2), (b"a", new.values[0], 1), (b"a", old.values[0], 7)]
        self.assertEqual(self.crypto._verify_mac("integrity.mac", rows, "model"), [True, True, False, None])
        self.assertEqual(self.crypto._verify_mac("integrity.mac", rows[1:2], "another"), [False], "its own context")

    def test_papers(self):
        """The certificate of a paper is that of the key in the service."""
        before = self.env["ctsp.crypto.certificate"]._current("document.sign")
        self.purpose("document.sign").locators = "-,sign@2"
        after = self.env["ctsp.crypto.certificate"]._current("document.sign")
        self.assertNotEqual(before, after)
        self.assertEqual(after.key_version, 2)
        _key, public, version = self.crypto._signing_pair("document.sign")
        self.assertEqual((public.point, version), (self.service.pairs["sign", 2].public.point, 2))

    def test_names(self):
        """What lies in the database is named first, and nothing is taken away."""
        purpose = self.purpose("integrity.sign")
        for wrong in ("sign", "sign,-", "-,-,sign", "-,sign@x", "-,@2"):
            with self.assertRaises(ValidationError):
                purpose.locators = wrong
        purpose.locators = "-,sign"
        for wrong in ("", "-", "-,other"):
            with self.assertRaises(ValidationError):
                purpose.locators = wrong
        self.assertEqual(purpose.version, 2)
        self.assertEqual(purpose_keys.places(" - , a@2,, b "), ("-", "a@2", "b"))

    def test_a_lie_is_told_and_logged(self):
        self.purpose("integrity.sign").locators = "-,sign@1"
        self.service.lies = True
        with self.enter_registry_test_mode(), mute_logger("odoo.addons.ctsp_crypto.tools.failure"):
            try:
                self.crypto._sign("integrity.sign", [b"paper"])
            except CryptoRefused as refused:
                self.assertNotIn("paper", str(refused))
            else:
                self.fail("signed all the same")
        self.env.cr.execute("SELECT detail ->> 'reason' FROM ctsp_audit_log WHERE event = 'crypto.provider'")
        self.assertIn("does not hold", self.env.cr.fetchone()[0])
