from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.ctsp_filing.models.dataset_annual import TABLES

from .common import NUMBER, PDF, ItemCase, file


@tagged("post_install", "-at_install")
class TestOtherKinds(ItemCase):
    """First filings with all their rows, cancellations, annual reports, inspections and matters of no model."""

    def test_initial(self):
        proof = file("授权分工表（示例）.pdf", PDF + b"%p\n")
        trials = [{"trial_name": f"示例药物试验{number}（示例）", "proof": proof["sm3"]} for number in range(3)]
        members = [{"name": f"委员{number}（示例）", "gender": "male" if number % 2 else "female",
                    "role": "member" if number else "chair", "is_external": not number} for number in range(7)]
        kinds = self.env["ctsp.filing.attachment.kind"].search([("for_initial", "=", True)])
        name, uscc = "示例新院（示例）", "12990000MB0000003Q"
        self.receive(
            kind="initial", applicant={"name": name, "uscc": uscc, "contactName": "何示例（示例）",
                                       "contactPhone": "13800000003"},
            attachments=[
                proof, *(file(f"{kind.code}.pdf", PDF + kind.code.encode(), kind=kind.code) for kind in kinds)],
            form={
                "institution": {
                    "name": name, "uscc": uscc, "level": "3a", "district_code": "310104",
                    "office_phone": "021-55550001", "address": "示例路9号（示例）",
                    "sites": [{"name": "总院", "address": "示例路9号（示例）", "is_main": True}],
                    "licences": [{"kind": self.env["ctsp.dictionary.item"].search([
                        ("dictionary_code", "=", "licence_kind")], limit=1).code, "number": "示例-1"}]},
                "people": [{"name": "王示例（示例）", "gender": "female", "title": "chief_physician", "trials": trials,
                            "gcp_certificate_no": "GCP-1", "gcp_date": "2026-01-10", "gcp_valid_to": "2099-12-31"}],
                "specialties": [{"name": "新增专业（示例）", "discipline": "T98", "pi_name": "王示例（示例）"}],
                "committees": [{"name": "示例伦理委员会（示例）", "members": members}]})
        item = self.received()
        self.assertEqual((item.problems, item.state), (False, "submitted"))
        filing = item.filing_id
        self.assertEqual((filing.person_ids.proven_count, len(filing.committee_ids.member_ids)), (3, 7))
        self.assertEqual(filing.applicant_id.name, name)
        self.receive(2, number="YWJ-2", kind="initial", form=self.form())
        self.assertEqual(self.received("YWJ-2").state, "correction", "filed already: a change is to be filed")

    def test_cancellation_and_dictionary(self):
        self.receive(kind="cancellation", scope="specialty", form={"specialties": [
            {"name": self.specialty.name, "remove": True}]}, attachments=[file(kind="cancellation")])
        self.assertEqual(self.received().state, "submitted")
        self.assertEqual(self.received().filing_id.specialty_ids.filtered("removal").target_id, self.specialty)
        self.receive(number="YWJ-3", form={"specialties": [
            {"name": "无此专业（示例）", "discipline": "nothing", "pi_name": "王示例（示例）"},
            {"name": "没有的专业（示例）", "remove": True}]})
        marks = self.sent("biz.status", number="YWJ-3")[-1][1]["marks"]
        self.assertEqual([mark["section"] for mark in marks], ["specialty_ids"] * 2)

    def test_namesakes(self):
        """Another identity number is another person; the same one, or none, means who is registered by the name."""
        known = self.env["ctsp.person"].create({
            "name": "王同名（示例）", "institution_id": self.institution.id, "id_number": "310101198001010018"})
        for number, given, lines in (("YWJ-5", "310101198001010026", 2), ("YWJ-6", "310101198001010018", 1),
                                     ("YWJ-7", None, 1)):
            person = {"name": known.name, "title": "chief_physician"} | ({"id_number": given} if given else {})
            self.receive(number=number, form={"people": [person]})
            named = self.received(number).filing_id.person_ids.filtered(lambda line: line.name == known.name)
            self.assertEqual(len(named), lines, number)
            own = named.filtered(lambda line: line.target_id == known)
            self.assertEqual(own.id_number, known.id_number)
            self.assertEqual(own.operation, "keep" if lines > 1 else "change")
            self.received(number).sudo()._withdraw("")

    def test_annual_report(self):
        form = {"annual": {"year": 2098, "contact_name": "何示例（示例）"}}
        self.receive(kind="annual", form=form)
        item = self.received()
        self.assertEqual(item.state, "correction", "not called for")
        campaign = self.env["ctsp.annual.campaign"].create({"year": 2098})
        campaign.run_transition("open")
        report = campaign.report_ids.filtered(lambda report: report.institution_id == self.institution)
        text = {row.section_id.code: [{"title": "一行（示例）"}] if row.section_id.code in TABLES else "内容（示例）"
                for row in report.answer_ids}
        figures = {row.indicator_id.code: 1 for row in report.figure_ids}
        self.receive(2, kind="annual", action="supplement", form={"annual": {
            **text, "figures": figures, **form["annual"]}})
        self.assertEqual((item.problems, item.report_id, report.state), (False, report, "submitted"))
        report.with_user(self.officer).run_transition("return", "请补充（示例）")
        again = {code: "改写（示例）" if isinstance(value, str) else value for code, value in text.items()}
        self.receive(3, kind="annual", action="supplement", form={"annual": {
            **again, "figures": figures, **form["annual"]}})
        self.assertEqual((item.problems, report.state), (False, "submitted"))
        self.assertIn("改写（示例）", report.answer_ids.mapped("text"), "what the platform wrote it may write over")
        report.with_user(self.officer).run_transition("accept")
        self.assertEqual(self.told()[-5:], [
            ("accept", True), ("status", "working"), ("status", "correction"), ("status", "resubmitted"),
            ("result", "done")])

    def test_inspection(self):
        self.receive(kind="inspection", form={}, attachments=[])
        item = self.received()
        line = item.plan_line_id
        self.assertEqual((line.state, line.plan_id.state, line.institution_id), (
            "waiting", "published", self.institution))
        self.assign(line)
        _code, said = self.sent("biz.status")[-1]
        self.assertEqual(said["inspection"], {
            "dateFrom": "2026-12-07", "dateTo": "2026-12-08", "inspectors": [self.leader.name, self.member.name]})
        self.receive(2, data={"itemNo": NUMBER, "action": "withdraw", "reason": "不再需要（示例）"})
        self.assertEqual((line.state, item.state), ("cancelled", "withdrawn"))
        self.assertEqual(self.told(), [("accept", True), ("status", "arranged"), ("result", "withdrawn")])

    def test_other_matter(self):
        self.receive(kind="other", form={}, attachments=[])
        item = self.received().with_user(self.officer)
        item.action_accept()
        self.assertEqual((item.state, item.user_id), ("working", self.officer))
        self.env["ctsp.business.settle"].with_user(self.officer).create({
            "item_id": item.id, "kind": "finish", "result": "done", "reason": "已答复（示例）"}).action_apply()
        self.assertEqual(self.told(), [
            ("status", "submitted"), ("accept", True), ("status", "working"), ("result", "done")])
        self.assertEqual(len(self.sent("biz.result")[0][1]["documents"]), 1)

    def test_screens(self):
        """A list takes a constant number of queries; each role reads, nobody but officers and planners settles."""
        for number in range(6):
            self.receive(number=f"YWJ-{number}", kind="other", form={}, attachments=[])
        items = self.env["ctsp.business.item"].search([("number", "like", "YWJ-")])
        name = {"fields": {"display_name": {}}}
        counts, spec = [], {"number": {}, "state": {}, "urgency": {}, "institution_id": name, "user_id": name}
        for some in (items[:2], items[:2], items):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.with_user(self.officer).web_search_read([("id", "in", some.ids)], spec)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[2], counts[1])
        self.assertEqual(len(items.with_user(self.role("leader")).mapped("message_line_ids.kind")), 18)
        for role in ("leader", "inspector", "data_steward"):
            with self.assertRaises(AccessError):
                items[0].with_user(self.role(role)).action_accept()
        self.assertEqual(items[0].filing_id.business_item_ids, items.browse())
        cards = {card["key"] for card in self.env["ctsp.home"].with_user(self.officer)._cards()}
        self.assertNotIn("business_items", cards)
