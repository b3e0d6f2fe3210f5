import contextlib
import json
import socket
import threading
import time
import tracemalloc
from unittest.mock import patch

import requests

from odoo.tests import BaseCase, tagged

from ..tools import backoff, client, hosts, http, schema, signing, strict_json
from ..tools.reply import CODES, Refused

SEND = requests.Session.send  # before the tests put a guard before it


def refused(function, *arguments):
    """The name of what was refused, and its sentence."""
    try:
        function(*arguments)
    except Refused as refusal:
        return refusal.name, refusal.message
    return None, None


@tagged("post_install", "-at_install")
class TestSigning(BaseCase):
    """The signed text, as docs/exchange.md describes it to other systems."""

    def test_text(self):
        text = signing.text("post", "/a?b=1", 1780000000000, "n" * 16, signing.digest(b""))
        self.assertEqual(text.decode().split("\n"), [
            "POST", "/a?b=1", "1780000000000", "n" * 16,
            "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"])

    def test_hmac(self):
        """HMAC-SM3 of RFC 4231's second case, as OpenSSL computes it."""
        sign = signing.hmac(b"Jefe", b"what do ya want for nothing?")
        self.assertEqual(sign, "2e87f1d16862e6d964b50a5200bf2b10b764faa9680a296a2405f24bec39f882")
        self.assertTrue(signing.hmac_holds(b"Jefe", b"what do ya want for nothing?", sign.upper()))
        self.assertFalse(signing.hmac_holds(b"Jefe", b"what do ya want for something?", sign))
        self.assertFalse(signing.hmac_holds(b"Jefe", b"x", "中"))

    def test_target(self):
        self.assertEqual(http.target({"REQUEST_URI": "/a%2Fb?c=%E4"}), "/a%2Fb?c=%E4")
        self.assertEqual(http.target({"REQUEST_URI": "http://host:1/a?b"}), "/a?b")
        self.assertEqual(http.target({"PATH_INFO": "/\xe4\xb8\xad", "QUERY_STRING": "a=1"}), "/%E4%B8%AD?a=1")

    def test_codes(self):
        """The status of an answer is what its code begins with."""
        for name, (code, _text) in CODES.items():
            self.assertIn(Refused(name).status, (400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503), name)
            self.assertEqual(Refused(name, a=1).body("r"), {
                "code": code, "message": CODES[name][1], "data": {"a": 1}, "requestId": "r"})


@tagged("post_install", "-at_install")
class TestStrictJson(BaseCase):
    """What comes from outside is JSON in the narrowest sense, and cannot cost more than it weighs."""

    def test_good(self):
        text = '{"a": ["中", 1, 1.5, null, "[[["]}'
        self.assertEqual(strict_json.read(text.encode()), {"a": ["中", 1, 1.5, None, "[[["]})
        self.assertEqual(strict_json.read(b'"\\ud83d\\ude00"'), "😀")

    def test_bad(self):
        for body in (
            b"", b"{", b"\xff", b'{"a": 1, "a": 2}', b"NaN", b"[Infinity]", b"1e999", b"-1e999", b"9" * 50,
            b"[" * 33 + b"]" * 33, b'"\\u0000"', b'"\\ud800"', b"{'a': 1}", b"[1,]", b'"a\nb"',
        ):
            with self.subTest(body=body[:20]):
                self.assertEqual(refused(strict_json.read, body)[0], "not_json")

    def test_deep(self):
        """A megabyte of brackets is refused where it becomes too deep, without recursion."""
        self.assertIn("32", refused(strict_json.read, b"[" * 1_000_000)[1])
        self.assertEqual(strict_json.read(b'"' + b"[" * 1000 + b'"'), "[" * 1000)

    def test_long(self):
        """Twenty megabytes of text, and endless ones full of quotes, are looked through once and in little memory."""
        long = b'"' + b"x" * (20 << 20) + b'"'
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        started = time.process_time()
        strict_json._check_depth(long.decode(), 32)
        self.assertEqual(refused(strict_json.read, b'"' + b'\\"' * 1_000_000)[0], "not_json")
        self.assertIn("32", refused(strict_json.read, b'["\\\\", ' * 33)[1])
        self.assertLess(tracemalloc.get_traced_memory()[1], 100 << 20)
        self.assertLess(time.process_time() - started, 5)

    def test_digest(self):
        """Order and blanks make no difference, content does."""
        self.assertEqual(
            strict_json.digest(strict_json.read(b'{"b":1, "a":[1,2]}')), strict_json.digest({"a": [1, 2], "b": 1}))
        self.assertNotEqual(strict_json.digest([1, 2]), strict_json.digest([2, 1]))


