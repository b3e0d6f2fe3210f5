from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.ctsp_base.tools import clock

from .rectification_common import RectificationCase


@tagged("post_install", "-at_install")
class TestTerms(RectificationCase):
    """The authority's own time limits around their edges; Spring Festival 2026 is 15–23 February, with the Saturdays
    14 and 28 February worked. Days in the comments were counted by hand on the printed calendar.
    """

    def term(self, record, kind, user=None):
        name = "rectification_id" if record._name == "ctsp.rectification" else "inspection_id"
        return self.env["ctsp.inspection.term"].with_user(user or self.reviewer).search(
            [(name, "in", record.ids), ("kind", "=", kind)])

    def watch(self, day):
        """Run the night's watch on ``day``, twice, since the second run must change nothing."""
        with self.on(day):
            self.env["ctsp.inspection"]._cron_watch_terms()
            before = self.env["ctsp.risk.alert"].search_count([])
            self.env["ctsp.inspection"]._cron_watch_terms()
            self.assertEqual(self.env["ctsp.risk.alert"].search_count([]), before)

    def term_alerts(self, kind, inspection=None):
        """Return ``{level: (state, assignee)}`` of the alerts about a limit of an inspection."""
        number = (inspection or self.inspection).id
        rows = self.env["ctsp.risk.alert"].search([
            "|", ("dedup_key", "=like", f"term:{kind}:{number}:%"),
            ("dedup_key", "=like", f"term.escalation:{kind}:{number}:%")])
        return {row.level: (row.state, row.user_id) for row in rows}

    def visited(self, first="2026-02-10", last="2026-02-11"):
        with self.on(first):
            return self.begun(date_planned_from=first, date_planned_to=last)

    # ---- the report -----------------------------------------------------------------------------------------------

    def test_report_due_over_spring_festival(self):
        """药品检查管理办法（试行）, report to the sending unit: 5 working days after the end of the visit."""
        inspection = self.visited()
        # Thu 12, Fri 13, Sat 14 worked, Tue 24, Wed 25
        self.assertEqual(str(inspection.report_due), "2026-02-25", "counted from the last planned day")
        for ended, due in (
                ("2026-02-14", "2026-02-28"),  # ended on the make-up Saturday: 24, 25, 26, 27, Sat 28 worked
                ("2026-02-18", "2026-02-28"),  # ended in the holidays: the same
                ("2026-03-04", "2026-03-11")):  # 5, 6, 9, 10, 11
            with self.subTest(ended):
                inspection.date_end = ended
                self.assertEqual(str(inspection.report_due), due)

    def test_report_edge(self):
        """药品检查管理办法（试行）: the due day is in time; the day after the team leader is told, then leaders."""
        inspection = self.visited()
        self.watch("2026-02-25")
        self.assertEqual(self.term_alerts("report", inspection), {})
        self.watch("2026-02-26")
        leader = inspection.leader_id.user_id
        self.assertEqual(self.term_alerts("report", inspection), {"warning": ("assigned", leader)})
        self.watch("2026-03-02")  # 26, 27, Sat 28 worked, 2: four working days past
        self.assertEqual(set(self.term_alerts("report", inspection)), {"warning"})
        self.watch("2026-03-03")
        self.assertEqual(self.term_alerts("report", inspection)["serious"][0], "new")
        with self.on("2026-03-03"):
            self.recorded(inspection)
            inspection.run_transition("submit")
        self.assertEqual({state for state, _user in self.term_alerts("report", inspection).values()}, {"closed"})
        self.assertFalse(self.term(inspection, "report"))

    def test_returned_report_met_its_limit(self):
        """A report that was handed in and returned does not run again."""
        inspection = self.visited()
        with self.on("2026-02-12"):
            self.recorded(inspection)
            inspection.run_transition("submit")
            inspection.with_user(self.reviewer).run_transition("return", "请补充（示例）")
        self.watch("2026-04-01")
        self.assertEqual(self.term_alerts("report", inspection), {})

    def test_cancelled_inspection_owes_nothing(self):
        inspection = self.visited()
        self.watch("2026-02-26")
        inspection.with_user(self.planner).run_transition("cancel", "任务取消（示例）")
        self.assertEqual(self.term_alerts("report", inspection)["warning"][0], "closed")

    def test_calendar_published_later(self):
        """A holiday entered after the visit moves the due day; what is no longer late closes."""
        inspection = self.visited("2026-03-02", "2026-03-04")
        self.watch("2026-03-12")
        self.assertEqual(self.term_alerts("report", inspection)["warning"][0], "assigned")
        self.env["ctsp.workday"].create({"date": "2026-03-09", "name": "示例放假", "kind": "holiday"})
        self.watch("2026-03-12")
        self.assertEqual(str(inspection.report_due), "2026-03-12")
        self.assertEqual(self.term_alerts("report", inspection)["warning"][0], "closed")

    def test_before_the_law(self):
        """A visit from before the rule was in force can be entered, and has no due day."""
        old = self.visited()
        old.write({"date_start": "2019-05-06", "date_end": "2019-05-08"})
        self.assertFalse(old.report_due)

    def test_new_law(self):
        """A limit that is changed counts for visits that end from that day on."""
        self.env.ref("ctsp_base.parameter_inspection_report_handover_days").value_ids = [(0, 0, {
            "valid_from": "2026-03-01", "value": "10", "source_document": "新办法（示例）",
            "source_article": "第九条"})]
        before, after = self.visited(), self.visited("2026-03-02", "2026-03-04")
        self.assertEqual((str(before.report_due), str(after.report_due)), ("2026-02-25", "2026-03-18"))
        self.assertIn("药品检查管理办法", self.term(before, "report").basis)
        self.assertEqual(self.term(after, "report").basis, "新办法（示例） 第九条")

    # ---- verification of the rectification ------------------------------------------------------------------------

    def test_verify_over_spring_festival(self):
        """整改核查 (inspection.rectification_verify_days, internal): 10 working days after the answer."""
        with self.on("2026-02-13"):
            self.answer(self.minor)
        # Sat 14 worked, 24, 25, 26, 27, Sat 28 worked, 2, 3, 4, 5 March
        self.assertEqual(str(self.minor.date_verify), "2026-03-05")
        self.assertEqual(str(self.minor.sudo().activity_ids.date_deadline), "2026-03-05", "the task says the same")
        with self.on("2026-02-18"):
            self.answer(self.major)
        self.assertEqual(str(self.major.date_verify), "2026-03-06", "answered in the holidays")

    def test_verify_edge(self):
        """整改核查: the due day is in time; one alert for all late answers of an inspection; closed when verified."""
        with self.on("2026-02-13"):
            self.answer(self.minor | self.major)
        self.watch("2026-03-05")
        self.assertEqual(self.term_alerts("verify"), {})
        self.watch("2026-03-06")
        leader = self.inspection.leader_id.user_id
        self.assertEqual(self.term_alerts("verify"), {"warning": ("assigned", leader)})
        self.watch("2026-03-11")
        self.assertEqual(set(self.term_alerts("verify")), {"warning"})
        self.watch("2026-03-12")  # 6, 9, 10, 11, 12: five working days past
        self.assertEqual(set(self.term_alerts("verify")), {"warning", "serious"})
        with self.on("2026-03-12"):
            self.minor.with_user(self.inspector).run_transition("accept")
            self.assertEqual(self.term_alerts("verify")["warning"][0], "assigned", "one is still late")
            self.major.with_user(self.inspector).run_transition("return", "证据不充分（示例）")
        self.assertEqual({state for state, _user in self.term_alerts("verify").values()}, {"closed"})
        self.assertTrue(self.term(self.major, "rectify"), "it runs for the institution again")

    # ---- the comprehensive evaluation -----------------------------------------------------------------------------

    def all_verified(self, day):
        with self.on(day):
            self.answer(self.items)
            self.items.with_user(self.reviewer).run_transition("accept")

    def test_evaluation_over_spring_festival(self):
        """药品检查管理办法（试行）, 综合评定: 20 working days after the last finding was verified."""
        self.all_verified("2026-02-14")  # 24–27: 4, Sat 28: 5, March 2–6: 10, 9–13: 15, 16–20: 20
        self.assertEqual(str(self.inspection.evaluation_due), "2026-03-20")

    def test_evaluation_edge(self):
        """综合评定: the due day is in time; then the reviewer asked is told, then leaders; closed when evaluated."""
        self.all_verified("2026-02-14")
        self.watch("2026-03-20")
        self.assertEqual(self.term_alerts("evaluation"), {})
        self.watch("2026-03-21")  # a Saturday
        state, user = self.term_alerts("evaluation")["warning"]
        self.assertEqual(state, "assigned")
        self.assertTrue(user.has_group("ctsp_base.group_reviewer"))
        self.watch("2026-03-27")
        self.assertEqual(set(self.term_alerts("evaluation")), {"warning", "serious"})
        with self.on("2026-03-27"):
            self.inspection.with_user(self.reviewer).evaluate("pass")
        self.assertEqual({state for state, _user in self.term_alerts("evaluation").values()}, {"closed"})

    def test_evaluation_waits_for_what_is_open_again(self):
        """综合评定: a finding opened again stops the limit; it runs anew, in full, when that is verified."""
        self.all_verified("2026-02-14")
        with self.on("2026-02-25"):
            self.minor.with_user(self.reviewer).run_transition("reopen", "复核发现问题（示例）")
            self.assertFalse(self.inspection.evaluation_due)
            self.answer(self.minor)
        with self.on("2026-03-02"):
            self.minor.with_user(self.reviewer).run_transition("accept")
        self.assertEqual(str(self.inspection.evaluation_due), "2026-03-30")

    # ---- list and rights ------------------------------------------------------------------------------------------

    def test_list(self):
        """Whose limit it is, the days left and the urgency agree with the search; a row opens what is to be done."""
        with self.on("2026-02-13"):
            self.answer(self.minor)
        for day, left, urgency in (("2026-03-02", 3, "calm"), ("2026-03-03", 2, "soon"), ("2026-03-05", 0, "soon"),
                                   ("2026-03-06", -1, "late")):
            with self.subTest(day), self.on(day):
                term = self.term(self.minor, "verify")
                self.assertEqual((term.days_left, term.urgency), (left, urgency))
                for name in ("calm", "soon", "late"):
                    found = term.search([("id", "=", term.id), ("urgency", "in", [name])])
                    self.assertEqual(bool(found), name == urgency)
        action = self.term(self.minor, "verify").action_open_record()
        self.assertEqual((action["res_model"], action["res_id"]), ("ctsp.rectification", self.minor.id))
        self.assertIn("监督检查办法", self.term(self.major, "rectify").basis)

    def test_rights(self):
        """The team sees its own limits, others off the team none, institutions and filing officers nothing at all."""
        self.assertTrue(self.term(self.items, "rectify", self.inspector))
        self.assertFalse(self.term(self.items, "rectify", self.stranger))
        self.assertEqual(len(self.term(self.items, "rectify", self.leader)), 3)
        for user in (self.officer, self.user_a):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.term(self.items, "rectify", user)
        with self.on("2026-02-13"):
            self.answer(self.minor)
        with self.assertRaises(AccessError):
            self.minor.with_user(self.user_a).read(["date_verify"])
        with self.assertRaises(AccessError):
            self.visited().report_due = clock.as_date("2030-01-01")

    def test_few_queries(self):
        """A list of many limits takes the queries of a list of one."""
        spec = {"kind": {}, "institution_id": {"fields": {"display_name": {}}}, "days_left": {}, "urgency": {},
                "inspection_id": {"fields": {"display_name": {}}}, "basis": {}}
        terms = self.env["ctsp.inspection.term"].with_user(self.reviewer)

        every = terms.search([("kind", "=", "rectify")])
        self.assertGreater(len(every), 2)

        def queries(rows):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            terms.web_search_read([("id", "in", rows.ids)], spec, limit=80)
            return self.env.cr.sql_log_count - before
        queries(every)
        self.assertEqual(queries(every[:1]), queries(every))
