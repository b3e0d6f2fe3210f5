import base64
import hashlib

from odoo.addons.ctsp_exchange.tests.connector import ConnectorCase
from odoo.addons.ctsp_plan.tests.common import PlanCase

NUMBER = "YWJ2026-0001"
TOLD = ("biz.accept", "biz.status", "biz.result")
PDF = b"%PDF-1.4\n% sample\n%%EOF\n"


def file(name="证明（示例）.pdf", content=PDF, **more):
    """Return a file as it goes with an item."""
    return {"name": name, "sm3": hashlib.new("sm3", content).hexdigest(),
            "base64": base64.b64encode(content).decode(), **more}


class ItemCase(ConnectorCase, PlanCase):
    """The business platform and what is asked for there."""

    _backend = "ctsp_connector_business.backend_business"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
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
        return self.come(kind, content.get("itemNo") or content["sm3"], version, content)

    def received(self, number=NUMBER):
        return self.env["ctsp.business.item"].search([("number", "=", number)])

    def sent(self, *codes, number=NUMBER):
        """Return what waits to be sent about an item, oldest first: ``(type, data)``."""
        return [(message.type_id.code, message._data()) for message in self.gone(*codes or TOLD)
                if number in message.business_id]

    def told(self, number=NUMBER):
        """Return in short what the platform was told of an item."""
        words = {"biz.accept": lambda data: data["accepted"], "biz.status": lambda data: data["stage"],
                 "biz.result": lambda data: data["result"]}
        return [(code[4:], words[code](data)) for code, data in self.sent(number=number)]
