import json
from datetime import timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.ctsp_crypto.tools.failure import CryptoAltered

from ..tools import backoff, client, hosts, moment, pump
from ..tools.errors import Final
from ..tools.outgoing import Outgoing
from .common import ExchangeCase

OK = client.Outcome("ok", status=200, code=0, answer={"requestId": "r1"})
DOWN = client.Outcome("line", "refused")
BAD = client.Outcome("final", "refused_content", said="no such institution", status=422, code=42201)


class EngineCase(ExchangeCase):
    """A connected system whose answers the test decides."""

    def setUp(self):
        super().setUp()
        self.registry_enter_test_mode()
        self.patch(hosts, "configured", lambda: frozenset({"loopback"}))
        self.backend = self.env["ctsp.exchange.backend"].create({
            "name": "Test system", "code": "test", "url": "http://127.0.0.1:1/api", "state": "active", "rate": 0,
            "threshold": 3})
        self.credentials._issue({"backend_id": self.backend.id, "use": "out"})
        self.out = self.kind("out", "news")
        self.sent = []
        self.answers = []
        self.patch(client, "ask", self.answer)

    def kind(self, direction, code, **values):
        return self.env["ctsp.exchange.type"].create({
            "name": code, "code": code, "backend_id": self.backend.id, "direction": direction, **values})

    def answer(self, request):
        self.sent.append(request)
        return self.answers.pop(0) if self.answers else OK

    def write(self, business_id, kind=None, version=None, **data):
        return (kind or self.out)._write_out(Outgoing(business_id, data, version))

    def run_out(self):
        self.env.flush_all()
        due = pump.run_out(self.env.registry, lambda: False)
        self.env.invalidate_all()
        return due

    def run_in(self):
        self.env.flush_all()
        due = pump.run_in(self.env.registry, lambda: False)
        self.env.invalidate_all()
        return due

    def outcomes(self, message):
        return message.try_ids.sorted("id").mapped("outcome")

    def receives(self, function):
        self.patch(self.env.registry["ctsp.exchange.handler"], "_receive", function)

    def received(self, business_id, kind, version=1, **data):
        return self.env["ctsp.exchange.message"]._make(kind, business_id, version, data)


