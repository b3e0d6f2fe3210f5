import base64
import json

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.ctsp_exchange.tools import hosts, schema
from odoo.addons.ctsp_exchange.tools.errors import ExchangeError
from odoo.addons.ctsp_plan.tests.common import PlanCase

NUMBER = "RW2026-0001"


class TaskCase(PlanCase):
    """The inspection system, spoken to without a wire: what it sends is applied at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.backend = cls.env.ref("ctsp_connector_admin.backend_admin")
        cls.backend.write({"state": "active", "rate": 0})
        cls.institution.uscc, cls.other.uscc = "12990000MB0000001J", "12990000MB0000002M"
        cls.third = cls._institution("示例第三医院（示例）", "药临床机构备字2099000003")

    def receive(self, version=1, number=NUMBER, enterprises=None, **data):
        """Have a message applied as the queue does; return it."""
        kind = self.env.ref("ctsp_connector_admin.type_task_dispatch")
        content = {"taskNo": number, "action": "issue", "type": "special", "title": "示例专项检查（示例）",
                   "deadline": "2099-12-20", "issuer": "示例药监局（示例）", "basis": "示例依据（示例）",
                   "enterprises": enterprises or [{"name": "某医院", "uscc": self.institution.uscc}]} | data
        self.assertEqual(kind._contract("v1")._errors(content), [])
        message = self.env["ctsp.exchange.message"]._make(kind, number, version, content)
        self.env.flush_all()
        pump = self.env["ctsp.exchange.pump"]
        identifier, token = pump._claim_in()
        try:
            pump._process(identifier, token)
        except (ExchangeError, UserError) as error:  # as tools.pump does
            pump._settle_in_failed(identifier, token, error)
        self.env.flush_all()
        return message

    def task(self, number=NUMBER):
        return self.env["ctsp.admin.task"].search([("number", "=", number)])

    def sent(self, code):
        """Return what waits to be sent, oldest first, each checked against its contract."""
        messages = self.env["ctsp.exchange.message"].search([
            ("direction", "=", "out"), ("type_id.code", "=", code), ("backend_id", "=", self.backend.id)], order="id")
        for message in messages:
            self.assertNotEqual(message.state, "dead", message.reason)
            if contract := message.type_id._contract("v1"):
                self.assertEqual(contract._errors(message._data()), [])
        return [message._data() for message in messages]


@tagged("post_install", "-at_install")
class TestTasks(TaskCase):
    """A task of the inspection system becomes a published plan; its changes and its withdrawal are followed."""

    def test_task_becomes_plan(self):
        message = self.receive(enterprises=[
            {"name": "名称不同", "uscc": self.institution.uscc.lower()},
            {"name": "又不同", "recordNo": self.third.record_no},
            {"name": self.other.name}, {"name": "查无此院（示例）", "address": "示例路9号"}])
        task = self.task()
        self.assertEqual((message.state, task.line_count, task.unmatched_count), ("done", 4, 1))
        self.assertEqual(task.line_ids.mapped("found_by"), ["uscc", "record_no", "name", False])
        plan = task.plan_id
        self.assertEqual((plan.state, plan.kind, plan.name), ("published", "special", "示例专项检查（示例）"))
        self.assertEqual(plan.line_ids.institution_id, self.institution | self.third | self.other)
        self.assertEqual(set(plan.line_ids.mapped("date_due")), {task.date_due})
        self.assertEqual([said["status"] for said in self.sent("task.status")], ["已接收"] * 3)
        [receipt] = self.sent("receipt")
        self.assertEqual((receipt["state"], receipt["result"]["planNo"]), ("done", plan.number))
        self.assertEqual([row["name"] for row in receipt["result"]["unmatched"]], ["查无此院（示例）"])
        self.assertIn(plan, {self.env[link.res_model].browse(link.res_id) for link in message.link_ids})

    def test_person_names_the_institution(self):
        """Nobody is guessed: a planner says which institution it is, and it is planned at once."""
        self.receive(enterprises=[{"name": "旧名医院（示例）"}])
        task = self.task()
        self.assertFalse(task.plan_id)
        alert = self.env["ctsp.risk.alert"].search([("dedup_key", "=", f"admin.task:{task.id}")])
        self.assertEqual((alert.state, alert.role_id), ("new", self.env.ref("ctsp_base.group_planner")))
        line = task.line_ids.with_user(self.planner)
        with self.assertRaises(AccessError):
            line.name = "another"
        with self.assertRaises(AccessError):
            task.line_ids.with_user(self.inspector_user).institution_id = self.third
        line.institution_id = self.third
        self.assertEqual((task.plan_id.line_ids.institution_id, task.unmatched_count), (self.third, 0))
        self.assertEqual((line.found_by, alert.state), ("person", "closed"))
        self.assertEqual([said["enterprise"]["name"] for said in self.sent("task.status")], [self.third.name])
        wrong = task.plan_id.line_ids
        line.institution_id = self.other  # a slip is put right as long as nothing has begun
        self.assertEqual((wrong.state, line.plan_line_id.institution_id), ("cancelled", self.other))
        line.plan_line_id.sudo().run_transition("begin")
        with self.assertRaises(UserError):
            line.institution_id = self.third

    def test_contradiction(self):
        """Codes that speak of different institutions identify none."""
        self.receive(enterprises=[
            {"name": self.third.name, "uscc": self.institution.uscc, "recordNo": self.other.record_no},
            {"name": self.third.name, "uscc": self.institution.uscc, "recordNo": self.institution.record_no}])
        self.assertEqual(self.task().line_ids.mapped("institution_id"), self.institution)
        self.assertEqual(self.task().unmatched_count, 1)

    def test_changed_list(self):
        """A newer version: enterprises come and go, the deadline moves; an older one that is late changes nothing."""
        first, second = {"name": "甲", "uscc": self.institution.uscc}, {"name": "乙", "uscc": self.other.uscc}
        self.receive(1, enterprises=[first, second])
        task = self.task()
        self.receive(3, action="update", deadline="2099-11-30", enterprises=[second, {"name": self.third.name}])
        lines = {line.institution_id: line for line in task.plan_id.line_ids}
        self.assertEqual(lines[self.institution].state, "cancelled")
        self.assertEqual({str(lines[one].date_due) for one in (self.other, self.third)}, {"2099-11-30"})
        self.assertEqual(self.sent("task.status")[-1]["enterprise"]["name"], self.third.name)
        self.assertIn("取消", [said["status"] for said in self.sent("task.status")])
        late = self.receive(2, action="update", enterprises=[first])
        self.assertEqual((late.state, task.line_count), ("superseded", 2))
        self.receive(4, action="update", enterprises=[first, second])
        self.assertEqual(lines[self.institution].state, "waiting", "taken up again")

    def test_corrected_list(self):
        """A list that only says better who is meant calls nothing off; one planned inspection stands for two rows."""
        self.receive(1, enterprises=[{"name": self.institution.name}, {"name": "另称", "uscc": self.institution.uscc}])
        line = self.task().plan_id.line_ids
        self.receive(2, action="update", enterprises=[{"name": self.institution.name, "uscc": self.institution.uscc}])
        self.assertEqual((line.state, self.task().line_count), ("waiting", 1), "the other row had the same inspection")
        self.receive(3, action="update", enterprises=[{"name": "某院", "recordNo": self.institution.record_no}])
        self.assertEqual((line.state, self.task().line_count), ("waiting", 1))
        self.assertNotIn("取消", [said["status"] for said in self.sent("task.status")])
        self.receive(4, action="update", enterprises=[{"name": self.other.name}])
        self.receive(5, action="update", enterprises=[{"name": self.other.name}, {"name": self.institution.name}])
        self.assertEqual(line.state, "waiting", "listed anew under another name")

    def test_code_against_name(self):
        """A credit code that is not the registered one of the institution of that name: a person decides."""
        self.receive(enterprises=[
            {"name": self.third.name, "uscc": "12310199MB0000001U"},
            {"name": self.institution.name, "uscc": "12310199MB0000001U"}])
        lines = self.task().line_ids
        self.assertEqual(lines.mapped("found_by"), ["name", False], "none is registered; another one is")
        self.assertIn(self.institution.name, lines[1].problem)

    def test_versions_of_one_task(self):
        """A withdrawal before the task is kept, and the task that comes late is set aside; one number, one task."""
        self.receive(2, "RW-late", action="withdraw")
        self.assertEqual(self.task("RW-late").state, "withdrawn")
        late = self.receive(1, "RW-late")
        self.assertEqual((late.state, self.task("RW-late").state), ("superseded", "withdrawn"))
        self.assertEqual(self.receive(1, taskNo="RW-other").state, "dead", "versions are counted by bizId")

    def test_withdrawn(self):
        """What has not begun is called off; what has begun goes on."""
        self.receive(1, enterprises=[
            {"name": "甲", "uscc": self.institution.uscc}, {"name": "乙", "uscc": self.other.uscc}])
        lines = {line.institution_id: line for line in self.task().plan_id.line_ids}
        lines[self.other].run_transition("begin")
        self.receive(2, action="withdraw", reason="计划调整")
        self.assertEqual((lines[self.institution].state, lines[self.other].state), ("cancelled", "running"))
        self.assertEqual(self.task().state, "withdrawn")
        self.assertEqual(self.receive(1, "RW-unknown", action="withdraw").state, "done")

    def test_contract(self):
        """The examples are good, and what would do harm is refused at the door."""
        for contract in self.backend.type_ids.contract_ids:
            self.assertEqual(schema.errors(contract.schema, json.loads(contract.example)), [])
        contract = self.env.ref("ctsp_connector_admin.contract_task_dispatch")
        good = json.loads(contract.example)
        for bad in ({"enterprises": []}, {"deadline": "2026-02-31"}, {"type": "x"}, {"taskNo": ""}, {"action": "drop"},
                    {"enterprises": [{"uscc": "1"}]}):
            self.assertTrue(contract._errors(good | bad), bad)
        self.assertEqual(contract._errors({"taskNo": NUMBER, "action": "withdraw"}), [])


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
        status, [result] = self.sent("task.status")[-1], self.sent("inspection.result")
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
