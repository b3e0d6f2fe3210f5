from odoo.tests import tagged

from .engine_case import EngineCase


@tagged("post_install", "-at_install")
class TestReceipt(EngineCase):
    """What arrived and failed there is no end: people are told, until it is mended."""

    def setUp(self):
        super().setUp()
        self.receipts = self.kind("in", "receipt", handler="ctsp.exchange.receipt.handler", order="none")
        self.steward, self.said = self.role("data_steward"), 0

    def says(self, message, state, reason=""):
        self.said += 1
        receipt = self.env["ctsp.exchange.message"]._make(self.receipts, f"news:{message.business_id}", self.said, {
            "type": "news", "bizId": message.business_id, "version": message.version, "state": state, "reason": reason})
        self.run_in()
        self.assertEqual(receipt.state, "done")
        return receipt

    def told(self):
        """Return alert, row of the gauge and messages found by the filter, as a data steward sees them."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.env["ctsp.exchange.watch"]._cron_watch()
        alerts = self.env["ctsp.risk.alert"].with_user(self.steward).search([
            ("dedup_key", "=", f"exchange:failed_there:{self.out.id}"), ("state", "=", "new")])
        gauge = self.env["ctsp.exchange.gauge"].with_user(self.steward).search([("type_id", "=", self.out.id)])
        found = self.env["ctsp.exchange.message"].with_user(self.steward).search([("is_failed_there", "=", True)])
        self.assertEqual(gauge.failed_there, len(found))
        self.assertEqual(bool(alerts), bool(found))
        self.assertTrue(all(found.mapped("is_failed_there")))
        return found.sudo()

    def test_failed_there(self):
        """Alert, filter and gauge say so; a better receipt, of this version or a newer one, ends it."""
        message = self.write("B1")
        self.run_out()
        self.assertFalse(self.told())
        self.says(message, "dead", "no such institution")
        self.assertEqual(self.told(), message)
        shown = self.env["ctsp.exchange.gauge"].search([("type_id", "=", self.out.id)]).action_messages()
        self.assertTrue(shown["context"]["search_default_failed_there"])
        self.says(message, "done")
        self.assertFalse(self.told())
        self.says(message, "dead")
        newer = self.write("B1")
        self.run_out()
        self.assertEqual(self.told(), message, "that it was sent says nothing of what they did with it")
        self.says(newer, "done")
        self.assertFalse(self.told())

    def test_resent(self):
        """Sent again, it waits for a receipt of its own."""
        message = self.write("B1")
        self.run_out()
        self.says(message, "dead", "no such institution")
        message.with_user(self.steward).action_resend()
        self.assertFalse(self.told() or message.receipt_state or message.receipt_reason)
        self.run_out()
        self.says(message, "dead", "still none")
        self.assertEqual(self.told(), message)

    def test_found_together(self):
        """A business number finds what was sent, and the receipts about it; so does the number of a receipt."""
        inward = self.kind("in", "task", receipt=True)
        self.kind("out", "receipt", order="none")
        came, went, other = self.received("T1", inward), self.write("T1/7"), self.write("X1")
        record = self.env["ctsp.risk.alert"].create({"name": "What both are about"})
        came._link(record)
        went._link(record)
        self.run_in()
        self.run_out()
        ours = self.env["ctsp.exchange.message"].search([("business_id", "=", "task:T1")])
        theirs = self.says(went, "done")
        theirs.business_id = "their own number"
        self.says(other, "done")
        messages = self.env["ctsp.exchange.message"].with_user(self.steward)
        whole = came | went | ours | theirs
        self.assertEqual(len(whole), 4)
        for number in ("T1", "T1/7", "task:T1", "their own number"):
            found = messages.search([("related_number", "=", number)])
            self.assertEqual(found.sudo(), whole.sorted("id", reverse=True), number)
        shown = came.with_user(self.steward).action_same_business()
        self.assertEqual((messages.search(shown["domain"]).sudo(), shown["context"]), (found.sudo(), {}))
        self.assertFalse(messages.search([("related_number", "=", "T")]))

    def test_nothing_is_hidden(self):
        """The list of messages opens with all of them: what is typed is looked for among the finished ones too."""
        action = self.env["ir.actions.act_window"]._for_xml_id("ctsp_exchange.ctsp_exchange_message_action")
        self.assertNotIn("search_default", action["context"])
