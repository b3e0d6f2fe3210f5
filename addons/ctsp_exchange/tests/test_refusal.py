from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..controllers import exchange
from ..models import exchange_refusal
from ..tools import moment, pump
from ..tools.counted import Counted
from .intake import PATH, IntakeCase

GOOD = {"bizId": "T1", "version": 1, "data": {"n": 1}}
BAD = {"bizId": "T1", "version": 1, "data": {"n": "1"}}
STATES = ("new", "assigned", "handled")


@tagged("post_install", "-at_install")
class TestRefusal(IntakeCase):
    """What is refused leaves nothing but its count, which outlives the transaction of the request; data stewards are
    told while it goes on."""

    def setUp(self):
        super().setUp()
        self.patch(exchange_refusal, "UNSIGNED", Counted(60))

    def rows(self, **values):
        self.env.invalidate_all()
        domain = [("backend_id", "=", self.backend.id), *((name, "=", value) for name, value in values.items())]
        return self.env["ctsp.exchange.refusal"].search(domain, order="id")

    def alerts(self):
        self.env["ctsp.exchange.watch"]._cron_watch()
        self.env.invalidate_all()
        return self.env["ctsp.risk.alert"].search([
            ("dedup_key", "=like", f"exchange:refused:{self.backend.id}:%"), ("state", "in", STATES)])

    def pass_time(self, **span):
        self.env.flush_all()
        self.env.cr.execute("UPDATE ctsp_exchange_refusal SET last_at = %s WHERE backend_id = %s",
                            [moment.now() - timedelta(**span), self.backend.id])
        self.env.invalidate_all()

    def test_counted(self):
        """One row for what is refused alike, with the number of times, the last reason and where it is about."""
        self.assertFalse(self.rows())
        for _time in range(3):
            self.post(BAD)
        row = self.rows()
        self.assertEqual((row.code, row.times, row.business_id, row.type_id), (42201, 3, "T1", self.kind))
        self.assertEqual((row.key, row.is_signed, row.is_content), (self.key.key, True, True))
        self.assertIn("$.n 类型应为整数", row.reason)
        self.assertLess(row.first_at, row.last_at)
        self.assertEqual(row.answer, "42201 数据不符合接口规范")
        self.assertFalse(self.env["ctsp.exchange.message"].search([("type_id", "=", self.kind.id)]))

    def test_each_reason(self):
        """Whatever is refused of a caller whose signature held is counted, and of whom nobody knows once a minute."""
        self.post(b"{")
        self.post({"bizId": "T2", "version": 0, "data": {}})
        self.post(GOOD, path="/ctsp/exchange/v1/test/other")
        self.post(GOOD, media="text/plain")
        self.post(GOOD)
        self.post(GOOD | {"data": {"n": 2}})
        self.key.minute_messages = 1
        self.post(GOOD | {"bizId": "T3"})
        self.key.minute_messages = 0
        self.backend.state = "paused"
        self.post(GOOD | {"bizId": "T4"})
        self.patch(exchange, "LIMIT", 10)
        for _time in range(3):
            self.post(GOOD)
        rows = {row.code: row for row in self.rows()}
        self.assertEqual(set(rows), {40001, 40003, 40401, 41501, 40901, 42901, 50301, 41301})
        self.assertEqual((rows[40003].business_id, rows[40401].type_code), ("T2", "other"))
        self.assertFalse(rows[40401].type_id)
        self.assertEqual({code for code, row in rows.items() if not row.is_content}, {42901, 50301, 41301})
        self.assertEqual({code for code, row in rows.items() if not row.is_signed}, {41301})
        self.assertEqual((rows[41301].times, rows[41301].business_id), (1, ""), "one transaction a minute for anybody")

    def test_keys_are_not_counted(self):
        """Who did not prove who he is stands in the audit log."""
        self.post(BAD, secret="another secret altogether")
        self.post(BAD, nonce="")
        self.post(BAD, path="/ctsp/exchange/v1/nowhere/task")
        self.post(b"", path=f"{PATH}/T9", method="GET")
        self.assertFalse(self.rows())

    def test_flood(self):
        """A flood of names adds to one row."""
        self.patch(exchange_refusal, "MOST", 3)
        for number in range(8):
            self.post(BAD | {"bizId": f"F{number}"})
        self.post(BAD | {"bizId": "F1"})
        for number in range(3):
            self.post(GOOD, path=f"/ctsp/exchange/v1/test/other{number}")
        self.assertEqual([(row.business_id, row.times) for row in self.rows(type_code="task")],
                         [("F0", 1), ("F1", 2), ("F2", 1), ("", 5)])
        self.assertEqual(self.rows(type_code="").times, 3)

    def test_answered_all_the_same(self):
        """What cannot be counted is answered."""
        with patch.object(pump, "transaction", side_effect=psycopg2.OperationalError("away")), \
                self.assertLogs("odoo.addons.ctsp_exchange.models.exchange_refusal", "ERROR"):
            self.assertEqual(self.post(BAD).json()["code"], 42201)

    def test_names_that_no_column_holds(self):
        self.assertEqual(self.post(GOOD, path=f"{PATH}%00").json()["code"], 40401)
        self.assertEqual(self.post(GOOD, path=f"{PATH}{'x' * 300}").json()["code"], 40401)
        self.assertEqual([len(row.type_code) for row in self.rows()], [5, 100])

    def test_told(self):
        """Told once, until a message of that type is accepted; told again when it begins again."""
        self.assertFalse(self.alerts())
        self.post(BAD)
        alert = self.alerts()
        self.assertEqual(alert.role_id, self.env.ref("ctsp_base.group_data_steward"))
        self.assertIn("42201", alert.name)
        self.assertEqual((alert.res_model, alert.res_id), ("ctsp.exchange.refusal", self.rows().id))
        self.post(BAD)
        self.assertEqual(self.alerts(), alert, "once")
        self.assertEqual(self.post(GOOD | {"version": 2}).json()["code"], 0)
        self.assertFalse(self.alerts())
        self.assertEqual(alert.state, "closed")
        self.post(BAD)
        self.assertTrue(self.alerts() - alert)

    def test_told_for_content_only(self):
        """A message of another type, a quiet day, a pause, a caller nobody knows."""
        self.backend.state = "paused"
        self.post(GOOD)
        self.backend.state = "active"
        with patch.object(exchange, "LIMIT", 10):
            self.post(GOOD)
        self.assertFalse(self.alerts())
        self.post(GOOD, path="/ctsp/exchange/v1/test/other")
        self.post(GOOD)
        alert = self.alerts()
        self.assertEqual(alert.dedup_key, f"exchange:refused:{self.backend.id}:0", "of no type that we know")
        self.pass_time(hours=23)
        self.assertEqual(self.alerts(), alert)
        self.pass_time(hours=25)
        self.assertFalse(self.alerts())

    def test_closed_by_hand(self):
        """Who closed or dismissed it is not told of the same again."""
        self.post(BAD)
        alert = self.alerts()
        self.pass_time(seconds=10)
        analyst = self.role("risk_analyst")
        alert._set_state(
            "closed", "dealt with", closed_at=moment.now() - timedelta(seconds=5), closed_by=analyst.id)
        self.assertFalse(self.alerts())
        self.post(BAD)
        again = self.alerts()
        self.assertTrue(again - alert)
        again.with_user(analyst).run_transition("dismiss", "known")
        self.post(BAD)
        self.assertFalse(self.alerts(), "dismissed: until it is over")

    def test_screen(self):
        """Data stewards and the system administrator read; nobody writes; old rows go."""
        self.post(BAD)
        row = self.rows()
        for role in ("data_steward", "system_admin"):
            own = row.with_user(self.role(role))
            self.assertEqual(own.read(["times"])[0]["times"], 1)
            with self.assertRaises(AccessError):
                own.write({"times": 0})
        with self.assertRaises(AccessError):
            row.unlink()
        with self.assertRaises(AccessError):
            row.with_user(self.role("planner")).read(["times"])
        self.assertEqual(row.action_messages()["domain"], [("business_id", "=", "T1")])
        self.pass_time(days=91)
        self.env["ctsp.exchange.refusal"]._gc_old()
        self.assertFalse(self.rows())
