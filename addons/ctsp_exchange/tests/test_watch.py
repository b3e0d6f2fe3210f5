from datetime import timedelta

from odoo.tests import tagged

from ..tools import moment
from .engine_case import BAD, EngineCase


@tagged("post_install", "-at_install")
class TestWatch(EngineCase):
    """Alerts about queues say how things are now, and end with what they are about."""

    def alert(self, kind, number=None):
        key = f"exchange:{kind}:{number or self.out.id}"
        return self.env["ctsp.risk.alert"].search([("dedup_key", "=", key)], limit=1)

    def watch(self):
        self.env.flush_all()
        self.env["ctsp.exchange.watch"]._cron_watch()

    def die(self, business_id):
        self.answers = [BAD]
        message = self.write(business_id)
        self.run_out()
        self.assertEqual(message.state, "dead")
        return message

    def test_dismissed(self):
        """What an analyst dismissed stays silent until it is over; the next time is told again."""
        message = self.die("B1")
        self.watch()
        self.alert("dead").with_user(self.role("risk_analyst")).run_transition("dismiss", "we know")
        self.watch()
        found = self.env["ctsp.risk.alert"].search([("dedup_key", "=", f"exchange:dead:{self.out.id}")])
        self.assertEqual(found.mapped("state"), ["dismissed"])
        message.with_user(self.role("data_steward")).action_resend()
        self.run_out()
        self.watch()
        self.die("B2")
        self.watch()
        self.assertEqual(self.alert("dead").state, "new")

    def test_count(self):
        """The number in the text follows the number of dead letters."""
        self.die("B1")
        self.watch()
        alert = self.alert("dead")
        self.assertIn("1", alert.name.rpartition(self.out.name)[2])
        self.die("B2")
        self.watch()
        self.assertIn("2", alert.name.rpartition(self.out.name)[2])

    def test_archived(self):
        """Alerts of a type or a system that is not in use any more close, those of its line and keys too."""
        self.die("B1")
        self.watch()
        self.out.active = False
        self.watch()
        self.assertEqual(self.alert("dead").state, "closed")
        self.out.active = True
        self.credentials._issue({"backend_id": self.backend.id, "date_end": moment.now() + timedelta(days=5)})
        key = self.credentials.search([("backend_id", "=", self.backend.id), ("date_end", "!=", False)])
        self.backend.line_ids._tell(True)
        self.watch()
        alerts = self.alert("dead") | self.alert("line", self.backend.id) | self.alert("key", key.id)
        self.assertEqual(alerts.mapped("state"), ["new"] * 3)
        self.backend.active = False
        self.watch()
        self.assertEqual(alerts.mapped("state"), ["closed"] * 3)
