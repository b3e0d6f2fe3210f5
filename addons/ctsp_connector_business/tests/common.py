import base64
import hashlib

from odoo.exceptions import UserError

from odoo.addons.ctsp_exchange.tools.errors import ExchangeError
from odoo.addons.ctsp_plan.tests.common import PlanCase

NUMBER = "YWJ2026-0001"
PDF = b"%PDF-1.4\n% sample\n%%EOF\n"


def file(name="证明（示例）.pdf", content=PDF, **more):
    """Return a file as it goes with an item."""
    return {"name": name, "sm3": hashlib.new("sm3", content).hexdigest(),
            "base64": base64.b64encode(content).decode(), **more}


class ItemCase(PlanCase):
    """The business platform, spoken to without a wire: what it sends is applied at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.backend = cls.env.ref("ctsp_connector_business.backend_business")
        cls.backend.write({"state": "active", "rate": 0})
        cls.institution.uscc, cls.other.uscc = "12990000MB0000001J", "12990000MB0000002M"
        cls.platform_user = cls.env.ref("ctsp_connector_business.user_platform")

    def form(self, **changed):
        return {"institution": {"name": self.institution.name, "uscc": self.institution.uscc,
                                "address": "上海市徐汇区示例路2号（示例）"} | changed}

    def data(self, number=NUMBER, action="submit", **changed):
        """Return a change of the institution's address, complete by the rules of filings."""
        return {
            "itemNo": number, "action": action, "kind": "change", "title": "变更备案（示例）",
            "deadline": "2099-12-20", "reason": "注册地址变更（示例）", "changeDate": "2026-11-20",
            "applicant": {"name": self.institution.name, "uscc": self.institution.uscc, "contactName": "何示例（示例）",
                          "contactPhone": "13800000003"},
            "form": self.form(), "attachments": [file(kind="change_proof")]} | changed

    def receive(self, version=1, code="biz_item", data=None, **changed):
        """Have a message applied as the queue does; return it."""
        kind = self.env.ref(f"ctsp_connector_business.type_{code}")
        content = data or self.data(**changed)
        self.assertEqual(kind._contract("v1")._errors(content), [])
        number = content.get("itemNo") or content["sm3"]
        message = self.env["ctsp.exchange.message"]._make(kind, number, version, content)
        self.work()
        return message

    def work(self):
        """Apply what waits, each message in its turn, as tools.pump does."""
        pump = self.env["ctsp.exchange.pump"]
        self.env.flush_all()
        while claimed := pump._claim_in():
            try:
                with self.env.cr.savepoint():
                    pump._process(*claimed)
            except (ExchangeError, UserError) as error:
                pump._settle_in_failed(*claimed, error)
            self.env.flush_all()

    def received(self, number=NUMBER):
        return self.env["ctsp.business.item"].search([("number", "=", number)])

    def sent(self, *codes, number=NUMBER):
        """Return what waits to be sent about an item, oldest first: ``(type, data)``, checked against its contract."""
        messages = self.env["ctsp.exchange.message"].search([
            ("direction", "=", "out"), ("type_id.code", "in", codes or ("biz.accept", "biz.status", "biz.result")),
            ("backend_id", "=", self.backend.id)], order="id").filtered(
                lambda message: number in message.business_id)
        for message in messages:
            self.assertNotEqual(message.state, "dead", message.reason)
            if contract := message.type_id._contract("v1"):
                self.assertEqual(contract._errors(message._data()), [])
        return [(message.type_id.code, message._data()) for message in messages]

    def told(self, number=NUMBER):
        """Return in short what the platform was told of an item."""
        words = {"biz.accept": lambda data: data["accepted"], "biz.status": lambda data: data["stage"],
                 "biz.result": lambda data: data["result"]}
        return [(code[4:], words[code](data)) for code, data in self.sent(number=number)]
