import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.ctsp_exchange.tools import schema

from .common import NUMBER, TaskCase


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

    def test_told_to_planners(self):
        """Each planner is told of a task as it comes, in his language; assigned by one, it is nobody's to-do."""
        colleague = self.role("planner", "leader")
        self.receive(enterprises=[{"name": self.institution.name}, {"name": self.other.name}])
        task = self.task()
        self.assertLessEqual(self.planner | colleague, task.activity_ids.user_id)
        count = len(task.activity_ids)
        self.receive(version=2, action="update", enterprises=[{"name": self.institution.name}])
        self.assertEqual(len(task.activity_ids), count, "nobody is told twice")
        task.activity_ids.filtered(lambda activity: activity.user_id == colleague).unlink()
        self.assign(task.plan_id.line_ids.filtered(lambda line: line.state == "waiting"))
        self.assertFalse(task.activity_ids)
        self.receive(number="RW2026-0002", enterprises=[{"name": self.third.name}])
        self.assertTrue(self.task("RW2026-0002").activity_ids)
        self.receive(number="RW2026-0002", version=2, action="withdraw", reason="撤回")
        self.assertFalse(self.task("RW2026-0002").activity_ids)

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

    def test_told_together(self):
        """What many enterprises are told is written together: ten more cost no ten times the queries."""
        self.receive()
        line = self.task().line_ids
        lines = line + line.create([
            {"task_id": line.task_id.id, "name": f"示例企业{number}（示例）"} for number in range(11)])
        costs = []
        for told in (lines[:2], lines):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            told._tell()
            self.env.flush_all()
            costs.append(self.env.cr.sql_log_count - before)
        self.assertLess(costs[1] - costs[0], 10, costs)
        self.assertEqual([said["enterprise"]["name"] for said in self.sent("task.status")[-11:]],
                         lines[1:].mapped("name"), "in their order")

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
