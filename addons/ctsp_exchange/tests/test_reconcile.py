import json
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.ctsp_base.tools import clock

from ..models.exchange_reconciliation import _bounds
from ..tools import client, moment, reconciling, strict_json
from ..tools.http import Request
from ..tools.reply import Refused
from .engine_case import EngineCase


class OtherSide:
    """What the other system has: (type, who sent it) → {(number, version): [data, times]}."""

    def __init__(self):
        self.kept = {}

    def keep(self, kind, sender, number, version, data, times=1):
        self.kept.setdefault((kind, sender), {})[number, version] = [data, times]

    def items(self, kind, sender):
        rows = self.kept.get((kind, sender), {})
        return [(*key, strict_json.digest(rows[key][0]), rows[key][1]) for key in sorted(rows)]

    def answer(self, asked, page=2):
        """Answer a question of reconciliation, lists in pages of two."""
        if asked["step"] == "fetch":
            data = self.kept[asked["type"], "system"][asked["bizId"], asked["version"]][0]
            return {"bizId": asked["bizId"], "version": asked["version"], "data": data}
        if asked["step"] == "list":
            rows = [row for row in self.items(asked["type"], asked["sentBy"])
                    if row[:2] > tuple(asked.get("after", ("", 0)))]
            names = ("bizId", "version", "digest", "times")
            return {"items": [dict(zip(names, row, strict=True)) for row in rows[:page]], "more": len(rows) > page}
        types = []
        for one in asked["types"]:
            count, digest = reconciling.digest(row[:3] for row in self.items(one["type"], one["sentBy"]))
            types.append({**one, "count": count, "digest": digest})
        return {"types": types}


class ReconcileCase(EngineCase):
    """A system that keeps what it is sent, and says what it has."""

    def setUp(self):
        super().setUp()
        now, midnight = moment.now, _bounds(clock.today())[1]
        late = max(now() + timedelta(minutes=10) - midnight, timedelta())
        self.patch(moment, "now", lambda: now() - late)  # what is written today is of the day that stands still
        self.inward = self.kind("in", "task")
        self.kind("out", "reconcile", order="none", handler="ctsp.exchange.reconcile.handler")
        self.other, self.broken = OtherSide(), None
        self.steward = self.role("data_steward")
        self.rows = self.env["ctsp.exchange.reconciliation"]

    def answer(self, request):
        """Keep what comes as it comes; answer questions."""
        self.sent.append(request)
        if self.answers:
            return self.answers.pop(0)
        said = json.loads(request.body)
        if said["type"] == "reconcile":
            data = self.broken if self.broken is not None else self.other.answer(said["data"])
            return client.Outcome("ok", status=200, code=0, answer={"data": data})
        self.other.keep(said["type"], "platform", said["bizId"], said["version"], said["data"])
        return client.Outcome("ok", status=200, code=0, answer={})

    def took(self, number, version=1, **data):
        """A message of theirs, on both sides."""
        message = self.env["ctsp.exchange.message"]._make(self.inward, number, version, data)
        self.other.keep("task", "system", number, version, data)
        return message

    def reconcile(self):
        """Ask about today; return the rows by code of the type."""
        self.rows._ask(self.backend, clock.today())
        self.run_out()
        found = self.rows.search([("backend_id", "=", self.backend.id)])
        return {row.type_id.code: row for row in found}

    def differences(self):
        found = self.env["ctsp.exchange.difference"].search([("backend_id", "=", self.backend.id)])
        return {(one.business_id, one.kind): one for one in found}

    def asked(self, request):
        """Return which day a request counts, None where it asks something else."""
        said = json.loads(request.body)
        return said["bizId"] if said["type"] == "reconcile" and said["data"]["step"] == "count" else None


