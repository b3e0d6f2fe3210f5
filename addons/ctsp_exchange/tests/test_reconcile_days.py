from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.ctsp_base.tools import clock

from ..models.exchange_reconciliation import _bounds
from ..tools import client
from .test_reconcile import ReconcileCase


@tagged("post_install", "-at_install")
class TestReconcileDays(ReconcileCase):
    """No day of the last week is passed over, and any other can be asked for by hand."""

    def day(self, back):
        return clock.today() - timedelta(days=back)

    def night(self):
        self.env.flush_all()
        before = len(self.sent)
        self.rows._cron_reconcile()
        self.run_out()
        return sorted({self.asked(request) for request in self.sent[before:]} - {None})

    def row(self, back):
        return self.rows.search([("type_id", "=", self.out.id), ("date", "=", self.day(back))])

    def on(self, back, business_id):
        """A message written on a day that is over; not yet sent."""
        message = self.write(business_id)
        message.sent_at = _bounds(self.day(back))[0] + timedelta(hours=9)
        return message

    def alert(self):
        return self.env["ctsp.risk.alert"].search([("dedup_key", "=", f"exchange:unanswered:{self.backend.id}")])

    def test_missed_nights(self):
        """Days that no night asked about (paused, switched off, back from a backup) are asked when it runs again."""
        self.assertEqual(self.night(), [self.day(back).isoformat() for back in range(7, 0, -1)])
        self.assertEqual(self.night(), [self.day(1).isoformat()], "what agreed is not asked again")
        self.row(3).unlink()
        self.assertEqual(self.night(), [self.day(3).isoformat(), self.day(1).isoformat()])
        self.env["ctsp.parameter.value"].search([
            ("parameter_id.code", "=", "exchange.reconcile_days")]).value = "3"
        self.rows.search([("backend_id", "=", self.backend.id)]).unlink()
        self.assertEqual(self.night(), [self.day(back).isoformat() for back in (3, 2, 1)])

    def test_delivered_late(self):
        """A message of a day that agreed, delivered or fetched after that, is compared."""
        self.night()
        late = self.on(4, "B1")
        self.run_out()
        self.assertEqual(late.state, "done")
        del self.other.kept["news", "platform"]["B1", late.version]  # they lost it
        self.assertEqual(self.night(), [self.day(4).isoformat(), self.day(1).isoformat()])
        self.assertEqual(self.row(4).state, "differs")
        self.assertEqual(set(self.differences()), {("B1", "only_here")})
        came = self.took("T1")
        came.sent_at = late.sent_at - timedelta(days=1)
        self.assertIn(self.day(5).isoformat(), self.night())

    def test_failed_is_told(self):
        """A day without a usable answer is told to data stewards until it got one."""
        self.broken = {"types": []}
        self.night()
        alert = self.alert()
        steward = self.role("data_steward")
        self.assertEqual((alert.state, alert.with_user(steward).role_id), (
            "new", self.env.ref("ctsp_base.group_data_steward")))
        self.assertIn("7", alert.name)
        self.broken = None
        self.answers = [client.Outcome("final", "refused_content", said="unknown", status=404, code=40401)]
        self.night()
        self.assertEqual(alert.state, "new", "one day is left")
        self.assertIn("1", alert.name)
        self.night()
        self.assertEqual((alert.state, set(self.rows.search([("backend_id", "=", self.backend.id)]).mapped("state"))),
                         ("closed", {"agreed"}))

    def test_any_days(self):
        """A data steward asks about days that no night looks at."""
        steward = self.role("data_steward")
        context = self.backend.with_user(steward).action_reconcile_days()["context"]
        dialogs = self.env["ctsp.exchange.reconciliation.ask"].with_user(steward).with_context(**context)
        self.assertEqual(dialogs.create({}).date_from, self.day(1))
        for wrong in ((9, 10), (0, -1), (40, 1)):
            with self.assertRaises(UserError):
                dialogs.create({"date_from": self.day(wrong[0]), "date_to": self.day(wrong[1])}).action_ask()
        self.on(41, "B1")
        self.run_out()
        shown = dialogs.create({"date_from": self.day(42), "date_to": self.day(40)}).action_ask()
        self.run_out()
        days = self.rows.search(shown["domain"] + [("type_id", "=", self.out.id)])
        self.assertEqual(sorted(days.mapped("date")), [self.day(42), self.day(41), self.day(40)])
        self.assertEqual(set(days.mapped("state")), {"agreed"})
        with self.assertRaises(AccessError):
            self.rows.with_user(self.role("system_admin")).action_days()
        self.backend.state = "paused"
        with self.assertRaises(UserError):
            dialogs.create({}).action_ask()
