from odoo.addons.ctsp_exchange.tests.connector import ConnectorCase
from odoo.addons.ctsp_plan.tests.common import PlanCase

NUMBER = "RW2026-0001"


class TaskCase(ConnectorCase, PlanCase):
    """The inspection system and what it asks for."""

    _backend = "ctsp_connector_admin.backend_admin"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.institution.uscc, cls.other.uscc = "12990000MB0000001J", "12990000MB0000002M"
        cls.third = cls._institution("示例第三医院（示例）", "药临床机构备字2099000003")

    def receive(self, version=1, number=NUMBER, enterprises=None, **data):
        """Have a message applied as the queue does; return it."""
        kind = self.env.ref("ctsp_connector_admin.type_task_dispatch")
        content = {"taskNo": number, "action": "issue", "type": "special", "title": "示例专项检查（示例）",
                   "deadline": "2099-12-20", "issuer": "示例药监局（示例）", "basis": "示例依据（示例）",
                   "enterprises": enterprises or [{"name": "某医院", "uscc": self.institution.uscc}]} | data
        return self.come(kind, number, version, content)

    def task(self, number=NUMBER):
        return self.env["ctsp.admin.task"].search([("number", "=", number)])

    def sent(self, code):
        """Return what waits to be sent, oldest first."""
        return [message._data() for message in self.gone(code)]