@tagged("post_install", "-at_install")
class TestReconcile(ReconcileCase):
    """Both sides compare what they have; what differs is found, listed and mended."""

    def test_agree(self):
        """Nothing was lost: counts and digests say so, no list is asked for."""
        for number in range(5):
            self.write(f"B{number}")
            self.took(f"T{number}", n=number)
        self.run_out()
        before = len(self.sent)
        rows = self.reconcile()
        self.assertEqual({code: (row.state, row.own_count) for code, row in rows.items()},
                         {"news": ("agreed", 5), "task": ("agreed", 5)})
        self.assertEqual(len(self.sent) - before, 1)
        self.assertFalse(self.differences())

    def test_differences(self):
        """A lost message, a doubled one, another content, one that never came: each by number and version; mended."""
        lost, differs, doubled, given_up, old = (self.write(f"B{n}", a=n) for n in range(5))
        self.run_out()
        newer = self.write("B4", a=99)
        self.run_out()
        self.took("T1")
        kept = self.other.kept["news", "platform"]
        del kept["B0", lost.version]
        kept["B1", differs.version][0] = {"a": "other"}
        kept["B2", doubled.version][1] = 2
        kept["B4", old.version][0] = {"a": "old"}
        given_up.state = "cancelled"
        self.other.keep("task", "system", "T9", 1, {"n": 9})
        rows = self.reconcile()
        self.assertEqual((rows["news"].state, rows["task"].state), ("differs", "differs"))
        found = self.differences()
        self.assertEqual(set(found), {
            ("B0", "only_here"), ("B1", "content"), ("B2", "twice"), ("B3", "given_up"), ("B4", "content"),
            ("T9", "only_there")})
        self.assertEqual(found["B1", "content"].version, differs.version)
        alert = self.env["ctsp.risk.alert"].search([
            ("dedup_key", "=", f"exchange:differences:{self.backend.id}")])
        self.assertEqual((alert.state, alert.role_id), ("new", self.env.ref("ctsp_base.group_data_steward")))
        with self.assertRaises(AccessError):
            found["B0", "only_here"].with_user(self.role("system_admin")).action_resend()
        with self.assertRaises(UserError):
            found["B2", "twice"].with_user(self.steward).action_resend()
        with self.assertRaises(UserError):  # what is newer there must not become old again
            found["B4", "content"].with_user(self.steward).action_resend()
        self.mend(found)
        self.assertEqual(kept["B0", lost.version][0], {"a": 0})
        self.assertEqual(newer.version, max(version for number, version in kept if number == "B4"))
        fetched = self.env["ctsp.exchange.message"].search([("business_id", "=", "T9")])
        self.assertEqual((fetched.type_id, fetched._data(), fetched.state), (self.inward, {"n": 9}, "queued"))
        rows = self.reconcile()
        self.assertEqual({row.state for row in rows.values()}, {"agreed"})
        states = {key: one.state for key, one in self.differences().items()}
        self.assertEqual(states["B0", "only_here"], "settled")
        self.assertEqual(states["T9", "only_there"], "settled")
        self.assertEqual(states["B2", "twice"], "accepted", "accepted stays accepted")
        self.assertEqual(alert.state, "closed")

    def mend(self, found):
        """Do to each what its kind asks for."""
        found["B0", "only_here"].with_user(self.steward).action_resend()
        found["T9", "only_there"].with_user(self.steward).action_fetch()
        stays = (found["B1", "content"] | found["B2", "twice"] | found["B3", "given_up"] | found["B4", "content"])
        context = stays.with_user(self.steward).action_accept()["context"]
        dialog = self.env["ctsp.exchange.difference.accept"].with_user(self.steward).with_context(**context)
        dialog.create({"reason": "agreed by telephone"}).action_accept()
        self.assertEqual(set(stays.mapped("state")), {"accepted"})
        self.assertEqual(stays.user_id, self.steward)
        self.run_out()

    def test_content_sent_anew(self):
        """Another content there is mended by a new version, since the old one stands."""
        message = self.write("B1", a=1)
        self.run_out()
        self.other.kept["news", "platform"]["B1", message.version][0] = {"a": 2}
        self.reconcile()
        self.differences()["B1", "content"].with_user(self.steward).action_resend()
        self.run_out()
        newest = max(self.other.kept["news", "platform"])
        self.assertGreater(newest[1], message.version)
        self.assertEqual(self.other.kept["news", "platform"][newest][0], {"a": 1})

    def test_under_way(self):
        """What is being sent meanwhile is no difference; what another day brought is none of today's."""
        waiting = self.write("B1")
        waiting.next_try_at = moment.now() + timedelta(hours=1)
        self.other.keep("news", "platform", "B1", waiting.version, {})
        self.write("B2").write({"state": "done", "sent_at": moment.now() - timedelta(days=2)})
        rows = self.reconcile()
        self.assertEqual(rows["news"].state, "agreed")

    def test_useless_answers(self):
        """An answer that cannot be used, or none, is said so on the row."""
        self.write("B1")
        self.run_out()
        for broken in ({}, {"types": [{"type": "news"}]}, {"types": []}):
            self.broken = broken
            self.assertEqual(self.reconcile()["news"].state, "failed", broken)
        self.broken = None
        self.answers = [client.Outcome("final", "refused_content", said="unknown", status=404, code=40401)]
        row = self.reconcile()["news"]
        self.assertEqual(row.state, "failed")
        self.assertIn("unknown", row.reason)
        self.assertEqual(self.reconcile()["news"].state, "agreed", "the same row, asked again")

    def test_buttons(self):
        action = self.backend.with_user(self.steward).action_reconcile()
        self.assertEqual(action["res_model"], "ctsp.exchange.reconciliation")
        self.assertEqual(len(self.rows.search([("backend_id", "=", self.backend.id)])), 4, "today and yesterday")
        with self.assertRaises(AccessError):
            self.backend.with_user(self.role("system_admin")).action_reconcile()
        self.rows._cron_reconcile()
        self.run_out()
        self.assertEqual(set(self.rows.search([("backend_id", "=", self.backend.id)]).mapped("state")), {"agreed"})

    def test_asked_by_them(self):
        """They may ask the same of us; what we say is what we have."""
        for number in (2, 1):
            self.write(f"B{number}", a=number)
        self.took("T1")
        self.run_out()
        key, secret = self.credentials._issue({"backend_id": self.backend.id})
        start = moment.milliseconds(moment.now() - timedelta(hours=1))

        def ask(**asked):
            body = json.dumps({"from": start, "to": start + 7_200_000, **asked}).encode()
            request = self.request(key, secret, body, target="/x")
            self.assertIsInstance(request, Request)
            return self.env["ctsp.exchange.intake"]._reconcile(request, body, "test", "application/json")

        counts = {(one["type"], one["sentBy"]): one["count"] for one in ask(step="count")["types"]}
        self.assertEqual(counts, {("news", "platform"): 2, ("task", "system"): 1})
        listed = ask(step="list", type="news", sentBy="platform")
        self.assertEqual(([row["bizId"] for row in listed["items"]], listed["more"]), (["B1", "B2"], False))
        first = listed["items"][0]
        after = ask(step="list", type="news", sentBy="platform", after=[first["bizId"], first["version"]])
        self.assertEqual([row["bizId"] for row in after["items"]], ["B2"])
        fetched = ask(step="fetch", type="news", bizId="B1", version=first["version"])
        self.assertEqual((fetched["data"], strict_json.digest(fetched["data"])), ({"a": 1}, first["digest"]))
        for wrong in ({"step": "x"}, {"step": "list"}, {"step": "count", "from": 0},
                      {"step": "fetch", "type": "news", "bizId": "B9", "version": 1}):
            with self.assertRaises(Refused):
                ask(**wrong)
