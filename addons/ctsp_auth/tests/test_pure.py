import json
from datetime import datetime, timedelta

from odoo.tests import BaseCase, tagged

from odoo.addons.ctsp_auth.tools import lockout, paper, password_rules, signing, verifier
from odoo.addons.ctsp_auth.tools.local import local

NOW = datetime(2026, 3, 2, 9, 0)


def mac(message, key):
    """A MAC for tests; the key named “lost” is not there."""
    if key == "lost":
        raise KeyError(key)
    return bytes([sum(message) % 251]) * 32, key or "7"


@tagged("post_install", "-at_install")
class TestLocal(BaseCase):
    """After signing in one is sent to places on this server only."""

    def test_places(self):
        for place in ("/odoo", "/odoo/action-5?a=//b#c", "/my/desk", "/web#action=1&x=http://y"):
            self.assertEqual(local(place), place)
        for place in (None, "", "odoo", "//evil.example", "/\\evil.example", "/\t/evil.example", "\n//evil.example",
                      "https://evil.example", "/\r\n/evil.example", "/ /evil.example", "///evil.example", "//[x",
                      ["/odoo"], 1):
            self.assertIsNone(local(place), repr(place))


@tagged("post_install", "-at_install")
class TestLockout(BaseCase):
    """The wait grows with each failure and has an end."""

    def test_growing(self):
        policy = lockout.Policy(after=3, seconds=60, longest=600)
        self.assertEqual([policy.wait(n) for n in (0, 2, 3, 4, 5, 6, 7, 100)], [0, 0, 60, 120, 240, 480, 600, 600])

    def test_left(self):
        policy = lockout.Policy(3, 60, 600)
        self.assertEqual(policy.left(3, NOW, NOW), 60)
        self.assertEqual(policy.left(3, NOW, NOW + timedelta(seconds=59.5)), 1)
        self.assertEqual(policy.left(3, NOW, NOW + timedelta(seconds=60)), 0)
        self.assertEqual(policy.left(0, None, NOW), 0)

    def test_never(self):
        self.assertEqual(lockout.Policy(0, 60, 600).wait(1000), 0)

    def test_networks(self):
        for address, networks, inside in (
            ("10.1.2.3", ["10.0.0.0/8"], True), ("11.1.2.3", ["10.0.0.0/8"], False), ("::1", ["::1/128"], True),
            ("::ffff:10.1.2.3", ["10.0.0.0/8"], True), ("10.1.2.3", ["10.1.2.3"], True), ("", ["0.0.0.0/0"], False),
            ("nonsense", ["0.0.0.0/0"], False), ("10.1.2.3", ["nonsense"], False),
        ):
            self.assertEqual(lockout.within(address, networks), inside, (address, networks))


@tagged("post_install", "-at_install")
class TestRules(BaseCase):
    """Which passwords are refused, and why."""

    def problems(self, password, **options):
        return password_rules.problems(password, length=10, classes=3, **options)

    def test_good_ones(self):
        for password in ("an-own-secret-7", "Blau-7-Wasser-fall", "雨后小故事ab7!很好看哦", "Tq7#mmLpx2"):
            self.assertEqual(self.problems(password), [], password)

    def test_bad_ones(self):
        for password, code in (
            ("Ab1#", "length"), ("onlysmallletters", "classes"), ("UPPERandlower", "classes"),
            ("P@ssw0rd!1", "word"), ("Admin#2026", "word"), ("Xy7#-12345-aa", "run"), ("Xy7#-trewq-aa", "run"),
            ("Xy7#-aaaaa-bb", "run"), ("Zhang-Wei-77x", "name"), ("Huidu-9-x", "word"),
        ):
            options = {"names": ["zhang-wei"], "words": ["huidu"]}
            self.assertIn(code, self.problems(password, **options), password)


@tagged("post_install", "-at_install")
class TestVerifierForm(BaseCase):
    """The stored form, without a database."""

    def test_round(self):
        text = verifier.make("geheim", 5, {}, mac)
        self.assertRegex(text, r"^\$[^$]+\$[^$]+\$.", "res.users.init() takes it for digested")
        self.assertIn("m=19456", text)
        self.assertTrue(verifier.check("geheim", text, 5, mac))
        self.assertFalse(verifier.check("geheimer", text, 5, mac))
        self.assertEqual(str(verifier.parse(text)), text)

    def test_a_lost_key(self):
        text = verifier.make("geheim", 5, {}, mac).replace("k=7", "k=lost")
        self.assertFalse(verifier.check("geheim", text, 5, mac))

    def test_floor_and_outdated(self):
        text = verifier.make("x", 5, {"m": 8, "t": 1}, mac)
        self.assertEqual(verifier.parse(text).settings, verifier.FLOOR)
        self.assertFalse(verifier.outdated(text, {"m": 8}, "7"))
        self.assertTrue(verifier.outdated(text, {"m": 20000}, "7"))
        self.assertTrue(verifier.outdated(text, {}, "8"))

    def test_what_is_no_verifier(self):
        good = verifier.make("x", 5, {}, mac)
        for text in (
            "", "x", "$1$2$3", good[1:], good + "$", good.replace("m=19456", "m=999999999"),
            good.replace("t=2", "t=-1"), good.replace("m=19456,", ""), good.replace("argon2id", "argon3"),
            good.replace("t=2", "t=a"),
        ):
            self.assertIsNone(verifier.parse(text), text)
            self.assertFalse(verifier.check("x", text, 5, mac))


@tagged("post_install", "-at_install")
class TestPaper(BaseCase):
    """What travels in somebody's file is read only if it has the form of ours."""

    def written(self, said=None, **changes):
        said = {"kind": signing.KIND, "values": {}, "time": "2026-11-24T12:00:00+08:00"} | (said or {})
        return json.dumps({
            "text": json.dumps(said), "signature": "AAAA", "certificate": "AAAA", "length": 1} | changes).encode()

    def test_read(self):
        self.assertEqual(paper.read(self.written()).length, 1)
        deep = "[" * 100_000
        for content in (
            b"", b"[]", b"1", b"\xff", deep.encode(), self.written(text=deep), self.written(text="[]"),
            self.written(length=float("inf")), self.written(length=None), self.written(signature="签名"),
            self.written(certificate=1), self.written({"time": "soon"}), self.written({"time": None}),
            self.written({"time": []}), self.written({"values": []}), self.written({"kind": "other"}),
        ):
            with self.assertRaises(ValueError, msg=content[:60]):
                paper.read(content)
