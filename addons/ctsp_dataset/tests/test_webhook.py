import http.server
import json
import socket
import threading
from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import common, tagged

from odoo.addons.ctsp_exchange.tools import client, hosts, signing

from .common import OpenApiCase
from .sample_definition import row

INSIDE = (
    "http://ctms.example.org/hook", "https://127.0.0.1/", "https://localhost/", "https://10.1.2.3/x",
    "https://192.168.0.1/", "https://172.16.0.9/", "https://169.254.169.254/latest/meta-data", "https://[::1]/",
    "https://[fd00::1]/", "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::a00:1]/", "https://0.0.0.0/",
    "https://100.64.0.1/", "https://2130706433/", "https://0x7f.1/", "https://127.1/", "https://db/",
    "https://host.internal/", "https://user:word@ctms.example.org/", "https://ctms.example.org/?token=1",
    "ftp://ctms.example.org/", "https://ctms.example.org\\@10.0.0.1/", "gopher://10.0.0.1/", "file:///etc/passwd")


class Receiver(http.server.BaseHTTPRequestHandler):
    """An institution's program."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, self.headers, body))
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args):
        """Say nothing."""


@contextmanager
def receiver(status=204):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.status, server.seen = status, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server, f"http://127.0.0.1:{server.server_port}/hook"
    finally:
        server.shutdown()
        server.server_close()


@tagged("post_install", "-at_install")
class TestWebhook(OpenApiCase):
    """An institution's program is told what became of a submission: signed, tried again, and never inside."""

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        return common._super_send(session, request, **options)  # Odoo's guard knows no pair of time-outs

    def webhook(self, url="https://ctms.example.org/hook", user=None, known=False):
        webhook = self.env["ctsp.dataset.webhook"].with_user(user or self.user).create({"url": url})
        if known:
            webhook.action_new_secret()
        return webhook

    def delivered(self):
        """Send what is due, as the threads of a server do."""
        pump = self.env["ctsp.exchange.pump"]
        self.env.flush_all()
        jobs = pump._claim_out(8)
        outcomes = [job.outcome or client.ask(job.request) for job in jobs]
        for job, outcome in zip(jobs, outcomes):
            pump._settle_out(job.message, job.token, outcome)
        return outcomes

    def test_inside_is_refused(self):
        """Nothing but https to a name or address of the open Internet is taken."""
        with patch.object(hosts, "configured", lambda: frozenset({"named.example.org"})):
            for url in INSIDE:
                with self.assertRaises(ValidationError, msg=url):
                    self.webhook(url)
            self.assertTrue(self.webhook("https://8.8.8.8/hook"))

    def test_names_of_inner_addresses(self):
        """A name that comes to stand for an inner address is not spoken to; neither is what a redirect names."""
        webhook = self.webhook(known=True)
        with patch.object(hosts, "configured", frozenset), \
                patch.object(socket, "getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("10.0.0.7", 443))]), \
                patch.object(socket.socket, "connect", side_effect=AssertionError("connected")):
            webhook.action_test()
            outcome = self.delivered()[0]
        self.assertEqual((outcome.kind, outcome.reason), ("line", "not_public"))
        self.assertEqual(webhook.delivery_ids.state, "cancelled", "a test is sent once")
        webhook.sudo().backend_ids.line_ids.open_until = "2099-01-01"
        webhook.url = "https://mended.example.org/hook"
        self.assertFalse(webhook.sudo().backend_ids.line_ids.open_until, "who mended his address waits for nothing")
        with patch.object(hosts, "configured", lambda: frozenset({"loopback"})), receiver(302) as (server, url):
            self.webhook(url, self.stranger, known=True).action_test()
            self.assertEqual(self.delivered()[0].kind, "line")
            self.assertEqual(len(server.seen), 1)

    def test_told(self):
        """What became of a submission arrives, signed with the institution's own key, once."""
        with patch.object(hosts, "configured", lambda: frozenset({"loopback"})), receiver() as (server, url):
            webhook = self.webhook(url)
            shown = webhook.with_user(self.user).action_new_secret()
            secret = shown["context"]["shown_secret"]
            self.assertEqual(webhook.with_context(shown["context"]).shown_secret, secret, "in the dialog, to copy")
            self.assertFalse(webhook.shown_secret)
            number = self.submit([row(1), row(2, phase="9")])[1]["data"]["number"]
            self.assertEqual([outcome.kind for outcome in self.delivered()], ["ok"])
        path, headers, body = server.seen[0]
        said = signing.read(headers)
        self.assertEqual((path, said.key), ("/hook", webhook.key))
        self.assertTrue(signing.hmac_holds(secret.encode(), signing.text(
            "POST", path, said.timestamp, said.nonce, signing.digest(body)), said.sign))
        told = json.loads(body)
        self.assertNotIn("findings", told["data"], "none listed would read as none found")
        self.assertEqual((told["bizId"], told["data"]["event"], told["data"]["refusedRows"]), (number, "submission", 1))
        self.assertEqual(webhook.with_user(self.user).delivery_ids.mapped("state"), ["done"])
        self.assertFalse(self.delivered())

    def test_a_test_keeps_nobody_waiting(self):
        """No test before somebody knows the key; one that fails is over, and what follows goes at once."""
        with patch.object(hosts, "configured", lambda: frozenset({"loopback"})), receiver(401) as (server, url):
            webhook = self.webhook(url)
            line = webhook.sudo().backend_ids
            line.threshold = 1
            with self.assertRaises(UserError):
                webhook.action_test()
            webhook.action_new_secret()
            webhook.action_test()
            self.delivered()
            self.assertEqual((webhook.delivery_ids.state, line.line_ids.open_until), ("cancelled", False))
            server.status = 204
            self.submit([row(1)])
            webhook.action_test()
            webhook.action_test()
            self.assertEqual(webhook.delivery_ids.mapped("state"), ["queued", "cancelled", "queued", "cancelled"])
            webhook.delivery_ids[0].with_user(self.user).action_withdraw()
            with self.assertRaises(UserError):
                webhook.delivery_ids[2].action_withdraw()
            self.assertEqual([outcome.kind for outcome in self.delivered()], ["ok"])
            webhook.active = False
            with self.assertRaises(UserError):
                webhook.action_test()

    def test_others(self):
        """An address, its key and its deliveries are its institution's; the line behind it is nobody's."""
        webhook = self.webhook()
        with self.assertRaises(AccessError):
            webhook.with_user(self.stranger).write({"url": "https://elsewhere.example.org/"})
        with self.assertRaises(AccessError):
            webhook.with_user(self.stranger).action_new_secret()
        with self.assertRaises(AccessError):
            webhook.with_user(self.user).read(["backend_ids"])
        with self.assertRaises(AccessError):
            webhook.with_user(self.author).write({"url": "https://elsewhere.example.org/"})
        line = webhook.sudo().backend_ids
        for paused, state in ((False, "active"), (True, "paused")):
            if paused:  # by the regulator: no change of the institution's opens it again
                line.action_pause()
            webhook.with_user(self.user).url = f"https://ctms.example.org/{state}"
            self.assertEqual((line.url, line.state), (webhook.url, state))
            webhook.with_user(self.user).active = False
            self.assertEqual(line.state, "paused")
            webhook.with_user(self.user).active = True
            self.assertEqual(line.state, state)
        webhook.with_user(self.user).active = False
        line.action_resume()
        self.assertEqual(line.state, "paused", "what the institution switched off the regulator does not switch on")
        webhook.with_user(self.user).active = True
        self.assertEqual(line.state, "active")
        with self.assertRaises(UserError):
            for number in range(3):
                self.webhook(f"https://ctms{number}.example.org/hook")
