from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.ctsp_base.tools import clock

from .common import PlanCase


@tagged("post_install", "-at_install")
class TestPlanRoutine(PlanCase):
    """Routine plans and campaigns: list, score, publish, adjust, withdraw, close."""

    def test_period_gives_name_and_days(self):
        plan = self.plan(period="q2", year=2027)
        self.assertEqual((str(plan.date_from), str(plan.date_to)), ("2027-04-01", "2027-06-30"))
        self.assertIn("2027", plan.name)
        self.assertEqual(plan.copy().year, 2028)

    def test_fill_by_filter_and_score(self):
        """The filter's institutions come once each, with a score whose parts explain it."""
        plan = self.plan(institution_domain=f"[('id', 'in', {(self.institution | self.other).ids})]")
        plan.action_fill()
        plan.action_fill()
        self.assertEqual(plan.line_ids.institution_id, self.institution | self.other)
        self.assertEqual(len(plan.line_ids), 2)
        plan.action_score()
        line = plan.line_ids[0]
        self.assertAlmostEqual(line.risk_score, sum(line.score_ids.mapped("points")), 1)
        self.assertTrue(line.frequency)
        self.assertTrue(all(line.score_ids.mapped("sentence")))
        with self.assertRaises(UserError):
            plan.institution_domain = "[('state', '='"

    def test_order_by_risk(self):
        """The riskier comes first and earlier; days due are working days of the period."""
        plan = self.plan(institutions=self.institution | self.other, period="q4", year=2026)
        self.env["ctsp.risk.alert"]._raise([
            {"key": "示例", "record": self.other, "name": "示例", "level": "serious", "source": "manual",
             "owner_name": self.other.name}])
        with patch.object(clock, "today", return_value=clock.as_date("2026-11-02")):  # before the end of the year
            plan.action_order()
        risky = plan.line_ids.filtered(lambda line: line.institution_id == self.other)
        calm = plan.line_ids - risky
        self.assertGreater(risky.risk_score, calm.risk_score)
        self.assertLess(risky.sequence, calm.sequence)
        self.assertLess(risky.date_due, calm.date_due)
        self.assertTrue(all(self.env["ctsp.workday"]._is_workday(day) for day in plan.line_ids.mapped("date_due")))

    def test_high_risk_twice_a_year(self):
        """A yearly plan gives an institution of high risk a second visit."""
        self.env["ctsp.parameter"].search([("code", "=", "plan.risk_high")]).value_ids.value = "0"
        plan = self.plan()
        plan.action_order()
        plan.action_order()
        self.assertEqual(len(plan.line_ids), 2, "once more, not again and again")

    def test_weights_are_dated(self):
        """A new weight holds from its day on; old plans are explained by the old one."""
        weights = self.env["ctsp.plan.weight"]
        weights.create({"part": "alerts", "weight": 90, "valid_from": "2031-01-01"})
        self.assertNotEqual(weights._on(clock.as_date("2030-12-31"))["alerts"], 90)
        self.assertEqual(weights._on(clock.as_date("2031-01-01"))["alerts"], 90)

    def test_adjusting_needs_a_reason(self):
        """A published plan changes with a reason, kept with before and after; the history cannot be altered."""
        plan = self.published()
        line = plan.line_ids
        with self.assertRaises(UserError):
            line.date_due = "2026-12-30"
        line.write({"date_due": "2026-12-30", "change_reason": "机构搬迁（示例）"})
        change = line.change_ids
        self.assertEqual(change.reason, "机构搬迁（示例）")
        self.assertIn("2026-12-30", change.what)
        self.assertIn("12-28", change.what)
        with self.assertRaises(UserError):
            line.create({"plan_id": plan.id, "institution_id": self.other.id})
        line.create({"plan_id": plan.id, "institution_id": self.other.id, "change_reason": "新增备案（示例）"})
        self.assertEqual(plan.change_ids[0].kind, "add")
        with self.assertRaises(UserError):
            change.sudo().reason = "x"
        with self.assertRaises(UserError):
            change.sudo().unlink()
        with self.assertRaises(UserError):
            line.unlink()

    def test_draft_only_is_deleted(self):
        self.plan().unlink()
        with self.assertRaises(UserError):
            self.published().unlink()
        with self.assertRaises(AccessError):
            self.plan().with_user(self.role("leader")).write({"note": "x"})

    def test_withdraw_and_revise(self):
        """Withdrawing calls off what has not begun, drafting anew brings it back."""
        plan = self.published("special")
        with self.assertRaises(UserError):
            plan.run_transition("withdraw")
        plan.run_transition("withdraw", "工作调整（示例）")
        self.assertEqual((plan.state, plan.line_ids.state), ("withdrawn", "cancelled"))
        plan.run_transition("revise", "重新部署（示例）")
        self.assertEqual((plan.state, plan.line_ids.state), ("draft", "waiting"))

    def test_what_was_published_stays(self):
        """Basis and scope of a published plan, tasks of a closed one and whole lists do not change by the way; what
        was cancelled alone stays cancelled when a withdrawn plan is drafted anew, and is left out of the order.
        """
        plan = self.published("special", task_ids=[(0, 0, {"name": "培训（示例）"})])
        second = self.env["ctsp.plan.line"].with_user(self.planner).create({
            "plan_id": plan.id, "institution_id": self.other.id, "change_reason": "补充（示例）"})
        for values in ({"basis": "x"}, {"scope": "x"}):
            with self.subTest(str(values)), self.assertRaises(UserError):
                plan.write(values)
        with self.assertRaises(UserError):
            plan.action_import_lines()
        plan.task_ids.name = "培训两次（示例）"
        second.run_transition("cancel", "已停业（示例）")
        plan.run_transition("withdraw", "工作调整（示例）")
        with self.assertRaises(UserError):
            plan.task_ids.name = "x"
        plan.run_transition("revise", "重新部署（示例）")
        self.assertEqual((second.state, (plan.line_ids - second).state), ("cancelled", "waiting"))
        plan.action_order()
        plan.scope = "改（示例）"

    def test_publishing_asks_for_a_list_and_a_basis(self):
        empty = self.env["ctsp.plan"].with_user(self.planner).create({"kind": "routine", "year": 2026})
        with self.assertRaises(UserError):
            empty.run_transition("publish")
        with self.assertRaises(UserError):
            self.published("special", basis=False)

    def test_close_asks_for_the_rest(self):
        plan = self.published()
        with self.assertRaises(UserError):
            plan.run_transition("finish")
        plan.line_ids.run_transition("cancel", "示例")
        plan.run_transition("finish")
        self.assertEqual(plan.state, "done")
        with self.assertRaises(UserError):
            plan.line_ids.write({"date_due": "2026-12-30", "change_reason": "x"})

    def test_drafts_are_the_planners(self):
        """Inspectors see no draft, and no routine plan's institutions before they are sent there."""
        plan = self.plan()
        inspector = self.env["ctsp.plan"].with_user(self.inspector_user)
        self.assertNotIn(plan.id, inspector.search([]).ids)
        plan.run_transition("publish")
        self.assertIn(plan.id, inspector.search([]).ids)
        self.env.invalidate_all()
        self.assertFalse(inspector.browse(plan.id).line_ids)
        with self.assertRaises(AccessError):
            self.env["ctsp.plan"].with_user(self.outsider).search([])

    def test_list_takes_constant_queries(self):
        """Eighty rows cost as many queries as eight."""
        homes = self.env["ctsp.institution"].create([{"name": f"示例医院{n}（示例）"} for n in range(80)])
        plan = self.published(institutions=homes)
        spec = {"institution_id": {"fields": {"display_name": {}}}, "days_left": {}, "urgency": {}, "risk_score": {},
                "leader_id": {"fields": {"display_name": {}}}, "specialty_ids": {"fields": {"display_name": {}}}}

        def queries(limit):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            plan.line_ids.with_user(self.planner).web_search_read([("plan_id", "=", plan.id)], spec, limit=limit)
            return self.env.cr.sql_log_count - before

        queries(8)
        self.assertEqual(queries(8), queries(80))

    def test_import_of_the_list(self):
        """A workbook with plan and institution fills the list; a published plan asks for the reason."""
        plan = self.plan(name="示例导入计划（示例）")
        text = f"计划,机构,检查期限\n示例导入计划（示例）,{self.other.name},2026-12-21\n"
        job = self.env["ctsp.import.job"].with_user(self.planner)._load_file(
            "ctsp.plan.line", text.encode(), "list.csv",
            mapping={"计划": "plan_id", "机构": "institution_id", "检查期限": "date_due"})
        self.assertEqual((job.new_count, job.bad_count), (1, 0))
        self.assertEqual(plan.line_ids.institution_id, self.institution | self.other)

    def test_import_into_the_plan(self):
        """Started from the plan, the file names institutions only; twice adds nothing new; the button says where to."""
        plan = self.plan(name="示例名单计划（示例）")
        action = plan.action_import_lines()
        jobs = self.env["ctsp.import.job"].with_user(self.planner).with_context(**action["context"])
        for expected in ((1, 0), (0, 0)):
            job = jobs._load_file(
                "ctsp.plan.line", f"机构,检查期限\n{self.other.name},2026-12-21\n".encode(), "list.csv",
                mapping={"机构": "institution_id", "检查期限": "date_due"})
            self.assertEqual((job.new_count, job.bad_count), expected)
        self.assertEqual((job.inspection_plan_id, len(plan.line_ids)), (plan, 2))

    def test_tasks_are_reported_by_who_has_them(self):
        """Who is responsible ticks his task; another inspector does not even see it."""
        plan = self.plan("special", task_ids=[(0, 0, {"name": "培训（示例）", "user_id": self.inspector_user.id})])
        plan.run_transition("publish")
        task = plan.task_ids.with_user(self.inspector_user)
        cards = {card["key"]: card["count"] for card in self.env["ctsp.home"].with_user(self.inspector_user)._cards()}
        self.assertEqual(cards["plan_tasks"], 1)
        with self.assertRaises(AccessError):
            task.write({"name": "x"})
        task.action_done()
        self.assertEqual(task.date_done, clock.today())
        with self.assertRaises(AccessError):
            task.with_user(self.role("filing_officer")).action_done()

    def test_merge_and_split(self):
        """Two time limits of one institution become one visit, and two again."""
        first = self.env["ctsp.deadline"].create([
            {"institution_id": self.institution.id, "reason": "new_specialty", "specialty_id": self.specialty.id,
             "date_start": "2026-09-01", "days": 60, "date_due": due}
            for due in ("2026-12-01", "2026-12-18")])
        lines = self.env["ctsp.plan.line"]._from_deadlines(first).with_user(self.planner)
        self.assertEqual(len(lines), 2)
        kept = lines._merge("合并检查（示例）")
        self.assertEqual(len(kept.deadline_ids), 2)
        self.assertEqual(str(kept.date_due), "2026-12-01")
        self.assertEqual((lines - kept).state, "cancelled")
        fresh = kept._split(first[0], "分别检查（示例）")
        self.assertEqual((str(fresh.date_due), str(kept.date_due)), ("2026-12-01", "2026-12-18"))
        self.assertIn("split", kept.change_ids.mapped("kind"))
