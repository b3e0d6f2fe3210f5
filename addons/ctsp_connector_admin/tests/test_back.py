import base64

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.ctsp_exchange.tools import hosts

from .common import NUMBER, TaskCase


@tagged("post_install", "-at_install")
class TestBack(TaskCase):
    """What inspectors do flows back by itself: state and result of the task, result of the inspection, registry."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        library = cls.env["ctsp.clause.library"].create({
            "name": "测试要点（示例）", "code": "test-task", "number": "TT1", "date_from": "2024-03-01",
            "status": "sample", "section_ids": [Command.create({"name": "组织机构", "sequence": 1})]})
        clause = cls.env["ctsp.clause"].create({
            "library_id": library.id, "section_id": library.section_ids.id, "number": "1.1", "grade": "major",
            "object": "institution", "point": "要点", "content": "内容"})
        cls.checklist = cls.env["ctsp.checklist"].create({
            "name": "测试检查表（示例）", "library_id": library.id, "clause_ids": [Command.set(clause.ids)]})
        library.action_publish()

    def test_state_and_result(self):
        self.receive()
        line = self.task().plan_id.line_ids
        self.task().plan_id.checklist_id = self.checklist
        self.assign(line)
        self.assertEqual(self.sent("task.status")[-1]["executors"], [self.leader.name, self.member.name])
        inspection = line.with_user(self.planner)._make_inspection().sudo()
        inspection.run_transition("start")
        self.assertEqual(self.sent("task.status")[-1]["status"], "执行中")
        inspection.write({"handling": "none", "summary": "情况（示例）", "date_end": inspection.date_start})
        inspection._set_state("review", "test")
        inspection.run_transition("approve")
        task = self.task()
        steward, messages = self.role("data_steward"), self.env["ctsp.exchange.message"]
        about = messages.search(task.with_user(steward).action_messages()["domain"])
        self.assertLessEqual(
            {"task.dispatch", "task.status", "inspection.result"}, set(about.type_id.mapped("code")))
        self.assertFalse(task.with_user(self.planner).has_dead_message)
        status, [result] = self.sent("task.status")[-1], self.sent("inspection.result")
        seen = task.with_user(self.planner)
        self.assertEqual(
            [(row.kind, row.state) for row in seen.message_line_ids.sorted("id") if row.kind != "receipt"],
            [(row.type_id.code, row.state) for row in about.sorted("id")], "what is told is on the task itself")
        self.assertIn(("receipt", "out"), [(row.kind, row.direction) for row in seen.message_line_ids])
        told = seen.with_context(lang="zh_CN").message_line_ids.fields_get(["state"], ["selection"])
        self.assertEqual(dict(told["state"]["selection"])["dead"], "死信", "in the words of the message itself")
        self.assertEqual(inspection.with_user(self.planner).with_context(lang="en_US").admin_told, "On its way")
        number = self.env["ctsp.exchange.message"].with_user(steward)
        receipts = messages.search([("business_id", "=", f"task.dispatch:{NUMBER}")])
        for wanted in (NUMBER, inspection.number, receipts.business_id):
            self.assertEqual(number.search([("related_number", "=", wanted)]).sudo(), about | receipts, wanted)
        sent = about.filtered(lambda one: one.type_id.code == "inspection.result")
        sent.write({"state": "done", "done_at": sent.created_at, "receipt_state": "dead", "receipt_reason": "无此任务"})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIn("无此任务", inspection.with_user(self.planner).admin_told)
        [line] = seen.message_line_ids.filtered(lambda row: row.kind == "inspection.result")
        self.assertEqual((line.state, line.reason), ("failed_there", "无此任务"))
        self.assertTrue(task.with_user(self.planner).has_dead_message)
        sent.write({"state": "dead", "receipt_state": False})
        self.env.invalidate_all()
        self.assertIn("Not delivered", inspection.with_user(self.planner).with_context(lang="en_US").admin_told)
        self.assertTrue(task.with_user(self.planner).has_dead_message, "the planner sees that the issuer does not know")
        self.assertEqual((status["status"], status["inspectionNo"]), ("已完成", inspection.number))
        self.assertEqual((result["taskNo"], result["type"]), (NUMBER, "专项检查"))
        self.assertEqual(result["inspectors"], [self.leader.name, self.member.name])
        self.assertEqual(result["enterprise"]["uscc"], self.institution.uscc)

    def test_report_file(self):
        """The final report goes with the result, with its digest."""
        inspection = self.env["ctsp.inspection"].create({
            "institution_id": self.institution.id, "library_id": self.checklist.library_id.id,
            "date_planned_from": "2026-12-07", "date_planned_to": "2026-12-08",
            "member_ids": [Command.create({"inspector_id": self.leader.id, "role": "leader"})]})
        inspection.run_transition("assign")
        inspection.run_transition("start")
        paper = inspection._document_make("inspection_report")
        paper.write({"data": base64.b64encode(b"%PDF-1.4 paper"), "digest": "a" * 64})
        paper._set_state("final", "test")
        handler = self.env["ctsp.connector.admin.inspection.result"]
        [message] = handler._payloads(inspection, "ctsp.inspection.approve", {})
        self.assertEqual(base64.b64decode(message.data["reportFile"]["base64"]), b"%PDF-1.4 paper")
        self.assertEqual(message.data["reportFile"]["sm3"], "a" * 64)
        paper._outbox_emit("ctsp.document.finalise", {})
        self.assertFalse(self.sent("inspection.result"), "nothing is told before the inspection is approved")
        inspection._set_state("approved", "test")
        for _time in range(2):
            paper._outbox_emit("ctsp.document.finalise", {})
        told = self.env["ctsp.exchange.message"]._about(inspection).filtered(
            lambda one: one.type_id.code == "inspection.result").sorted("version")
        self.assertEqual((len(told), len(set(told.mapped("version")))), (2, 2), "a later report is a new version")
        self.assertEqual(told[1]._data()["reportFile"]["sm3"], "a" * 64)

    def test_registry(self):
        """An approved filing tells the inspection system what the registry says now."""
        self.institution._outbox_emit("ctsp.institution.filed", {})
        [said] = self.sent("institution.registry")
        self.assertEqual((said["recordNo"], said["state"]), (self.institution.record_no, "filed"))
        self.assertEqual(said["specialties"][0]["principal"], self.person.name)
        self.assertEqual(len(said["ethicsCommittees"]), 1)

    def test_changes(self):
        """Corrections, trials and annual reports are told as they change, once for each transaction."""
        self.patch(hosts, "configured", lambda: frozenset({"x.example"}))
        self.backend.url = "https://x.example"
        trial = self.env["ctsp.trial"].create({"name": "示例试验（示例）", "ctr_no": "CTR20990077"})
        site = self.env["ctsp.trial.site"].create(
            {"trial_id": trial.id, "institution_id": self.institution.id, "role": "lead", "planned": 30})
        site.actual = 7
        self.env.cr.precommit.run()
        [told] = self.sent("trial")
        self.assertEqual((told["registrationNo"], told["institutions"][0]["actual"]), ("CTR20990077", 7))
        self.assertEqual(told["institutions"][0]["role"], "组长单位", "codes go through the mapping")
        self.institution.write({"address": "示例路8号（示例）", "correction_reason": "更正"})
        self.env.cr.precommit.run()
        self.assertEqual(self.sent("institution.registry")[-1]["address"], "示例路8号（示例）")
        campaign = self.env["ctsp.annual.campaign"].create({"year": 2098, "date_due": "2099-01-31"})
        report = self.env["ctsp.annual.report"].create(
            {"campaign_id": campaign.id, "institution_id": self.institution.id})
        report._set_state("submitted", "test", submitted_at="2099-01-30 16:30:00")
        report.run_transition("accept")
        [said] = self.sent("annual.report")
        self.assertEqual((said["year"], said["state"]), (2098, "已接收"))
        self.assertEqual(said["submittedOn"], "2099-01-31", "the day in China")
        push = self.env["ctsp.exchange.push"].create({
            "backend_id": self.backend.id,
            "type_ids": [Command.set(self.backend.type_ids.filtered("can_push").ids)]})
        self.assertEqual(set(push.type_ids.mapped("code")), {"institution.registry", "annual.report", "trial"})

    def test_mapping(self):
        """What the platform calls states and kinds goes through rows that people can change."""
        for mapping in self.env["ctsp.exchange.mapping"].search([("backend_id", "=", self.backend.id)]):
            self.assertEqual((mapping.state, mapping.test_errors), ("active", ""), mapping.display_name)
        self.receive(enterprises=[{"name": f"  {self.third.name} "}])
        self.assertEqual(self.task().line_ids.institution_id, self.third)
        self.env.ref("ctsp_connector_admin.codes_status").code_ids.filtered(
            lambda code: code.source == "waiting").target = "待接收"
        self.task().line_ids._tell()
        self.assertEqual([said["status"] for said in self.sent("task.status")], ["已接收", "待接收"])