@tagged("post_install", "-at_install")
class TestSchema(BaseCase):
    """Contracts: each error names its own field, and no pattern of theirs runs for ever."""

    def test_missing(self):
        text = '{"required": ["a", "b"], "properties": {"c": {"required": ["a\'s"]}}}'
        self.assertEqual([one["message"] for one in schema.errors(text, {"c": {}})],
                         ["缺少必填字段 a", "缺少必填字段 b", "缺少必填字段 a's"])

    def test_patterns(self):
        for pattern in ("(a+)+b", "((a+))+b", "(a|aa)+b", "(a?){25}a{25}x", "a*a*a*a*b", "((a+)+){0}(a+)+b", "["):
            with self.assertRaises(ValueError, msg=pattern):
                schema.check(json.dumps({"properties": {"x": {"pattern": pattern}}}))
            with self.assertRaises(ValueError, msg=pattern):
                schema.check(json.dumps({"patternProperties": {pattern: {}}}))
        schema.check(json.dumps({"properties": {"pattern": {"pattern": r"^V\d+(\.\d+)?$"}}}))

    def test_references(self):
        """A reference to nowhere, or one to itself, is told when the schema is kept, not by the first message."""
        for wrong, told in (
            ({"$ref": "#/x"}, "不存在"), ({"properties": {"a": {"$ref": "#nowhere"}}}, "不存在"),
            ({"$ref": "#"}, "循环"),
            ({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}, "循环"),
            ({"$ref": "other.json"}, "内部"),
        ):
            with self.assertRaisesRegex(ValueError, told):
                schema.check(json.dumps(wrong))
        tree = json.dumps({"properties": {"under": {"type": "array", "items": {"$ref": "#"}}}})
        schema.check(tree)
        self.assertEqual([one["path"] for one in schema.errors(tree, {"under": [{"under": 1}]})], ["$.under[0].under"])


@tagged("post_install", "-at_install")
class TestClient(BaseCase):
    """The whole time-out holds whatever the other side does."""

    def setUp(self):
        super().setUp()
        patcher = patch.object(requests.Session, "send", SEND)  # to this host, with its own time-outs
        patcher.start()
        self.addCleanup(patcher.stop)

    def drip(self, *pieces):
        """Serve one connection: each piece at once, then a byte of nothing every tenth of a second."""
        def serve():
            peer = listener.accept()[0]
            with contextlib.suppress(OSError):
                for piece in pieces:
                    peer.sendall(piece)
                while True:
                    peer.sendall(b" ")
                    time.sleep(0.1)

        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        threading.Thread(target=serve, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"

    def test_dripping(self):
        """One byte now and then: in the headers, in the answer."""
        for pieces in ((), (b"HTTP/1.1 200 OK\r\nX-Long: ",), (b"HTTP/1.1 200 OK\r\n\r\n",)):
            outcome = client.ask(client.Ask(self.drip(*pieces), b"{}", {}, (1, 1, 0.5)))
            self.assertEqual((outcome.kind, outcome.reason), ("line", "timeout"), pieces)
            self.assertLess(outcome.duration, 5)


@tagged("post_install", "-at_install")
class TestHosts(BaseCase):
    """Requests go to the hosts that the operator named, whatever a row says."""

    def wrong(self, url, *allowed):
        try:
            hosts.check(url, frozenset(allowed))
        except ValueError as error:
            return str(error)
        return None

    def test_named(self):
        self.assertEqual(hosts.check("https://api.example.org/x/", frozenset({"api.example.org"})),
                         "https://api.example.org/x")
        self.assertIsNone(self.wrong("https://api.example.org:8443", "api.example.org:8443"))
        for url, code in (
            ("https://other.example.org", "host"), ("https://api.example.org:8443", "host"),
            ("http://api.example.org", "scheme"), ("https://me:pw@api.example.org", "credentials"),
            ("https://api.example.org@evil.example", "credentials"), ("file:///etc/passwd", "scheme"),
            ("gopher://api.example.org", "scheme"), ("https://", "form"),
            ("https://api.example.org\\@evil", "credentials"),
            ("https://api.example.org/?a=1", "form"), ("https://[::1", "form"), ("", "scheme"), (None, "scheme"),
            ("https://169.254.169.254", "host"), ("https://127.0.0.1", "host"), ("https://api.example.org:x", "form"),
        ):
            with self.subTest(url=url):
                self.assertEqual(self.wrong(url, "api.example.org"), code)

    def test_loopback(self):
        """In development only: production does not name it."""
        for url in ("http://127.0.0.1:8080/x", "http://localhost:1", "http://[::1]:2"):
            self.assertIsNone(self.wrong(url, "loopback"))
            self.assertIsNotNone(self.wrong(url, "api.example.org"))
        self.assertIsNotNone(self.wrong("http://10.0.0.1", "loopback"))

    def test_networks(self):
        self.assertTrue(hosts.within("10.1.2.3", "10.1.2.0/24, 192.168.0.1"))
        self.assertTrue(hosts.within("::ffff:10.1.2.3", "10.1.2.3"))
        self.assertTrue(hosts.within("10.9.9.9", None))
        self.assertFalse(hosts.within("10.1.3.3", "10.1.2.0/24"))
        self.assertFalse(hosts.within("nonsense", "10.1.2.0/24"))
        self.assertFalse(hosts.within("2001:db8::1", "10.1.2.0/24"))
        with self.assertRaises(ValueError):
            hosts.check_networks("10.1.2.3, anywhere")


@tagged("post_install", "-at_install")
class TestBackoff(BaseCase):
    """Twice as long each time, up to five minutes, never all at once."""

    def test_growing(self):
        self.assertEqual([backoff.delay(n) for n in (1, 2, 3, 9, 10, 99)], [1, 2, 4, 256, 300, 300])
        self.assertEqual([backoff.delay(3, random=lambda at=at: at) for at in (0, 1)], [2, 4])
