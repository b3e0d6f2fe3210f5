import json
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..tools import moment
from ..tools.reply import Refused
from .engine_case import BAD, EngineCase


@tagged("post_install", "-at_install")
class TestPushAndWatch(EngineCase):
    """Everything is sent on demand; people are told when something lies about."""

    def setUp(self):
        super().setUp()
        self.patch(self.env.registry["ctsp.exchange.handler"], "_push_model", "ctsp.risk.alert")
        self.patch(self.env.registry["ctsp.exchange.handler"], "_push_domain", lambda handler: [("name", "like", "P%")])
        self.out.handler = "ctsp.exchange.handler"
        self.env["ctsp.risk.alert"].search([("name", "like", "P%")]).name = "other"
        self.records = self.env["ctsp.risk.alert"].create([{"name": f"P{n}"} for n in range(120)])
        self.steward = self.role("data_steward")

    def push(self, **values):
        return self.env["ctsp.exchange.push"].with_user(self.steward).create({
            "backend_id": self.backend.id, "type_ids": [Command.set(self.out.ids)], **values})

    def messages(self):
        return self.env["ctsp.exchange.message"].search([("type_id", "=", self.out.id), ("is_bulk", "=", True)])

    def test_push(self):
        """Range by range; paused, it goes on where it stood; what happens meanwhile goes first."""
        push = self.push()
        push.action_start()
        self.assertEqual((push.state, push.row_total), ("queued", 120))
        with self.assertRaises(AccessError):
            push.note = "later"
        steps = push.sudo()._range_steps()
        next(steps)
        push.sudo()._break_off("stopped", stopped=True)
        self.assertEqual((push.state, push.row_count, len(self.messages())), ("paused", 50, 50))
        push.action_resume()
        push._run_now()
        self.assertEqual((push.state, push.row_count, push.message_count), ("done", 120, 120))
        self.assertEqual(len(set(self.messages().mapped("business_id"))), 120, "each once")
        live = self.write("LIVE")
        self.run_out()
        self.assertEqual(json.loads(self.sent[0].body)["bizId"], live.business_id)
        self.assertEqual(set(self.messages().mapped("state")), {"done"})
        with self.assertRaises(UserError):
            push.action_start()
        later = self.push(since=moment.now() + timedelta(hours=1))
        later.action_start()
        self.assertEqual(later.row_total, 0)
        with self.assertRaises(AccessError):
            self.env["ctsp.exchange.push"].with_user(self.role("system_admin")).create({"backend_id": self.backend.id})

    def test_changed(self):
        """A record that changes twice is told once; very many at once become a push."""
        self.env["ctsp.exchange.subscription"].create({"event": "ctsp.test.changed", "type_id": self.out.id})
        count = self.env["ctsp.exchange.message"].search_count
        for _time in range(2):
            self.records[:3]._outbox_changed("ctsp.test.changed")
        self.env.cr.precommit.run()
        self.assertEqual(count([("type_id", "=", self.out.id)]), 3)
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.records[3]._outbox_changed("ctsp.test.changed")
            raise ZeroDivisionError
        self.records[4]._outbox_changed("ctsp.test.changed")  # what was rolled back must not stand in its way
        self.env.cr.precommit.run()
        self.assertTrue(self.env["ctsp.exchange.message"]._about(self.records[4]))
        before = count([("type_id", "=", self.out.id)])
        from ..models import exchange_changes
        self.patch(exchange_changes, "SINGLY", 50)
        self.records._outbox_changed("ctsp.test.changed")
        self.env.cr.precommit.run()
        push = self.env["ctsp.exchange.push"].search([], limit=1)
        self.assertEqual((push.type_ids, count([("type_id", "=", self.out.id)])), (self.out, before))
        self.assertEqual(push.since, self.env.cr.now().replace(microsecond=0), "versions are dated to the second")
        self.env.cr.postcommit.clear()

    def test_watch(self):
        """Old queues, dead letters and failures are told to data stewards, once, until they are over."""
        old, dead = self.write("B1"), self.write("B2")
        old.write({"created_at": moment.now() - timedelta(hours=1), "next_try_at": moment.now() + timedelta(hours=1)})
        self.answers = [BAD]
        self.run_out()
        for _n in range(12):
            self.env["ctsp.exchange.try"]._add(old, "line")
        watch = self.env["ctsp.exchange.watch"]

        def alerts():
            found = self.env["ctsp.risk.alert"].search([("dedup_key", "like", f"exchange:%:{self.out.id}")])
            return {alert.dedup_key.split(":")[1]: alert.state for alert in found}

        watch._cron_watch()
        watch._cron_watch()
        self.assertEqual(alerts(), {"old": "new", "dead": "new", "errors": "new"})
        dead.with_user(self.steward).action_resend()
        old.next_try_at = moment.now()
        self.run_out()
        self.env.cr.execute("UPDATE ctsp_exchange_try SET date = date - interval '2 days'")
        watch._cron_watch()
        self.assertEqual(alerts(), {"old": "closed", "dead": "closed", "errors": "closed"})

    def test_quota(self):
        key, _secret = self.credentials._issue({"backend_id": self.backend.id, "minute_messages": 2})
        inward, intake = self.kind("in", "task"), self.env["ctsp.exchange.intake"]
        for number in range(2):
            intake._check_quota(key)
            self.env["ctsp.exchange.message"]._make(inward, f"T{number}", 1, {}, signed_by=key.key)
        with self.assertRaises(Refused) as refused:
            intake._check_quota(key)
        self.assertEqual(refused.exception.name, "too_many")
        key.minute_messages = 0
        intake._check_quota(key)
