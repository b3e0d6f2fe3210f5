import base64
import hashlib
import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.ctsp_exchange.tools import schema
from odoo.addons.ctsp_filing.models.dataset_annual import TABLES

from .common import NUMBER, PDF, ItemCase, file


@tagged("post_install", "-at_install")
class TestItems(ItemCase):
    """A business item becomes a filing by the rules of filings; what happens to it goes back as it happens."""

    def accept(self, item):
        filing = item.filing_id.with_user(self.officer)
        filing.run_transition("accept")
        return filing

    def test_way_to_approval(self):
        message = self.receive()
        item = self.received()
        filing = item.filing_id
        self.assertEqual((message.state, item.state, item.found_by), ("done", "submitted", "uscc"))
        self.assertEqual((filing.state, filing.kind, filing.institution_id), ("submitted", "change", self.institution))
        self.assertEqual((filing.create_uid, filing.submitted_by), (self.platform_user,) * 2, "the platform proposes")
        self.assertEqual((filing.address, filing.contact_name), ("上海市徐汇区示例路2号（示例）", "何示例（示例）"))
        self.assertEqual(filing.attachment_ids.mapped("digest"), [hashlib.new("sm3", PDF).hexdigest()])
        self.assertNotEqual(self.institution.address, filing.address, "an officer decides")
        filing = self.accept(item)
        self.assertEqual((item.state, item.user_id), ("working", self.officer))
        self.answer_checklist(filing)
        filing.run_transition("approve")
        self.assertEqual((item.state, self.institution.address), ("approved", filing.address))
        self.assertEqual(self.told(), [
            ("status", "submitted"), ("accept", True), ("status", "working"), ("result", "approved")])
        [(_code, result)] = self.sent("biz.result")
        self.assertEqual((result["acceptNo"], result["version"]), (filing.number, self.institution.version_number))
        [paper] = result["documents"]
        content = base64.b64decode(paper["base64"])
        self.assertTrue(content.startswith(b"%PDF"))
        self.assertEqual((paper["sm3"], paper["number"]), (
            hashlib.new("sm3", content).hexdigest(), item.document_ids.number))
        orders = self.env["ctsp.exchange.message"].search([("business_id", "=", NUMBER), ("direction", "=", "out")])
        self.assertEqual(set(orders.mapped("order_key")), {f"business:item:{NUMBER}"}, "one after another")
        [(_code, receipt)] = self.sent("receipt")
        self.assertEqual((receipt["state"], receipt["result"]["state"]), ("done", "submitted"))
        self.assign(filing.sudo().deadline_ids.plan_line_id)
        self.assertEqual(self.told()[-1], ("status", "arranged"), "the first inspection that follows from the filing")

    def test_correction_and_supplement(self):
        """补正: what is marked goes out with its number, the supplement answers it and is reviewed anew."""
        self.receive()
        item = self.received()
        filing = self.accept(item)
        remark = self.env["ctsp.filing.remark"].with_user(self.officer).create({
            "filing_id": filing.id, "section": "attachment_ids", "subject": "证明", "text": "请换清晰的扫描件（示例）",
        })
        filing.run_transition("return", "材料不清晰（示例）")
        _code, said = self.sent("biz.status")[-1]
        self.assertEqual(
            (item.state, said["stage"], said["reason"]), ("correction", "correction", "材料不清晰（示例）"))
        self.assertEqual([(mark["no"], mark["sectionName"]) for mark in said["marks"]], [(remark.id, "附件")])
        self.assertEqual(said["due"], str(filing.correction_due))
        silent = self.receive(2, action="supplement")
        self.assertEqual((silent.state, item.state), ("done", "correction"), "each remark is answered")
        self.assertIn(remark.text, item.problem_text)
        clear = file("清晰证明（示例）.pdf", PDF + b"%2\n", kind="change_proof")
        self.receive(3, action="supplement", attachments=[clear], answers=[{"no": remark.id, "answer": "已更换"}])
        self.assertEqual((filing.state, item.state, remark.answer), ("submitted", "submitted", "已更换"))
        self.assertEqual(filing.attachment_ids.mapped("digest"), [clear["sm3"]])
        self.assertEqual(self.told()[-1], ("status", "resubmitted"))

    def test_rules_speak(self):
        """What the checks of filings do not let pass is told to the applicant; no officer sees a half filing."""
        self.receive(attachments=[])
        item = self.received()
        self.assertEqual((item.state, item.filing_id.state), ("correction", "draft"))
        _code, said = self.sent("biz.status")[-1]
        self.assertEqual([mark["section"] for mark in said["marks"]], ["attachment_ids"])
        self.assertFalse(self.env["ctsp.filing"].with_user(self.officer).search([("id", "=", item.filing_id.id)]))
        self.receive(2, action="supplement")
        self.assertEqual((item.state, item.problems), ("submitted", False))

    def test_late_update(self):
        """What is under review is fixed: newer content waits for the officer, who takes it over or goes on."""
        self.receive()
        item = self.received()
        filing = self.accept(item)
        self.receive(2, action="update", form=self.form(address="上海市徐汇区示例路3号（示例）"))
        self.assertEqual((item.is_pending, filing.address), (True, "上海市徐汇区示例路2号（示例）"))
        self.assertTrue(filing.business_item_pending)
        item.with_user(self.officer).action_take_update()
        self.assertEqual((filing.state, filing.address), ("submitted", "上海市徐汇区示例路3号（示例）"))
        self.assertEqual((item.is_pending, item.attention), (False, False))

    def test_withdrawn(self):
        """Before the decision it ends; after it nothing is changed, and a person is told."""
        self.receive()
        self.receive(2, data={"itemNo": NUMBER, "action": "withdraw", "reason": "材料有误（示例）"})
        item = self.received()
        self.assertEqual((item.state, item.filing_id.state), ("withdrawn", "withdrawn"))
        self.assertEqual(self.told(), [("status", "submitted"), ("result", "withdrawn")])
        self.receive(3)
        self.assertEqual(item.state, "submitted", "handed in anew")
        filing = self.accept(item)
        self.answer_checklist(filing)
        filing.run_transition("approve")
        message = self.receive(4, data={"itemNo": NUMBER, "action": "withdraw", "reason": "后悔（示例）"})
        self.assertEqual((message.state, item.state, filing.state), ("done", "approved", "approved"))
        _code, receipt = self.sent("receipt")[-1]
        self.assertFalse(receipt["result"]["applied"])
        alert = self.env["ctsp.risk.alert"].search([("dedup_key", "=", f"business.item:{item.id}")])
        self.assertEqual(alert.state, "new")
        item.with_user(self.officer).action_noted()
        self.assertEqual((item.attention, alert.state), (False, "closed"))

    def test_order_and_duplicates(self):
        """The newest version counts, whatever comes late; a withdrawal may come before what it withdraws."""
        self.receive(3)
        filing = self.received().filing_id
        late = self.receive(2, action="update", form=self.form(address="旧地址（示例）"))
        self.assertEqual((late.state, filing.address), ("superseded", "上海市徐汇区示例路2号（示例）"))
        self.assertEqual(self.receive(3), self.env["ctsp.exchange.message"].search([
            ("business_id", "=", NUMBER), ("version", "=", 3), ("direction", "=", "in")]))
        self.assertEqual(len(self.env["ctsp.filing"].search([("institution_id", "=", self.institution.id)])), 1)
        self.receive(2, data={"itemNo": "YWJ-early", "action": "withdraw"})
        self.receive(1, number="YWJ-early")
        early = self.received("YWJ-early")
        self.assertEqual((early.state, early.filing_id.id), ("withdrawn", False))

    def test_bad_input(self):
        """What is not what it says is a dead letter with a reason, and nothing of it is kept."""
        wrong = file(kind="change_proof") | {"sm3": "0" * 64}
        for number, attachment, word in (
                ("A", wrong, "SM3"), ("B", file("x.exe", kind="change_proof"), "type"),
                ("C", file(kind="change_proof") | {"base64": "?"}, "base64")):
            message = self.receive(number=number, attachments=[attachment])
            self.assertEqual(message.state, "dead")
            self.assertIn(word, message.reason)
            self.assertFalse(self.received(number))
        kind = self.env.ref("ctsp_connector_business.type_biz_item")
        message = self.env["ctsp.exchange.message"]._make(kind, "other number", 1, self.data())
        self.work()
        self.assertEqual(message.state, "dead")
        contract = kind._contract("v1")
        for bad in ({"kind": "x"}, {"action": "drop"}, {"itemNo": ""}, {"changeDate": "2026-02-31"}, {"applicant": {}},
                    {"attachments": [{"name": "a"}]}, {"kind": "annual", "form": {}},
                    {"form": {"specialties": [{"name": "x"}]}}):
            self.assertTrue(contract._errors(self.data() | bad), bad)
        self.assertEqual(contract._errors({"itemNo": NUMBER, "action": "withdraw"}), [])
        for contract in self.backend.type_ids.contract_ids:
            self.assertEqual(schema.errors(contract.schema, json.loads(contract.example)), [])

    def test_files_by_digest(self):
        """An item may name files that come on their own; it waits for those that did not come yet."""
        named = {name: value for name, value in file(kind="change_proof").items() if name != "base64"}
        message = self.receive(attachments=[named])
        self.assertEqual(message.state, "queued")
        self.assertIn(named["name"], message.reason)
        self.receive(code="biz_file", data=file())
        self.assertEqual((message.state, self.received().state), ("done", "submitted"))

    def test_person_names_the_institution(self):
        """Nobody is guessed: an officer says which institution it is, and the filing is handed in at once."""
        self.receive(applicant={
            "name": "旧名医院（示例）", "contactName": "何示例（示例）", "contactPhone": "13800000003"})
        item = self.received()
        self.assertEqual((item.state, item.filing_id.id), ("unmatched", False))
        with self.assertRaises(AccessError):
            item.with_user(self.officer).name = "x"
        with self.assertRaises(AccessError):
            item.with_user(self.inspector_user).institution_id = self.institution
        item.with_user(self.officer).institution_id = self.institution
        self.assertEqual((item.state, item.found_by, item.filing_id.create_uid), (
            "submitted", "person", self.platform_user))
        with self.assertRaises(UserError):
            item.with_user(self.officer).institution_id = self.other

    def test_not_accepted(self):
        """An officer ends what can go no further; the applicant reads why."""
        self.receive(applicant={"name": "查无此院（示例）"})
        item = self.received()
        with self.assertRaises(AccessError):
            item.with_user(self.inspector_user).action_reject()
        wizard = self.env["ctsp.business.settle"].with_user(self.officer).create({
            "item_id": item.id, "kind": "reject", "reason": "不属于本局职权（示例）"})
        wizard.action_apply()
        self.assertEqual(self.told(), [("accept", False), ("result", "rejected")])
        self.assertEqual(self.sent()[-1][1]["reason"], "不属于本局职权（示例）")
        with self.assertRaises(UserError):
            wizard.copy().action_apply()


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
        report.with_user(self.officer).run_transition("accept")
        self.assertEqual(self.told()[-3:], [("accept", True), ("status", "working"), ("result", "done")])

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
