from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.ctsp_base.tools import clock

from .common import FilingCase

COUNTERS = ["filing_count", "annual_report_count", "annual_report_late_count", "deadline_count", "deadline_late_count"]


@tagged("post_install", "-at_install")
class TestRegistry(FilingCase):
    """From the form of an institution to its filings, annual reports and deadlines, and from a version to its cause."""

    def seen_by(self, user):
        self.env.invalidate_all()
        return self.institution.with_user(user)

    def test_counters(self):
        """Counted is what was handed in and what still runs; the form leads to exactly these records."""
        filing = self.change()
        self.assertEqual(self.seen_by(self.role("leader")).filing_count, 0, "a draft is its writer's")
        self.add_specialty(filing)
        self.approved(filing)
        campaign = self.env["ctsp.annual.campaign"].create({"year": 2098})
        campaign.run_transition("open")
        late = self.env["ctsp.annual.campaign"].create(
            {"year": 2020, "institution_ids": self.institution.ids})
        self.institution.first_filed_date = "2020-01-01"
        late.run_transition("open")
        institution = self.seen_by(self.role("leader"))
        self.assertEqual(institution.read(COUNTERS)[0] | {"id": 0}, {
            "id": 0, "filing_count": 1, "annual_report_count": 2, "annual_report_late_count": 1, "deadline_count": 1,
            "deadline_late_count": 0})
        buttons = {"action_open_filings": 1, "action_open_annual_reports": 2, "action_open_deadlines": 1}
        for action, count in buttons.items():
            window = getattr(institution, action)()
            self.assertEqual(self.env[window["res_model"]].search_count(window["domain"]), count, action)
        self.assertEqual(institution.filing_ids, filing.with_env(institution.env))
        self.assertEqual(self.seen_by(self.stranger).browse(self.other.id).filing_count, 0)

    def test_origin_of_a_version(self):
        """A version leads to the filing that made it; one made by hand says that there is none."""
        filing = self.approved(self.change(name="示例新名医院（示例）"))
        version = self.seen_by(self.role("leader")).version_ids[0]
        window = version.action_open_origin()
        self.assertEqual((window["res_model"], window["res_id"]), ("ctsp.filing", filing.id))
        with self.assertRaises(AccessError):
            version.with_user(self.stranger).action_open_origin()
        correction = self.other._make_version(reason="test").with_user(self.officer)
        with self.assertRaises(UserError):
            correction.action_open_origin()

    def test_a_checklist_row_added_on_screen_is_asked_for(self):
        """What the data steward adds to the check list is asked by the next filing, and blocks its approval."""
        item = self.env["ctsp.filing.checklist.item"].with_user(self.role("data_steward")).create(
            {"name": "新增核对项（示例）", "for_change": True, "required": True})
        filing = self.accepted(self.change(name="示例新名医院（示例）"))
        row = filing.checklist_ids.filtered(lambda line: line.item_id == item)
        self.assertEqual((row.name, row.required), ("新增核对项（示例）", True))
        (filing.checklist_ids - row).result = "yes"
        with self.assertRaises(UserError):
            filing.run_transition("approve")
        row.result = "yes"
        filing.run_transition("approve")
        self.assertEqual(filing.state, "approved")

    def test_events_of_an_approval(self):
        """Approval emits the step, the filed institution and each deadline, in the business transaction."""
        events = []
        port = type(self.env["ctsp.outbox.mixin"])
        self.patch(port, "_outbox_emit", lambda record, event, payload: events.append((event, payload)))
        filing = self.change()
        self.add_specialty(filing)
        filing = self.accepted(filing)
        self.answer_checklist(filing)
        events.clear()
        filing.run_transition("approve")
        emitted = dict(events)
        # addons above may add their own
        self.assertLessEqual({"ctsp.deadline.open", "ctsp.filing.approve", "ctsp.institution.filed"}, set(emitted))
        self.assertEqual(emitted["ctsp.institution.filed"], {
            "filing_id": filing.id, "number": filing.number, "kind": "change", "institution_id": self.institution.id,
            "record_no": self.institution.record_no, "uscc": self.institution.uscc,
            "effective_date": str(clock.today()), "version": self.institution.version_number})
        self.assertEqual(emitted["ctsp.deadline.open"]["due"], str(filing.deadline_ids.date_due))
