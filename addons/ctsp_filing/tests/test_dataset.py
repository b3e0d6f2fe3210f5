import hashlib
import io
import json

from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools.misc import file_path

from odoo.addons.ctsp_dataset.tools import sample
from odoo.addons.ctsp_dataset.tools.validator import Validator

from .common import FilingCase

USCC = "12310199MB0000001U"


@tagged("post_install", "-at_install")
class TestDataset(FilingCase):
    """What the law wants approved becomes a draft of a filing; the registry waits for the officer."""

    def report(self, code, company=None, credential=None, **changes):
        version = self.env["ctsp.dataset"]._find(code)
        content = json.dumps({**sample.row(version._definition()), **changes}).encode()
        digest = hashlib.new("sm3", content).hexdigest()
        return self.env["ctsp.dataset.submission"]._receive(
            version, company or self.institution.partner_id, f"request-{digest[:8]}", io.BytesIO(content), "json",
            digest, len(content), credential)[0]

    def test_shipped(self):
        """Each data set says how often it is expected, and its own sample rows are enough for its bulk test."""
        datasets = self.env["ctsp.dataset"].search([("current_id", "!=", False)])
        self.assertEqual(len(datasets), 13)
        for dataset in datasets:
            definition, rows = dataset.current_id._definition(), dataset.conformance_rows
            self.assertGreater(dataset.expected_days, 0, dataset.code)
            made, _expected = sample.rows(definition, rows)
            self.assertEqual(len(made), rows, dataset.code)
            validator = Validator(definition)
            found = [item for number, one in enumerate(made, 1) for item in validator.check(number, one).findings]
            found += validator.finish()
            self.assertFalse([item for item in found if item.level == "error"], dataset.code)
        annual = self.env["ctsp.dataset"].search([("code", "=", "annual_report")])
        self.assertEqual(annual.expected_days, 366 + 30, "from 1 January of a year to 31 January of the next")
        annual.write({"expected_days": 0, "conformance_rows": 1})
        changed = datasets.filtered(lambda one: one.code == "recent_trials")
        changed.expected_days = 7
        for path in ("ctsp_filing/migrations/19.0.1.2.0", "ctsp_trial/migrations/19.0.1.1.0"):
            load_script(file_path(f"{path}/post-defaults.py"), "defaults").migrate(self.env.cr, "19.0.1.0.0")
        self.assertEqual((annual.expected_days, changed.expected_days), (396, 7), "what a steward chose stays")

    def draft(self):
        return self.env["ctsp.filing"].search([("institution_id", "=", self.institution.id), ("state", "=", "draft")])

    def test_institution(self):
        """Changed facts stand in the draft; the registry is as it was; the same facts make no filing."""
        done = self.report("institution_basic", name=self.institution.name, uscc=USCC, bed_count=777)
        filing = self.draft()
        self.assertEqual((filing.kind, filing.bed_count, filing.uscc), ("change", 777, USCC))
        self.assertEqual((self.institution.bed_count, done.link_ids.res_id), (0, filing.id))
        self.assertEqual(filing.with_user(self.outsider).bed_count, 777)
        self.assertEqual(filing.owner_partner_id, self.institution.partner_id)

    def test_sandbox(self):
        """A test is told of a code that is not the institution's own, in words that do not say which one is."""
        self.institution.write({"uscc": USCC, "correction_reason": "x"})
        dataset = self.env["ctsp.dataset"].search([("code", "=", "institution_basic")])
        key, _secret = self.env["ctsp.exchange.credential"]._issue({
            "partner_id": self.institution.partner_id.id, "dataset_ids": [(6, 0, dataset.ids)], "is_sandbox": True})
        own = self.report("institution_basic", credential=key, uscc=USCC)
        other = self.report("institution_basic", credential=key, uscc="12990000MB00001018")
        self.assertEqual((own.state, own.warnings, other.state, other.warnings), ("accepted", 0, "accepted", 1))
        [told] = other._report()
        self.assertEqual((told["path"], told["level"], other.finding_ids.path), ("uscc", "warning", "uscc"))
        self.assertNotIn(USCC, str(told))
        self.assertFalse(self.draft())

    def test_one_draft(self):
        """Specialties and committees join the draft that is open; people are found by name, or added."""
        self.report("institution_basic", name=self.institution.name, uscc=USCC)
        self.report("specialty_group", name="新专业（示例）", discipline=self.discipline.name, site_names="总院、没有")
        done = self.report("ethics_committee", name=self.committee.name, address="新址")
        filing = self.draft()
        self.assertEqual(len(filing), 1)
        line = filing.specialty_ids.filtered(lambda it: it.name == "新专业（示例）")
        self.assertEqual((line.operation, line.pi_line_id.title_id.code), ("add", "chief_physician"))
        self.assertEqual(line.site_line_ids.name, "总院")
        committee = filing.committee_ids
        self.assertEqual((committee.target_id, committee.address, committee.member_count), (self.committee, "新址", 1))
        self.assertEqual(done.state, "accepted")
        self.assertFalse(self.institution.specialty_ids.filtered(lambda it: it.name == "新专业（示例）"))

    def test_edited(self):
        """What people changed in the draft stays when the program pushes again, and is told; all else follows it."""
        common = {"name": self.institution.name, "uscc": USCC}
        self.report("institution_basic", **common, bed_count=777, website="https://a.example.org")
        self.report("specialty_group", name="新专业（示例）", discipline=self.discipline.name, bed_count=5)
        filing = self.draft()
        line = filing.specialty_ids.filtered(lambda it: it.name == "新专业（示例）")
        self.assertNotIn(filing.number or "receipt", filing.reason)
        self.assertRegex(filing.reason, r"HZ\d{4}-\d+")
        filing.with_user(self.outsider).write({"bed_count": 800, "contact_name": "郑示例（示例）"})
        line.with_user(self.outsider).bed_count = 9
        done = self.report("institution_basic", **common, bed_count=778, website="https://b.example.org")
        self.assertEqual((filing.bed_count, filing.website), (800, "https://b.example.org"))
        self.assertEqual([(item.path, item.level) for item in done.finding_ids], [("bed_count", "warning")])
        self.assertIn("人工修改", done.finding_ids.message)
        done = self.report("specialty_group", name="新专业（示例）", discipline=self.discipline.name, bed_count=6,
                           base_note="新设备")
        self.assertEqual((line.bed_count, line.base_note, done.finding_ids.path), (9, "新设备", "bed_count"))
        done = self.report("institution_basic", **common, bed_count=800)
        self.assertFalse(done.finding_ids, "both say the same")
        self.report("institution_basic", **common, bed_count=801)
        self.assertEqual(filing.bed_count, 801, "and the program goes on from there")

    def test_nothing_new(self):
        """What the registry says already makes no filing."""
        self.institution.write({"uscc": USCC, "address": "路1号", "correction_reason": "x"})
        version = self.env["ctsp.dataset"]._find("institution_basic")
        row = dict.fromkeys(sample.row(version._definition()))
        done = self.report("institution_basic", **{
            **row, "name": self.institution.name, "uscc": USCC, "address": "路1号"})
        self.assertIn("一致", done.outcome)
        self.assertFalse(self.draft())

    def test_namesakes(self):
        """Of two people of one name none is guessed; where no row can be used, that is what is said."""
        row = sample.row(self.env["ctsp.dataset"]._find("ethics_committee")._definition())
        member = {**row["members"][-1], "name": "王伟（示例）", "role": "member"}
        done = self.report("ethics_committee", name=self.committee.name, address="新址",
                           members=[*row["members"], member, member])
        self.assertIn("无法确定", "".join(done.finding_ids.mapped("message")))
        self.assertNotIn("王伟（示例）", self.draft().committee_ids.member_ids.mapped("name"))
        self.draft().unlink()
        people = self.env["ctsp.person"].create([
            {"name": "李娜（示例）", "institution_id": self.institution.id} for _number in range(2)])
        done = self.report("specialty_group", name="新专业（示例）", discipline=self.discipline.name,
                           pi_name=people[0].name)
        self.assertIn("没有一行能写入", done.outcome)
        self.assertFalse(self.draft())

    def test_stranger(self):
        """Who is not filed gets no filing; what he sent is kept."""
        company, _user = self.outside("Stranger")
        self.assertIn("留存", self.report("institution_basic", company).outcome)

    def test_annual_report(self):
        """The report of that year is filled in and waits for the institution; one handed in stays as it is."""
        early = self.report("annual_report", overview="过早报送")
        self.assertEqual(early.applied, "failed", "not called for yet")
        campaign = self.env["ctsp.annual.campaign"].with_user(self.officer).create({"year": 2025})
        self.institution.first_filed_date = "2020-01-05"
        campaign.run_transition("open")
        report = campaign.report_ids.filtered(lambda row: row.institution_id == self.institution)
        early.with_user(self.role("data_steward")).action_apply_again()
        self.assertIn("过早报送", report.answer_ids.mapped("text"))
        done = self.report("annual_report", overview="概况文本")  # whoever had it applied wrote nothing himself
        self.assertIn("已填入", done.outcome)
        texts = {answer.section_id.code: answer.text for answer in report.answer_ids}
        self.assertEqual((texts["overview"], len(report.row_ids), report.state), ("概况文本", 3, "draft"))
        figures = {figure.indicator_id.code: figure.value for figure in report.figure_ids}
        self.assertEqual(figures["sae"], 3)
        self.report("annual_report", overview="第二次")
        self.assertEqual(len(report.row_ids), 3)
        report.answer_ids.filtered(lambda it: it.section_id.code == "overview").with_user(self.outsider).text = "人写的"
        done = self.report("annual_report", overview="又一次")
        self.assertEqual(done.finding_ids.filtered(lambda it: it.code == "apply").path, "overview")
        self.assertIn("人写的", report.answer_ids.mapped("text"))
        report._set_state("submitted", None)
        self.assertIn("year", self.report("annual_report", overview="第三次").finding_ids.mapped("path"))
