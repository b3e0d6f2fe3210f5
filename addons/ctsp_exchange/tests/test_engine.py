from datetime import timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import backoff, hosts, moment
from ..tools.errors import Final
from .engine_case import BAD, DOWN, OK, EngineCase


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
        seen = {role: bool(self.env["ctsp.risk.alert"].with_user(self.role(role)).search([("id", "=", alert.id)]))
                for role in ("data_steward", "risk_analyst", "leader", "planner", "inspector", "filing_officer")}
        self.assertEqual([role for role, sees in seen.items() if sees], ["data_steward", "risk_analyst", "leader"])
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
