import uuid

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import InspectionCase


@tagged("post_install", "-at_install")
class TestStatisticsCounts(InspectionCase):
    """Figures of the statistics beside figures counted by hand on five inspections.

    | | institution | kind | visit | team | nonconform (grade) | returned | state |
    |---|---|---|---|---|---|---|---|
    | 1 | 甲 (三甲, district 1) | routine | 10–12 March 2025 | 1, 2 | 1.1 critical, 1.2 major | – | in rectification |
    | 2 | 甲 | cause | 4 May 2026 | 1, 2 | 1.2 raised to critical | twice | approved |
    | 3 | 乙 (二甲, district 2) | routine | 1–2 June 2026 | 2, 3 | – | – | closed, 20 days after the visit |
    | 4 | 乙 | routine | 6 July 2026 | 2, 3 | 2.1 minor | – | approved |
    | 5 | 乙 | first | 3 August 2026 | 2, 3 | – | – | on site |

    Each checks 1.1, 1.2, 1.3 (not applicable) of the institution and 2.1 of one specialty. The leader records
    everything: inspector 1 in the first two, inspector 2 in the others.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        districts = cls.env["ctsp.district"].search([], limit=2)
        cls.b.write({"district_id": districts[1].id, "level_id": cls.item("institution_level", "2a").id})
        child = cls.env["ctsp.discipline"].search([("id", "!=", cls.discipline.id)], limit=1)
        cls.specialty_b.discipline_id = child
        cls.made = [
            cls.visit(cls.a, "routine", ("2025-03-10", "2025-03-12"), cls.people[:2], ("1.1", "1.2")),
            cls.visit(cls.a, "cause", ("2026-05-04", "2026-05-04"), cls.people[:2], ("1.2",), returned=2,
                      grade=("1.2", "critical")),
            cls.visit(cls.b, "routine", ("2026-06-01", "2026-06-02"), cls.people[1:]),
            cls.visit(cls.b, "routine", ("2026-07-06", "2026-07-06"), cls.people[1:], ("2.1",)),
            cls.visit(cls.b, "first", ("2026-08-03", "2026-08-03"), cls.people[1:], done=False)]
        cls.made[0].run_transition("rectify")
        cls.made[2].run_transition("close")
        cls.env.flush_all()
        # the small hours of 22 June in Shanghai, still the 21st in UTC
        cls.env.cr.execute(
            "UPDATE ctsp_inspection SET closed_at = '2026-06-21 17:00' WHERE id = %s", [cls.made[2].id])
        cls.env.invalidate_all()

    @classmethod
    def visit(cls, home, kind, days, people, nonconform=(), returned=0, grade=None, done=True):
        """Carry out one inspection."""
        specialty = cls.specialty_a if home == cls.a else cls.specialty_b
        inspection = cls.make(
            institution_id=home.id, kind=kind, specialty_ids=[Command.set(specialty.ids)], date_planned_from=days[0],
            date_planned_to=days[1], member_ids=[
                Command.create({"inspector_id": person.id, "role": "member" if at else "leader"})
                for at, person in enumerate(people)])
        inspection.run_transition("assign")
        inspection = inspection.with_user(people[0].user_id)
        inspection.run_transition("start")
        for member in inspection.member_ids:
            member.with_user(member.user_id).declare(False)
        inspection.write({"date_start": days[0], "date_end": days[1]})
        cls.record_clauses(inspection, nonconform, grade)
        return cls.handed_in(inspection, returned) if done else inspection

    @classmethod
    def record_clauses(cls, inspection, nonconform, grade):
        rows = []
        for line in inspection.line_ids:
            values = {"result": "na" if line.number == "1.3" else "conform"}
            if line.number in nonconform:
                values = {"result": "nonconform", "description": "示例"}
            if grade and line.number == grade[0]:
                values |= {"grade": grade[1], "grade_reason": "情节严重（示例）"}
            rows.append({"id": str(uuid.uuid4()), "line": line.id, "revision": line.revision, "values": values})
        answers = inspection.env["ctsp.inspection"].record(inspection.id, rows)
        assert all(answer["status"] == "done" for answer in answers), answers

    @classmethod
    def handed_in(cls, inspection, returned):
        cls.concluded(inspection)
        for _time in range(returned):
            inspection.run_transition("submit")
            inspection.with_user(cls.reviewer).run_transition("return", "请补充（示例）")
        return cls.approved(inspection)

    def groups(self, model, by, measures, domain=()):
        """Return ``{group: figures}`` over the five inspections, as the leader reads the statistics."""
        mine = [("inspection_id", "in", [it.id for it in self.made])]
        rows = self.env[model].with_user(self.leader)._read_group([*mine, *domain], [by], measures)
        return {getattr(key, "display_name", key): tuple(figures) for key, *figures in rows}

    def test_inspections(self):
        """检查信息统计: by type, year, district, level, institution and leader."""
        report, measures = "ctsp.inspection.report", ["__count", "finding_count:sum", "return_count:sum"]
        self.assertEqual(self.groups(report, "kind", measures), {
            "routine": (3, 3, 0), "cause": (1, 1, 2), "first": (1, 0, 0)})
        years = {key.year: figures for key, figures in self.groups(report, "date_start:year", measures).items()}
        self.assertEqual(years, {2025: (1, 2, 0), 2026: (4, 2, 2)})
        first, second = self.a.district_id.display_name, self.b.district_id.display_name
        self.assertEqual(self.groups(report, "district_id", measures), {first: (2, 3, 2), second: (3, 1, 0)})
        self.assertEqual(self.groups(report, "level_id", ["__count"]), {
            self.a.level_id.display_name: (2,), self.b.level_id.display_name: (3,)})
        self.assertEqual(self.groups(report, "institution_id", ["critical_count:sum", "minor_count:sum"]), {
            self.a.display_name: (2, 0), self.b.display_name: (0, 1)})
        self.assertEqual(self.groups(report, "leader_id", ["__count"]), {
            self.people[0].display_name: (2,), self.people[1].display_name: (3,)})

    def test_quality_and_time(self):
        """Right the first time: 3 of 4; days on site 3, 1, 2, 1, 1; closed 20 days after the visit, by our clock."""
        report = "ctsp.inspection.report"
        right = self.groups(report, "institution_id", ["first_right:avg", "pass_rate:avg", "close_days:avg"])
        self.assertEqual(right[self.a.display_name][0], 50)
        self.assertEqual(right[self.b.display_name][0], 100)
        self.assertEqual((right[self.a.display_name][2], right[self.b.display_name][2]), (False, 20))
        rows = self.env[report].with_user(self.leader).browse([it.id for it in self.made])
        self.assertEqual(rows.mapped("visit_days"), [3, 1, 2, 1, 1])
        passed = {row.id: row.pass_rate for row in rows[:4]}
        self.assertEqual(passed, {
            it.id: 100 if it.conclusion == "pass" else 0 for it in self.made[:4]})

    def test_search_by_team_and_specialty(self):
        """Found by any member of the team and by the discipline inspected, observers aside."""
        report = self.env["ctsp.inspection.report"].with_user(self.leader)
        mine = ("id", "in", [it.id for it in self.made])

        def found(*domain):
            return [self.made.index(it) + 1 for it in self.made if it.id in report.search([mine, *domain]).ids]
        self.assertEqual(found(("inspector_id", "in", self.people[0].ids)), [1, 2])
        self.assertEqual(found(("inspector_id", "in", self.people[1].ids)), [1, 2, 3, 4, 5])
        self.assertEqual(found(("inspector_id", "in", self.people[2].ids)), [3, 4, 5])
        self.assertEqual(found(("discipline_id", "in", self.specialty_b.discipline_id.ids)), [3, 4, 5])

    def test_clauses(self):
        """检查条款统计: four approved inspections check three clauses each; 4 of 12 do not conform."""
        report, measures = "ctsp.clause.report", ["checked:sum", "nonconform:sum", "rate:avg"]
        clauses = self.groups(report, "clause_id", measures)
        by_number = {key.split()[0]: figures for key, figures in clauses.items()}
        self.assertEqual(
            {number: figures for number, figures in by_number.items() if "1.1" in number or "2.1" in number},
            {number: (4, 1, 25) for number in by_number if "1.1" in number or "2.1" in number})
        self.assertEqual(sorted(figures[:2] for figures in clauses.values()), [(4, 1), (4, 1), (4, 2)])
        self.assertEqual(self.groups(report, "result", ["__count"]), {"conform": (8,), "nonconform": (4,)})
        found = [("result", "=", "nonconform")]
        self.assertEqual(self.groups(report, "grade", ["__count"], found), {
            "critical": (2,), "major": (1,), "minor": (1,)})
        self.assertEqual(self.groups(report, "clause_grade", ["__count"], found), {
            "critical": (1,), "major": (2,), "minor": (1,)})
        self.assertEqual(self.groups(report, "kind", measures), {"routine": (9, 3, 33.333333333333336), "cause": (
            3, 1, 33.333333333333336)})

    def test_clauses_by_whom_and_where(self):
        """检查条款统计: by inspector, discipline, level and district."""
        report, measures = "ctsp.clause.report", ["checked:sum", "nonconform:sum"]
        self.assertEqual(self.groups(report, "inspector_id", measures), {
            self.people[0].display_name: (6, 3), self.people[1].display_name: (6, 1)})
        specialties = self.groups(report, "discipline_id", measures, [("object", "=", "specialty")])
        self.assertEqual(specialties, {
            self.discipline.display_name: (2, 0), self.specialty_b.discipline_id.display_name: (2, 1)})
        self.assertEqual(self.groups(report, "level_id", measures), {
            self.a.level_id.display_name: (6, 3), self.b.level_id.display_name: (6, 1)})
        self.assertEqual(self.groups(report, "district_id", measures), {
            self.a.district_id.display_name: (6, 3), self.b.district_id.display_name: (6, 1)})

    def test_conclusions(self):
        """各专业结论: a row for the institution and one for the specialty of each approved inspection."""
        report = "ctsp.inspection.object.report"
        self.assertEqual(self.groups(report, "object", ["__count", "critical:sum", "major:sum", "minor:sum"]), {
            "institution": (4, 2, 1, 0), "specialty": (4, 0, 0, 1)})
        self.assertEqual(self.groups(report, "discipline_id", ["__count", "minor:sum"], [
            ("object", "=", "specialty")]), {
            self.discipline.display_name: (2, 0), self.specialty_b.discipline_id.display_name: (2, 1)})
        self.assertEqual(self.groups(report, "leader_id", ["__count"]), {
            self.people[0].display_name: (4,), self.people[1].display_name: (4,)})

    def test_inspectors(self):
        """检查员一致性, 2026: inspector 1 checked 3 and found 1, which he graded up; inspector 2 checked 6 and found 1.

        Inspector 1's peers found of the same clauses: 1.1 0 of 2, 1.2 0 of 2, 2.1 1 of 2: 50 of 300 expected, 16.7 %.
        Inspector 2's: 1.1 0 of 1, 1.2 1 of 1, 2.1 0 of 1, each checked twice by him: 33.3 %.
        """
        rows = self.env["ctsp.inspector.report"].with_user(self.leader).search([
            ("year", "=", "2026"), ("inspector_id", "in", [person.id for person in self.people])])
        figures = {row.inspector_id: row for row in rows}
        one, two = figures[self.people[0]], figures[self.people[1]]
        self.assertEqual((one.inspections, one.checked, one.nonconform, one.raised, one.lowered), (1, 3, 1, 1, 0))
        self.assertEqual((two.inspections, two.checked, two.nonconform, two.raised), (3, 6, 1, 0))
        self.assertAlmostEqual(one.peers_rate, 100 / 6, 1)
        self.assertAlmostEqual(two.peers_rate, 100 / 3, 1)
        self.assertEqual((one.verdict, two.verdict), ("within", "within"), "so few say nothing")
        action = two.action_open_record()
        clauses = self.env[action["res_model"]].with_user(self.leader).search(action["domain"])
        self.assertEqual((len(clauses), sum(clauses.mapped("nonconform"))), (6, 1), "the row opens what it counts")

    def test_institutions(self):
        """临床试验机构统计: approved inspections, the last visit, findings issued and not closed."""
        rows = self.env["ctsp.institution.report"].with_user(self.leader).search([
            ("institution_id", "in", (self.a | self.b).ids)])
        figures = {row.institution_id: row for row in rows}
        first, second = figures[self.a], figures[self.b]
        self.assertEqual((first.inspection_count, str(first.last_inspection), first.inspection_finding_count,
                          first.open_finding_count), (2, "2026-05-04", 2, 2))
        self.assertEqual((second.inspection_count, second.inspection_finding_count), (2, 0))

    def test_every_row_opens_its_record(self):
        """From the list of each statistic a click leads to the record; who may not read it is refused."""
        for model in ("ctsp.inspection.report", "ctsp.inspection.object.report", "ctsp.clause.report"):
            row = self.env[model].with_user(self.leader).search([("inspection_id", "=", self.made[0].id)], limit=1)
            action = row.action_open_record()
            self.assertEqual((action["res_model"], action["res_id"]), ("ctsp.inspection", self.made[0].id))
        row = self.env["ctsp.institution.report"].with_user(self.leader).search([("institution_id", "=", self.a.id)])
        self.assertEqual(row.action_open_record()["res_id"], self.a.id)

    def test_figures_for_those_who_may_not_open_what_is_counted(self):
        """A risk analyst reads the rows, their names too; the inspections themselves stay closed to him."""
        analyst = self.role("risk_analyst")
        rows = self.env["ctsp.inspection.object.report"].with_user(analyst).search([
            ("inspection_id", "=", self.made[0].id)])
        self.env.invalidate_all()
        self.assertEqual(
            {row["display_name"] for row in rows.read(["display_name"])}, {self.made[0].display_name})
        with self.assertRaises(UserError):
            rows[0].action_open_record()

    def test_workbook(self):
        """Each statistic goes into a workbook: the export offers the columns of its list."""
        for model in ("ctsp.inspection.report", "ctsp.inspection.object.report", "ctsp.clause.report",
                      "ctsp.inspector.report", "ctsp.institution.report", "ctsp.trial.report", "ctsp.specialty.report",
                      "ctsp.person.report"):
            with self.subTest(model):
                self.assertIn(model, self.env.registry.descendants(["ctsp.export.mixin"], "_inherit"))
                self.assertTrue(self.env[model].with_user(self.leader)._export_default_paths())
