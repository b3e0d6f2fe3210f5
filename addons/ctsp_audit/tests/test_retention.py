from datetime import date, datetime
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.ctsp_base.tests.common import CtspCase
from odoo.addons.ctsp_base.tools import clock

DUE = [("kind", "=", "archive_due"), ("state", "=", "open")]


@tagged("post_install", "-at_install")
class TestRetention(CtspCase):
    """Months that outlive their retention in the log are somebody's to-do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.archiver, cls.guard = cls.env["ctsp.audit.archiver"], cls.role("audit_admin")

    def old_row(self, month):
        port = self.env["ctsp.audit.port"]
        port._write_row(
            self.env.cr, port._row("export", None, {}, success=True) | {"date": datetime(2020, month, 15)})

    def test_months_that_should_lie_in_the_archive(self):
        """One alert that says what to run, a week after a month is due; none while all is archived."""
        alerts = self.env["ctsp.audit.alert"]
        self.archiver._watch_due()
        self.assertFalse(alerts.search(DUE))
        self.old_row(1)
        self.old_row(2)
        for _night in range(2):
            self.archiver._watch_due()
        alert = alerts.search(DUE)
        self.assertEqual((len(alert), alert.count), (1, 2))
        for words in ("scripts/archive-log", "2020-01", "2020-02"):
            self.assertIn(words, alert.name)
        self.assertIn(self.guard, alert.activity_ids.user_id)

    def test_every_night(self):
        sealer = self.env["ctsp.audit.sealer"]
        with patch.object(type(self.archiver), "_watch_due") as watch, patch.object(type(sealer), "_seal_committed"), \
                patch.object(type(self.env["ctsp.audit.verification"]), "_start_nightly"):
            sealer._cron_nightly()
        watch.assert_called_once_with()

    def test_a_week_for_the_timer(self):
        """A month is due on the day the retention ends, and missed a week later."""
        self.old_row(1)
        self.assertEqual(self.env["ctsp.parameter"]._get("audit.retention_months"), 12)
        due = self.archiver._due_months
        self.assertEqual((due(date(2021, 1, 31)), due(date(2021, 2, 1))), ([], [date(2020, 1, 1)]))
        for day, count in ((7, 0), (8, 1)):
            with patch.object(clock, "today", lambda day=day: date(2021, 2, day)):
                self.archiver._watch_due()
            self.assertEqual(self.env["ctsp.audit.alert"].search_count(DUE), count)
