from ..tools import client, hosts, pump
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
