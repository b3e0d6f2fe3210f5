from odoo.exceptions import UserError

from odoo.addons.ctsp_exchange.tools.errors import ExchangeError


class ConnectorCase:
    """For tests of connectors: the other system, spoken to without a wire; what it sends is applied at once."""

    _backend = None
    """external identifier of the other system"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.backend = cls.env.ref(cls._backend)
        cls.backend.write({"state": "active", "rate": 0})

    def come(self, kind, business_id, version, content):
        """Have a message of type ``kind`` come and be applied; return it."""
        self.assertEqual(kind._contract("v1")._errors(content), [])
        message = self.env["ctsp.exchange.message"]._make(kind, business_id, version, content)
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

    def gone(self, *codes):
        """Return the messages of these types that wait to be sent, oldest first, each checked against its contract."""
        messages = self.env["ctsp.exchange.message"].search([
            ("direction", "=", "out"), ("type_id.code", "in", codes), ("backend_id", "=", self.backend.id)], order="id")
        for message in messages:
            self.assertNotEqual(message.state, "dead", message.reason)
            if contract := message.type_id._contract("v1"):
                self.assertEqual(contract._errors(message._data()), [])
        return messages
