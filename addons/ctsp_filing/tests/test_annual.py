from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.ctsp_base.tools import clock

from .common import FilingCase


@tagged("post_install", "-at_install")
class TestAnnual(FilingCase):
    """Annual reports: by 31 January (管理规定), campaign, figures, review, who is late."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign = cls.env["ctsp.annual.campaign"].with_user(cls.officer).create({"year": 2098})
        cls.institution.first_filed_date = cls.other.first_filed_date = "2026-01-05"
        cls.specialty.filed_date = "2026-01-05"
        cls.campaign.run_transition("open")
        cls.report = cls.campaign.report_ids.filtered(lambda row: row.institution_id == cls.institution).with_user(
            cls.outsider)

    def fill(self, report):
        for answer in report.answer_ids:
            answer.text = "示例内容"
        report.action_confirm_zeros()

    def test_due_date_is_a_parameter(self):
        self.assertEqual(self.campaign.date_due, date(2099, 1, 31))

    def test_one_report_each(self):
        """Every filed institution gets one report; a second run adds none."""
        filed = self.env["ctsp.institution"].search_count([("state", "=", "filed")])
        self.assertEqual(self.campaign.report_count, filed)
        self.campaign.action_create_reports()
        self.assertEqual(self.campaign.report_count, filed)

    def test_figures_come_from_the_registry(self):
        figure = self.report.figure_ids.filtered(lambda row: row.indicator_id.code == "specialties")
        self.assertEqual((figure.value, figure.is_computed), (1, True))
        figure.value = 5
        self.assertTrue(figure.differs)
        self.report.action_prefill_figures()
        self.assertEqual(figure.value, 5, "what was typed in stays")

    def test_flow(self):
        """Empty is refused, filled in is accepted or returned; the content is fixed meanwhile."""
        with self.assertRaises(UserError):
            self.report.run_transition("submit")
        self.fill(self.report)
        self.assertEqual(self.report.progress, 100)
        self.report.run_transition("submit")
        with self.assertRaises(UserError):
            self.report.answer_ids[0].text = "改"
        review = self.report.with_user(self.officer)
        self.assertTrue(review.activity_ids)
        review.run_transition("return", "请补充培训")
        self.report.row_ids = [Command.create({
            "section_id": self.env.ref("ctsp_filing.annual_section_training").id, "title": "GCP 培训（示例）"})]
        self.report.run_transition("resubmit")
        review.run_transition("accept")
        self.assertEqual(self.campaign.accepted_count, 1)
        self.assertFalse(self.report.is_late)

    def test_missing_and_late(self):
        """After the due date a missing report is overdue and raises an alert; handed in then, it is late."""
        self.campaign.sudo().write({"date_open": "2026-01-01", "date_due": clock.today() - timedelta(days=1)})
        reports = self.env["ctsp.annual.report"]
        self.assertIn(self.report, reports.with_user(self.officer).search([("is_overdue", "=", True)]))
        reports._cron_remind()
        reports._cron_remind()
        key = f"annual:{self.report.id}"
        self.assertEqual(self.env["ctsp.risk.alert"].search_count([("dedup_key", "=", key), ("state", "=", "new")]), 1)
        self.fill(self.report)
        self.report.run_transition("submit")
        self.assertTrue(self.report.is_late)
        self.assertFalse(self.env["ctsp.risk.alert"].search([("dedup_key", "=", key), ("state", "=", "new")]))
        self.assertEqual(self.campaign.late_count, 1)

    def test_returned_report_was_in_time(self):
        """Handed in on time, returned, handed in again after the due date: neither missing nor late."""
        self.fill(self.report)
        self.report.run_transition("submit")
        first, review = self.report.submitted_at, self.report.with_user(self.officer)
        review.run_transition("return", "请补充培训")
        self.campaign.sudo().write({"date_open": "2026-01-01", "date_due": clock.today() - timedelta(days=1)})
        self.report._write_state("returned", {"submitted_at": first - timedelta(days=30)}, "", "示例")
        self.env["ctsp.annual.report"]._cron_remind()
        alerts = self.env["ctsp.risk.alert"].search([("dedup_key", "=", f"annual:{self.report.id}")])
        self.assertFalse(alerts, "a report that was handed in once is not missing")
        self.report.run_transition("resubmit")
        self.assertEqual(self.report.submitted_at, first - timedelta(days=30))
        self.assertTrue(self.report.resubmitted_at)
        self.assertFalse(self.report.is_late)
        self.assertTrue(review.activity_ids, "the officer has his task again")
        with self.assertRaises(UserError):
            self.report.run_transition("submit")

    def test_dismissed_alert_stays_silent(self):
        """A missing report whose alert was dismissed raises none the next night."""
        self.campaign.sudo().write({"date_open": "2026-01-01", "date_due": clock.today() - timedelta(days=1)})
        remind = self.env["ctsp.annual.report"]._cron_remind
        remind()
        domain = [("dedup_key", "=", f"annual:{self.report.id}")]
        alert = self.env["ctsp.risk.alert"].search(domain)
        alert.with_user(self.role("risk_analyst")).run_transition("dismiss", "机构已说明")
        remind()
        self.assertEqual(self.env["ctsp.risk.alert"].search(domain), alert)

    def test_comparison(self):
        """Figures of the year before stand beside this year's."""
        earlier = self.env["ctsp.annual.campaign"].create({"year": 2097})
        earlier.run_transition("open")
        before = earlier.report_ids.filtered(lambda row: row.institution_id == self.institution)
        before.figure_ids.filtered(lambda row: row.indicator_id.code == "sae").value = 41
        self.report.figure_ids.filtered(lambda row: row.indicator_id.code == "sae").value = 44
        self.assertEqual(self.report.previous_id, before.with_env(self.report.env))
        self.assertIn("+3", self.report.comparison_html)

    def test_strangers(self):
        """Another institution finds, reads and writes no part of the report."""
        for name in ("report", "answer", "figure", "row"):
            rows = self.env[f"ctsp.annual.{name}"].with_user(self.stranger).search([])
            self.assertLessEqual(rows.owner_partner_id, self.other.partner_id)
        with self.assertRaises(AccessError):
            self.report.with_user(self.stranger).read(["state"])
        with self.assertRaises(AccessError):
            self.report.answer_ids[0].with_user(self.stranger).text = "x"
        with self.assertRaises(UserError):
            self.report.with_user(self.stranger).run_transition("submit")

    def test_closed_fields(self):
        """An institution writes texts and figures, nothing else."""
        with self.assertRaises(AccessError):
            self.report.write({"state": "accepted"})
        with self.assertRaises(AccessError):
            self.report.figure_ids[0].write({"computed_value": 7})
        with self.assertRaises(UserError):
            self.report.answer_ids[0].write({"section_id": self.env.ref("ctsp_filing.annual_section_training").id})
        with self.assertRaises(AccessError):
            self.env["ctsp.annual.report"].with_user(self.outsider).create({
                "campaign_id": self.campaign.id, "institution_id": self.institution.id})
        with self.assertRaises(AccessError):
            self.campaign.with_user(self.outsider).run_transition("close")
