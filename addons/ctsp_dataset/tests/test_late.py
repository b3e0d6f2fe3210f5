from odoo import fields
from odoo.tests import tagged

from .common import OpenApiCase
from .sample_definition import row


@tagged("post_install", "-at_install")
class TestLate(OpenApiCase):
    """Who reports nothing for longer than a data set allows is reminded; the steward is told until it is over."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dataset.expected_days = 30
        cls.key.date_start = cls.foreign.date_start = "2026-01-01"

    def alerts(self, *states):
        found = self.env["ctsp.risk.alert"].search([("dedup_key", "=like", f"dataset.late:{self.dataset.id}:%")])
        return found.filtered(lambda alert: alert.state in (states or ("new",)))

    def remind(self):
        self.env["ctsp.dataset"]._cron_remind()

    def test_late(self):
        """Who reports nothing for too long is reminded once a period, and the steward is told; reporting ends it."""
        self.submit([row(1)])
        self.remind()
        self.remind()
        notices = self.env["ctsp.desk.notice"].search([("owner_partner_id", "in", (self.company + self.other).ids)])
        self.assertEqual(notices.owner_partner_id, self.other)
        self.assertEqual(len(notices), 1)
        self.assertEqual(len(self.alerts()), 1)
        self.submit([row(1)], key=self.foreign, secret=self.foreign_secret)
        self.remind()
        self.assertFalse(self.alerts())

    def test_a_new_key_is_no_new_beginning(self):
        """The time counts from the first key of production: replacing it neither begins it anew nor ends an alert."""
        self.submit([row(1)])
        self.foreign._rotate()
        self.foreign.date_end = fields.Datetime.now()
        self.remind()
        self.assertEqual(len(self.alerts()), 1)

    def test_over(self):
        """Without a key, or without a period, nobody is late: the alert ends by itself."""
        self.submit([row(1)])
        self.remind()
        self.assertEqual(len(self.alerts()), 1)
        self.foreign._end()
        self.remind()
        self.assertEqual((len(self.alerts()), len(self.alerts("closed"))), (0, 1))
        self.issue(self.other, date_start="2026-01-01")
        self.remind()
        self.assertEqual(len(self.alerts()), 1)
        self.dataset.expected_days = 0
        self.remind()
        self.assertEqual((len(self.alerts()), len(self.alerts("closed"))), (0, 2))

    def test_dismissed(self):
        """What a person dismissed stays silent until it is over; the next time is told again."""
        self.submit([row(1)])
        self.remind()
        self.alerts().with_user(self.role("risk_analyst")).run_transition("dismiss", "known")
        self.dataset.expected_days = 20  # another period: a notice of its own, were it not dismissed
        notices = self.env["ctsp.desk.notice"].search_count([("owner_partner_id", "=", self.other.id)])
        self.remind()
        self.assertFalse(self.alerts())
        self.assertEqual(
            self.env["ctsp.desk.notice"].search_count([("owner_partner_id", "=", self.other.id)]), notices)
        sent = self.submit([row(1)], key=self.foreign, secret=self.foreign_secret)[1]["data"]["number"]
        self.remind()
        submission = self.env["ctsp.dataset.submission"].search([("number", "=", sent)])
        submission.received_at = fields.Datetime.subtract(fields.Datetime.now(), days=40)
        self.remind()
        self.assertEqual(len(self.alerts()), 1)
