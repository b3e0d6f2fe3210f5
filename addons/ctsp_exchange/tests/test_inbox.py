from datetime import date, timedelta

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.ctsp_crypto.tools.failure import CryptoUnavailable

from ..tools import moment, pump
from ..tools.errors import Final, Retry
from .engine_case import BAD, EngineCase


@tagged("post_install", "-at_install")
class TestInbox(EngineCase):
    """What came in is applied once; what cannot be applied says why and holds up nobody."""

    def setUp(self):
        super().setUp()
        self.inward = self.kind("in", "task", receipt=True)
        self.receipts = self.kind("out", "receipt", order="none")
        self.applied = []

    def test_applied_with_receipt(self):
        def receive(handler, message, data):
            self.applied.append(data["n"])
            return {"number": "P1"}

        self.receives(receive)
        message = self.received("T1", self.inward, n=1)
        self.run_in()
        self.assertEqual((message.state, self.applied), ("done", [1]))
        self.run_out()
        receipt = self.env["ctsp.exchange.message"].search([("type_id", "=", self.receipts.id)])
        said = receipt._data()
        self.assertEqual((said["bizId"], said["state"], said["result"]), ("T1", "done", {"number": "P1"}))

    def test_poison(self):
        """One that fails, in whatever way, leaves nothing behind and does not stop the next."""
        partners = self.env["res.partner"]

        def receive(handler, message, data):
            handler.env["res.partner"].create({"name": f"trace {message.business_id}"})
            if message.business_id != "good":
                raise {"final": Final("wrong"), "user": UserError("also wrong"),
                       "later": Retry("not yet"), "bug": ZeroDivisionError("x")}[message.business_id]
            self.applied.append(message.business_id)

        self.receives(receive)
        names = ("final", "user", "later", "bug", "good")
        found = {name: self.received(name, self.inward) for name in names}
        self.run_in()
        self.assertEqual({name: one.state for name, one in found.items()}, {
            "final": "dead", "user": "dead", "later": "queued", "bug": "queued", "good": "done"})
        self.assertEqual(found["final"].reason, "wrong")
        self.assertEqual(partners.search([("name", "like", "trace ")]).mapped("name"), ["trace good"])
        for _try in range(5):
            found["bug"].next_try_at = moment.now()
            self.run_in()
        self.assertEqual(found["bug"].state, "dead")
        self.assertIn("ZeroDivisionError", found["bug"].reason)

    def test_turns_of_systems(self):
        """A flood of one system does not keep another one's message waiting to its end."""
        for number in range(40):
            self.received(f"F{number}", self.inward)
        other = self.env["ctsp.exchange.backend"].create({"name": "Other", "code": "other", "state": "active"})
        late = self.received("T1", self.inward.copy({"backend_id": other.id}))
        self.env.flush_all()
        claimed = {self.env["ctsp.exchange.pump"]._claim_in()[0] for _turn in range(30)}
        self.assertIn(late.id, claimed, "by chance it fails once in a thousand million times")

    def test_edited_in(self):
        """A received message that was mended is still known by what was received: the sender may repeat it."""
        def receive(handler, message, data):
            if data["n"] == 1:
                raise Final("wrong")

        self.receives(receive)
        message = self.received("T1", self.inward, n=1)
        digest = message.digest
        self.run_in()
        message.with_user(self.role("data_steward"))._edited('{"n": 2}', "typo")
        self.run_in()
        self.assertEqual((message.state, message.digest, message.version), ("done", digest, 1))

    def test_killed_in(self):
        """The sender is told of a message that was given up after its processing died again and again."""
        message = self.received("T1", self.inward, n=1)
        message.write({"state": "working", "lease_until": moment.now(), "deaths": 4})
        self.run_in()
        receipt = self.env["ctsp.exchange.message"].search([("type_id", "=", self.receipts.id)])
        self.assertEqual((message.state, receipt._data()["state"]), ("dead", "dead"))

    def test_newest_counts(self):
        """Versions that arrive out of order: the older one is set aside."""
        newest = self.kind("in", "registry", order="newest")
        self.receives(lambda handler, message, data: self.applied.append(message.version))
        late, early = self.received("R1", newest, version=3), self.received("R1", newest, version=2)
        self.run_in()
        self.assertEqual((late.state, early.state, self.applied), ("done", "superseded", [3]))

    def test_outage(self):
        """While keys or database are out of reach nothing is refused: all wait, and the loop rests."""
        messages = [self.received(f"T{number}", self.inward) for number in range(3)]

        def away(*_args):
            raise CryptoUnavailable("away")

        self.receives(away)
        self.assertGreaterEqual(self.run_in(), pump.REST)
        self.assertEqual([(one.state, one.tries) for one in messages], [("queued", 1), ("queued", 0), ("queued", 0)])
        self.assertIn("away", messages[0].reason)
        self.receives(lambda handler, message, data: self.applied.append(message.business_id))
        messages[0].next_try_at = moment.now()
        self.run_in()
        self.assertEqual({one.state for one in messages}, {"done"})

    def test_nobody_writes(self):
        """Messages are the engine's: no role changes one, few read them, fewer their content."""
        message = self.received("T1", self.inward, name="秘密")
        self.env.flush_all()
        self.env.cr.execute("SELECT payload FROM ctsp_exchange_message WHERE id = %s", [message.id])
        self.assertNotIn("秘密".encode(), bytes(self.env.cr.fetchone()[0]), "stored encrypted")
        for role in ("data_steward", "system_admin"):
            user = self.role(role)
            self.assertEqual(message.with_user(user).business_id, "T1")
            with self.assertRaises(AccessError):
                message.with_user(user).write({"state": "done"})
            with self.assertRaises(AccessError):
                message.with_user(user).unlink()
            with self.assertRaises(AccessError):
                self.env["ctsp.exchange.try"].with_user(user).create({"message_id": message.id, "outcome": "ok"})
        self.assertIn("秘密", message.with_user(self.role("data_steward")).payload_text)
        with self.assertRaises(AccessError):
            message.with_user(self.role("system_admin")).read(["payload"])
        with self.assertRaises(AccessError):
            message.with_user(self.role("regulator")).read(["business_id"])

    def test_glance(self):
        """Queue, age, failures and latency of each type."""
        self.received("T1", self.inward)
        self.write("B1")
        self.answers = [BAD]
        self.run_out()
        gauges = self.env["ctsp.exchange.gauge"].with_user(self.role("data_steward")).search([])
        rows = {gauge.type_id: gauge for gauge in gauges}
        self.assertEqual((rows[self.inward].waiting, rows[self.out].dead, rows[self.out].error_rate), (1, 1, 1))
        self.assertEqual(
            [(rows[kind].error_text, rows[kind].latency_50_text, rows[kind].latency_95_text)
             for kind in (self.inward, self.out)],
            [("—", "—", "—"), ("100%", "—", "—")], "nothing done, nothing measured")
        domain = rows[self.inward].action_messages()["domain"]
        self.assertEqual(self.env["ctsp.exchange.message"].search_count(domain), 1)

    def test_list_costs(self):
        """Lists of 80 messages, days, differences, keys and systems cost as many queries as lists of 8."""
        self.many_rows()
        for name in ("message", "reconciliation", "difference", "credential", "backend"):
            role = "security_admin" if name == "credential" else "data_steward"
            model = self.env[f"ctsp.exchange.{name}"].with_user(self.role(role))
            tree = etree.fromstring(model.get_views([(False, "list")])["views"]["list"]["arch"])
            wanted = {}
            for node in tree.xpath("/list/field[not(@column_invisible)]"):
                field = model._fields[node.get("name")]
                wanted[field.name] = {"fields": {"display_name": {}}} if field.type == "many2one" else {}
            self.assertIn("state", list(wanted)[:2 + (name == "backend")], f"{name}: a telephone shows two columns")
            costs = []
            for limit in (80, 8, 80):  # the first one warms the caches
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self.assertEqual(len(model.web_search_read([], wanted, limit=limit)["records"]), limit, name)
                costs.append(self.env.cr.sql_log_count - before)
            self.assertEqual(costs[1], costs[2], name)

    def many_rows(self):
        for number in range(80):
            self.write(f"B{number}")
        days = self.env["ctsp.exchange.reconciliation"].create([
            {"type_id": self.out.id, "date": date(2026, 1, 1) + timedelta(days=number)} for number in range(80)])
        self.env["ctsp.exchange.difference"].create([
            {"reconciliation_id": day.id, "business_id": f"B{number}", "version": 1, "kind": "only_there",
             "found_at": moment.now()}
            for number, day in enumerate(days)])
        systems = self.env["ctsp.exchange.backend"].create([
            {"name": f"System {number}", "code": f"listed-{number}"} for number in range(80)])
        self.env["ctsp.exchange.credential"].create([
            {"backend_id": system.id, "use": "in", "secret": "s" * 40} for system in systems])