@tagged("post_install", "-at_install")
class TestOutbox(EngineCase):
    """What is written in the business transaction arrives once, in order, or waits where people see it."""

    def test_delivered(self):
        message = self.write("B1", name="中")
        self.assertIsNone(self.run_out())
        self.assertEqual((message.state, message.tries, self.outcomes(message)), ("done", 1, ["ok"]))
        self.assertEqual(self.sent[0].url, "http://127.0.0.1:1/api/news")
        self.assertIn('"bizId":"B1"', self.sent[0].body.decode())
        self.assertEqual(set(self.sent[0].headers) & {"appKey", "timestamp", "nonce", "sign"},
                         {"appKey", "timestamp", "nonce", "sign"})

    def test_same_again_is_one_message(self):
        """(type, business number, version) is one message, however often it is written."""
        first = self.write("B1", version=7, a=1)
        self.assertEqual(self.write("B1", version=7, a=1), first)
        self.assertNotEqual(self.write("B1", version=8, a=1), first)
        self.assertLess(self.write("B2").version, self.write("B2").version)

    def test_event(self):
        """A business event becomes what its subscriptions make of it, linked to its record, in the same transaction."""
        self.env["ctsp.exchange.subscription"].create({"event": "ctsp.test.happened", "type_id": self.out.id})
        record = self.env["ctsp.risk.alert"].create({"name": "Something happened"})
        record._outbox_emit("ctsp.test.happened", {"n": 1})
        record._outbox_emit("ctsp.test.other", {})
        message = self.env["ctsp.exchange.message"]._about(record)
        self.assertEqual((len(message), message._data()["n"]), (1, 1))

    def test_event_that_cannot_be_told(self):
        """A handler that fails leaves a dead letter with the reason; the business step goes on."""
        self.env["ctsp.exchange.subscription"].create({"event": "ctsp.test.happened", "type_id": self.out.id})
        record = self.env["ctsp.risk.alert"].create({"name": "Something happened"})
        for error in (Final("no code"), ZeroDivisionError("x")):
            with patch.object(self.env.registry["ctsp.exchange.handler"], "_payloads", side_effect=error):
                record._outbox_emit("ctsp.test.happened", {})
        messages = self.env["ctsp.exchange.message"]._about(record)
        self.assertEqual(messages.mapped("state"), ["dead", "dead"])
        self.assertIn("no code", messages[1].reason)
        self.assertIn("ZeroDivisionError", messages[0].reason)
        steward = self.role("data_steward")
        with (patch.object(self.env.registry["ctsp.exchange.handler"], "_payloads", side_effect=Final("still none")),
              self.assertRaises(UserError)):
            messages[0].with_user(steward).action_resend()
        messages[0].with_user(steward).action_resend()
        told = self.env["ctsp.exchange.message"]._about(record) - messages
        self.assertEqual((messages[0].state, told.business_id), ("superseded", f"{record._name},{record.id}"))
        with self.assertRaises(UserError):
            messages[1].with_user(steward)._edited("{}", "no content of its own")

    def test_step_that_cannot_be_saved(self):
        """Its failure is the person's to hear: no dead letter takes it for the message's and lets the rest be saved."""
        self.env["ctsp.exchange.subscription"].create({"event": "ctsp.test.happened", "type_id": self.out.id})
        record = self.env["ctsp.risk.alert"].create({"name": "Something happened"})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            record.name = False
            record._outbox_emit("ctsp.test.happened", {})
        self.assertFalse(self.env["ctsp.exchange.message"]._about(record))

    def test_retry_and_order(self):
        """A message that fails holds back later ones of its business object, nobody else's."""
        first, second, other = self.write("B1"), self.write("B1"), self.write("B2")
        self.answers = [DOWN]
        with patch.object(backoff, "delay", return_value=3600):  # however long the rest takes, it is not due yet
            due = self.run_out()
        self.assertEqual((first.state, second.state, other.state), ("queued", "queued", "done"))
        self.assertTrue(3000 < due <= 3600)
        self.assertIn(first.reason, ("The other system cannot be reached.", "无法连接对方系统。"))
        first.next_try_at = moment.now()
        self.assertIsNone(self.run_out())
        self.assertEqual((first.state, second.state), ("done", "done"))
        self.assertEqual(self.outcomes(first), ["line", "ok"])
        self.assertLess(first.done_at, second.done_at)

    def test_final_error(self):
        """What they refuse for good becomes a dead letter that says why; sent again by hand it goes on."""
        message, later = self.write("B1"), self.write("B1")
        self.answers = [BAD]
        self.run_out()
        self.assertEqual((message.state, later.state), ("dead", "queued"))
        self.assertIn("no such institution", message.reason)
        steward = self.role("data_steward")
        message.with_user(steward).action_resend()
        self.run_out()
        self.assertEqual((message.state, later.state), ("done", "done"))
        self.assertEqual(self.outcomes(message), ["final", "resent", "ok"])
        self.assertEqual(message.try_ids.user_id, steward)

    def test_edit_and_give_up(self):
        message, later = self.write("B1", a=1), self.write("B1", a=2)
        self.answers = [BAD]
        self.run_out()
        steward = self.role("data_steward")
        dialog = message.with_user(steward).action_edit()
        wizard = self.env["ctsp.exchange.message.edit"].with_user(steward).with_context(**dialog["context"])
        with self.assertRaises(UserError):
            wizard.create({"reason": "typo", "payload": "{"}).action_apply()
        wizard.create({"reason": "typo", "payload": '{"a": 3}'}).action_apply()
        self.assertEqual((message._data(), message.original), ({"a": 3}, '{"a":1}'))
        self.assertGreater(message.version, later.version, "other content is another version")
        with self.assertRaises(UserError):
            wizard.create({"reason": "a dialog left open", "payload": '{"a": 4}'}).action_apply()
        self.answers = [BAD]
        self.run_out()
        self.assertEqual(message.state, "dead")
        self.env["ctsp.exchange.message.edit"].with_user(steward).with_context(
            **message.with_user(steward).action_cancel()["context"]).create({"reason": "obsolete"}).action_apply()
        self.run_out()
        self.assertEqual((message.state, later.state), ("cancelled", "done"))
        with self.assertRaises(UserError):
            message.with_user(steward).action_resend()  # a later one went
        later.with_user(steward).action_resend()
        last = self.write("B1")
        self.answers = [BAD]
        self.run_out()
        self.assertEqual((later.state, last.state), ("dead", "done"), "what arrived once holds nothing back")
        with self.assertRaises(AccessError):
            later.with_user(self.role("system_admin")).action_resend()

    def test_poison_out(self):
        """One that cannot be prepared, or whose answer cannot be used, holds up no other and is told."""
        bad, good = self.write("bad"), self.write("good")
        whole = type(self.env["ctsp.exchange.message"])._request

        def request(message):
            if message.business_id == "bad":
                raise KeyError("x")
            return whole(message)

        self.patch(self.env.registry["ctsp.exchange.message"], "_request", request)
        self.patch(self.env.registry["ctsp.exchange.handler"], "_delivered", lambda *_args: {}["nothing"])
        self.run_out()
        self.assertEqual((bad.state, good.state), ("queued", "done"))
        self.assertIn("KeyError", bad.reason)
        self.assertIn("KeyError", good.reason)
        self.assertFalse(self.backend.failures, "it is not the line's fault")
        with self.assertRaises(ValidationError):
            self.backend.write({"envelope": True, "envelope_name": "they", "envelope_key": "nonsense"})
        with self.assertRaises(ValidationError):
            self.credentials.create({"method": "hmac", "backend_id": self.backend.id, "use": "out"})

    def test_gives_up_after_days(self):
        message = self.write("B1")
        message.first_sent_at = moment.now() - timedelta(hours=73)
        self.answers = [DOWN]
        self.run_out()
        self.assertEqual(message.state, "dead")
        self.assertIn("72", message.reason)

    def test_breaker(self):
        """After failures in a row the line rests: nothing is sent, no try is used up; then one message probes."""
        messages = [self.write(f"B{n}") for n in range(6)]
        self.answers = [DOWN] * 20
        self.run_out()
        tried = len(self.sent)
        self.assertTrue(self.backend.open_until)
        alert = self.env["ctsp.risk.alert"].search([("dedup_key", "=", f"exchange:line:{self.backend.id}")])
        self.assertEqual((alert.source, alert.state), ("exchange", "new"))
        for message in messages:
            message.next_try_at = moment.now()
        self.assertTrue(1 < self.run_out() <= 30)
        self.assertEqual(len(self.sent), tried, "a resting line is left alone")
        self.backend.line_ids.open_until = moment.now()
        self.run_out()
        self.assertEqual(len(self.sent), tried + 1, "one message probes")
        self.answers = []
        self.backend.line_ids.open_until = moment.now()
        for message in messages:
            message.next_try_at = moment.now()
        self.run_out()
        self.assertEqual({message.state for message in messages}, {"done"})
        self.assertEqual((self.backend.failures, alert.state), (0, "closed"))

    def test_pause_rate_and_hosts(self):
        message = self.write("B1")
        self.backend.with_user(self.role("system_admin")).action_pause()
        self.assertIsNone(self.run_out())
        self.assertEqual(message.state, "queued")
        message.first_sent_at = moment.now() - timedelta(hours=80)
        self.backend.with_user(self.role("system_admin")).action_resume()
        self.assertFalse(message.first_sent_at, "a pause is no trying in vain")
        with patch.object(hosts, "configured", lambda: frozenset({"api.example.org"})):
            self.run_out()
            self.assertEqual((message.state, self.sent), ("queued", []), "a row cannot point the platform elsewhere")
            with self.assertRaises(ValidationError):
                self.backend.url = "https://evil.example"
        self.backend.write({"rate": 2, "threshold": 99})
        for number in range(5):
            self.write(f"C{number}")
        self.env.flush_all()
        now = moment.now()
        for later, number in ((0, 2), (0.4, 0), (1, 2)):
            with patch.object(moment, "now", lambda later=later: now + timedelta(seconds=later)):
                self.assertEqual(len(self.env["ctsp.exchange.pump"]._claim_out(8)), number, "two a second")

    def test_retention(self):
        """Contents of old messages leave the table for the archive, where they can still be read; the rest stays."""
        message = self.write("B1", version=5, a=1)
        self.run_out()
        message.done_at = moment.now() - timedelta(days=366)
        waiting = self.write("B2")
        self.assertEqual(self.env["ctsp.exchange.message"]._gc_contents(), (1, False))
        self.assertFalse(message.payload)
        self.assertTrue(message.digest and message.archived_at and waiting.payload)
        self.env.invalidate_all()
        steward = message.with_user(self.role("data_steward"))
        self.assertEqual(json.loads(steward.payload_text), {"a": 1})
        self.env.cr.execute("SELECT payload FROM ctsp_exchange_message WHERE id = %s", [message.id])
        self.assertIsNone(self.env.cr.fetchone()[0])
        self.assertEqual(message._data(), {"a": 1}, "and handed out again where the other side lost it")
        with self.assertRaises(AccessError):
            steward.read(["content_file"])
        self.assertEqual(self.write("B1", version=5, a=1), message)
        with self.assertRaises(UserError):
            message.with_user(self.role("data_steward")).action_resend()

    def test_archive_altered(self):
        """An archived content that is another message's, or gone: said with the message's name, logged, never used."""
        messages = self.write("B1", a=1) | self.write("B2", a=2)
        self.run_out()
        messages.done_at = moment.now() - timedelta(days=366)
        self.env["ctsp.exchange.message"]._gc_contents()
        message, steward = messages[0], messages[0].with_user(self.role("data_steward"))
        self.assertIn("content_digest", message._integrity_fields[max(message._integrity_fields)])
        own, other = (self.env["ir.attachment"].sudo().search([
            ("res_model", "=", one._name), ("res_id", "=", one.id), ("res_field", "=", "content_file")])
            for one in messages)
        swap = SQL("UPDATE ir_attachment SET store_fname = %s WHERE id = %s", other.store_fname, own.id)
        before = SQL("UPDATE ctsp_exchange_message SET content_digest = NULL WHERE id = %s", message.id)
        gone = SQL("DELETE FROM ir_attachment WHERE id = %s", own.id)
        for attack in ((swap,), (gone,), (swap, before)):
            with self.env.cr.savepoint(flush=True) as kept, \
                    patch.object(self.env.registry["ctsp.audit.port"], "_log_failure") as logged:
                for statement in attack:
                    self.env.cr.execute(statement)
                self.env.invalidate_all()
                self.env.cr.cache.clear()
                self.assertIn("B1", steward.payload_text)
                self.assertEqual(logged.call_args.args[:2], ("crypto.altered", message))
                with self.assertRaises(CryptoAltered):
                    message._data()
                found = self.env["ctsp.integrity"]._check(message._name, message.ids)
                self.assertEqual({one.kind for one in found}, {"altered"}, "the nightly verification knows it as well")
                kept.rollback()
            self.env.invalidate_all()
        self.env.cr.execute(before)  # archived before there was a digest of the file
        self.env.invalidate_all()
        self.assertEqual(json.loads(steward.payload_text), {"a": 1})

    def test_killed(self):
        """A process that dies leaves a lease; another takes over, and the answer to the dead one counts no more."""
        message = self.write("B1")
        self.env.flush_all()
        (job,) = self.env["ctsp.exchange.pump"]._claim_out(1)
        self.assertEqual(self.env["ctsp.exchange.pump"]._claim_out(1), [])
        message.lease_until = moment.now()
        self.env.flush_all()
        (again,) = self.env["ctsp.exchange.pump"]._claim_out(1)
        self.env["ctsp.exchange.pump"]._settle_out(job.message, job.token, BAD)
        self.assertEqual(message.state, "working")
        self.env["ctsp.exchange.pump"]._settle_out(again.message, again.token, OK)
        self.assertEqual((message.state, message.deaths, self.outcomes(message)), ("done", 1, ["died", "ok"]))
        other = self.write("B2")
        for _death in range(5):
            other.write({"state": "working", "lease_until": moment.now(), "next_try_at": moment.now()})
            self.env.flush_all()
            self.env["ctsp.exchange.pump"]._claim_out(1)
        self.assertEqual(other.state, "dead")
