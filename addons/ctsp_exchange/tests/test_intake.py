import time

from odoo.tests import tagged

from ..controllers import exchange
from .intake import PATH, IntakeCase


@tagged("post_install", "-at_install")
class TestIntake(IntakeCase):
    """The door, by HTTP: verified, stored as it came, answered at once in the envelope; whatever is refused writes
    nothing."""

    def refused(self, code, content=None, **options):
        before = self.env["ctsp.exchange.message"].search_count([])
        response = self.post({"bizId": "T1", "version": 1, "data": {"n": 1}} if content is None else content, **options)
        answer = response.json()
        self.assertEqual((answer["code"], response.status_code), (code, code // 100), answer)
        self.assertEqual(set(answer), {"code", "message", "data", "requestId"})
        self.assertEqual(self.env["ctsp.exchange.message"].search_count([]), before, "nothing is written")
        return answer

    def test_taken(self):
        content = {"bizId": "T1", "version": 1, "data": {"n": 1}}
        first = self.post(content).json()
        self.assertEqual((first["code"], first["data"]["duplicate"], first["data"]["state"]), (0, False, "queued"))
        again = self.post(content).json()
        self.assertEqual((again["code"], again["data"]["duplicate"]), (0, True))
        self.assertEqual(again["data"]["messageId"], first["data"]["messageId"])
        self.refused(40901, {"bizId": "T1", "version": 1, "data": {"n": 2}})
        self.assertEqual(self.post({"bizId": "T1", "version": 2, "data": {"n": 2}}).json()["code"], 0)
        message = self.env["ctsp.exchange.message"].browse(int(first["data"]["messageId"]))
        self.assertEqual(message.try_ids.mapped("outcome"), ["again", "received"])
        self.assertEqual((message.signed_by, message._data()), (self.key.key, {"n": 1}))
        told = self.post(b"", path=f"{PATH}/T1", method="GET").json()["data"]["messages"]
        self.assertEqual([one["version"] for one in told], [2, 1])
        self.assertEqual(self.post(b"", path=f"{PATH}/T9", method="GET").json()["code"], 40401)

    def test_refused(self):
        for code, content in (
            (40001, b"{"), (40001, b'{"bizId": "a", "bizId": "b"}'), (40003, []),
            (40003, {"bizId": "T1", "version": 1}),
            (40003, {"bizId": " ", "version": 1, "data": {}}), (40003, {"bizId": "T1", "version": "1", "data": {}}),
            (40003, {"bizId": "T1", "version": True, "data": {}}), (40003, {"bizId": "T1", "version": 0, "data": {}}),
            (40003, {"bizId": "T1", "version": 2**40, "data": {}}),
            (40003, {"bizId": "x" * 300, "version": 1, "data": {}}),
            (42201, {"bizId": "T1", "version": 1, "data": {"n": "1"}}),
        ):
            with self.subTest(content=str(content)[:60]):
                self.refused(code, content)
        self.refused(41501, media="text/plain")
        self.refused(41501, media="application/json; charset=gbk")
        self.refused(41501, **{"Content-Encoding": "gzip"})
        self.refused(40401, path="/ctsp/exchange/v9/test/task")
        self.refused(40401, path="/ctsp/exchange/v1/test/other")
        errors = self.refused(42201, {"bizId": "T1", "version": 1, "data": {}})["data"]["errors"]
        self.assertEqual(errors, [{"path": "$", "message": "缺少必填字段 n"}])
        self.patch(exchange, "LIMIT", 10)
        self.refused(41301)

    def test_keys(self):
        other = self.env["ctsp.exchange.backend"].create({"name": "O", "code": "other", "state": "active"})
        foreign, secret = self.credentials._issue({"backend_id": other.id})
        self.refused(40101, key=foreign, secret=secret)
        self.refused(40102, secret="another secret altogether")
        self.refused(40102, path=PATH + "?x=1", sign="0" * 64)
        self.refused(40002, nonce="")
        self.refused(40103, timestamp="1700000000000")
        self.refused(40101, path="/ctsp/exchange/v1/nowhere/task")
        self.backend.state = "paused"
        self.assertEqual(self.refused(50301)["data"]["retryAfter"], 60)

    def test_clock(self):
        answer = self.url_open("/ctsp/exchange/clock").json()
        self.assertLess(abs(answer["data"]["now"] - time.time() * 1000), 60_000)
