import base64
import hashlib
import io
import json

from PIL import Image

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.ctsp_exchange.tools import schema

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

    def test_files_exchanged_in_the_database(self):
        """A file that SQL exchanges, takes away or points elsewhere is found; a large photo is kept as it came."""
        content = io.BytesIO()
        Image.effect_noise((2400, 1200), 20).save(content, "PNG")
        files = self.env["ctsp.business.file"]
        one, two = (
            files._keep(name, hashlib.new("sm3", data).hexdigest(), base64.b64encode(data).decode())
            for name, data in (("照片（示例）.png", content.getvalue()), ("其他（示例）.pdf", PDF)))
        self.env.flush_all()
        self.env.cr.flush()
        check = self.env["ctsp.integrity"]._check
        self.assertEqual(check("ctsp.business.file", (one + two).ids), [])
        self.env["ir.attachment"].create({"name": "x", "raw": PDF})
        for change in (
            "store_fname = "
            "(SELECT store_fname FROM ir_attachment WHERE res_model = 'ctsp.business.file' AND res_id = %s)",
            "store_fname = (SELECT max(store_fname) FROM ir_attachment WHERE res_model IS NULL AND %s > 0)",
            "res_id = -%s",
        ):
            with self.subTest(change), self.env.cr.savepoint() as savepoint:
                self.env.cr.execute(  # pylint: disable=sql-injection  a constant of this test
                    f"UPDATE ir_attachment SET {change} WHERE res_model = 'ctsp.business.file' AND res_id = %s",
                    (two.id, one.id))
                self.env.invalidate_all()
                self.assertEqual(
                    [(found.res_id, found.kind, found.name) for found in check("ctsp.business.file", (one + two).ids)],
                    [(one.id, "altered", "data")])
                savepoint.rollback()

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
