import ast
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from odoo.addons.ctsp_crypto.tools import machine

import ctsp_crypto
from ctsp_crypto.choice.chooser import PORTS

PACKAGE = Path(ctsp_crypto.__file__).parent
ADDONS = Path(__file__).parents[2]
METHODS = {port: {name for name in vars(kind) if not name.startswith("_")} for port, kind in PORTS.items()}
ASKED = ("provider", "providers", "providers()", "stamper", "ciphers")
"""how those are called in the code that are asked for a port"""


def calls(path):
    """Return ``{(receiver, method)}`` of the calls in a module."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {(ast.unparse(node.func.value), node.func.attr) for node in nodes
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}


def place(module):
    inside = module.removeprefix("crypto:")
    return PACKAGE / inside if inside != module else ADDONS / module


@tagged("post_install", "-at_install")
class TestCryptoUses(TransactionCase):
    """The page on the state of cryptography names the uses that the code has: none that is not, none left out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.uses = cls.env["ctsp.crypto.status"]._uses()

    def test_each_use_is_called(self):
        for use in self.uses:
            for module in use.modules:
                with self.subTest(use=use.port, module=module):
                    called = {method for receiver, method in calls(place(module)) if receiver.endswith(ASKED)}
                    self.assertTrue(called & METHODS[use.port])

    def test_each_call_is_a_use(self):
        declared = {(use.port, module) for use in self.uses for module in use.modules}
        for path in sorted(ADDONS.glob("ctsp_*/**/*.py")):
            module = path.relative_to(ADDONS).as_posix()
            if "/tests/" in module:
                continue
            for receiver, method in calls(path):
                if receiver == "machine.providers()" and method in machine._PORTS:
                    self.assertIn((machine._PORTS[method], module), declared)

    def test_what_is_called_unused_is(self):
        """Nothing of the addons or of what they use of the package asks a port that no use names."""
        named = {use.port for use in self.uses}
        unused = {method for port in PORTS.keys() - named for method in METHODS[port]}
        self.assertIn("agree", unused, "key agreement is used now: declare what for")
        kept = [path for part in ("keys", "certificates", "signatures", "sealing") for path in
                (PACKAGE / part).glob("*.py")]
        for path in [*ADDONS.glob("ctsp_*/**/*.py"), *kept]:
            if "/tests/" not in path.as_posix():
                asked = {method for receiver, method in calls(path) if receiver.endswith(ASKED)}
                self.assertFalse(asked & unused, path)

    def test_the_page(self):
        status = self.env["ctsp.crypto.status"].create({})
        status._ask()
        self.assertEqual(len(status.use_ids), len(PORTS))
        names = status._port_names()
        shown = {row.port: row.is_used for row in status.use_ids}
        self.assertFalse(shown[names["key_agreement"]] or shown[names["time_stamper"]], "no service is configured")
        self.assertTrue(shown[names["signer"]] and shown[names["verifier"]])
