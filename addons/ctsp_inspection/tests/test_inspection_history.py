import io
from unittest.mock import patch

import xlsxwriter

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .rectification_common import RectificationCase


@tagged("post_install", "-at_install")
class TestInspectionHistory(RectificationCase):
    """Earlier inspections, ours and others', per institution, specialty and trial."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.known = cls.trial(institutions=(cls.a,))
        cls.foreign = cls.env["ctsp.inspection.external"].create({
            "institution_id": cls.a.id, "authority": "境外监管机构（示例）", "authority_kind": "foreign",
            "number": "EX-1", "date_start": "2025-05-06", "people": "John Doe（示例）", "critical_count": 0,
            "major_count": 2, "minor_count": 3, "conclusion": "rectify", "rectification": "open",
            "trial_ids": [Command.link(cls.known.id)]})
        cls.history = cls.env["ctsp.inspection.history"].with_user(cls.officer)

    def test_both_kinds(self):
        """Approved inspections of ours and entered ones of others stand in one table, the latest first."""
        rows = self.history.search([("institution_id", "=", self.a.id)])
        self.assertEqual(rows.mapped("origin"), ["own", "external"])
        own, other = rows
        self.assertEqual((own.critical_count, own.major_count, own.minor_count, own.open_count), (1, 1, 1, 3))
        self.assertEqual((own.rectification, own.number), ("open", self.inspection.number))
        for person in self.people[:2]:
            self.assertIn(person.name, own.people)
        self.assertEqual((other.finding_count, other.people, other.authority),
                         (5, "John Doe（示例）", "境外监管机构（示例）"))

    def test_every_fact_of_the_issue(self):
        """监管部门历次现场检查情况: times, people, records, findings, rectification; ours and others'."""
        self.foreign.summary = "抽查一项试验，知情同意记录不全（示例）"
        own, other = self.history.with_user(self.reviewer).search([("institution_id", "=", self.a.id)])
        self.assertEqual((own.date_start, own.kind, own.conclusion), (
            self.inspection.date_start, "routine", self.inspection.conclusion))
        self.assertEqual(own.people, "、".join(person.name for person in self.people[:2]))
        self.assertEqual(own.action_open_record()["res_id"], self.inspection.id, "the record itself")
        self.assertEqual(len(own.finding_text.splitlines()), 3)
        self.assertIn("培训记录不完整（示例）", own.finding_text)
        self.assertEqual((own.rectification, own.open_count), ("open", 3))
        self.assertEqual(
            (str(other.date_start), other.people, other.major_count, other.conclusion, other.rectification),
            ("2025-05-06", "John Doe（示例）", 2, "rectify", "open"))
        self.assertEqual(other.finding_text, "抽查一项试验，知情同意记录不全（示例）")
        self.assertIn(self.specialty_a.name, own.specialties)
        for record in (self.a, self.specialty_a, self.known):
            action = record.with_user(self.reviewer).action_open_inspection_history()
            self.assertTrue(self.history.search(action["domain"]), record._name)
        self.assertFalse(self.history.search([("inspection_id", "=", self.inspection.id)]).finding_text,
                         "who may not read the inspection is not told its findings")

    def test_rectified(self):
        """When everything is verified the row says so."""
        self.answer(self.items)
        self.items.with_user(self.reviewer).run_transition("accept")
        row = self.history.search([("inspection_id", "=", self.inspection.id)])
        self.assertEqual((row.rectification, row.open_count), ("done", 0))
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE ctsp_rectification SET verified_at = '2026-03-31 17:00:00' WHERE id IN %s",
                                self.items._ids))
        row.invalidate_recordset()
        self.assertEqual(str(row.date_rectified), "2026-04-01", "the day in China")

    def test_unapproved_are_secret(self):
        """Planned and running inspections are not told."""
        self.begun()
        self.assertEqual(self.history.search_count([("institution_id", "=", self.a.id), ("origin", "=", "own")]), 1)

    def test_specialty_and_trial(self):
        """Found by what was inspected, also by somebody who may not read the inspection itself."""
        self.assertEqual(
            self.history.search([("specialty_id", "in", self.specialty_a.ids)]).inspection_id.id, self.inspection.id)
        self.assertEqual(self.history.search([("trial_id", "in", self.known.ids)]).external_id, self.foreign)
        self.assertFalse(self.history.search([("specialty_id", "=", self.specialty_b.id)]))
        counts = [record.with_user(self.officer).inspection_history_count
                  for record in (self.a, self.b, self.specialty_a, self.known)]
        self.assertEqual(counts, [2, 0, 1, 1])
        query = self.a.with_user(self.officer)._count_query("ctsp.inspection.history", [("number", [], "id")])
        self.assertNotIn("open_count", query.code, "where rows are counted the database plans no more than keys")

    def test_count_reads_keys_only(self):
        """The counter of an institution's form does not plan what the list of the history shows."""
        asked, execute = [], type(self.env).execute_query

        def listening(env, query):
            asked.append(query.code)
            return execute(env, query)

        with patch.object(type(self.env), "execute_query", listening):
            self.assertEqual(self.a.with_user(self.officer).inspection_history_count, 2)
        counting = [code for code in asked if "ctsp_inspection_history" in code]
        self.assertEqual(len(counting), 1)
        self.assertNotIn("ctsp_rectification", counting[0])

    def test_rights(self):
        """The facts are open to regulators, the inspection is not, institutions see nothing; who enters others'."""
        row = self.history.search([("inspection_id", "=", self.inspection.id)])
        with self.assertRaises(UserError):
            row.action_open_record()
        row.with_user(self.reviewer).action_open_record()
        with self.assertRaises(AccessError):
            self.history.with_user(self.user_a).search([])
        self.assertEqual(self.a.with_user(self.user_a).inspection_history_count, 0)
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.inspector).write({"people": "x"})
        self.foreign.with_user(self.planner).write({"rectification": "done", "date_rectified": "2025-08-01"})
        with self.assertRaises(ValidationError):
            self.foreign.with_user(self.planner).specialty_ids = self.specialty_b

    def test_import(self):
        """A list of others' inspections is imported; the second import finds the rows by their number."""
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream)
        sheet = book.add_worksheet()
        sheet.write_row(
            0, 0, ["Institution", "Inspecting Authority", "Began On", "Report or Task No.", "Major Findings"])
        sheet.write_row(1, 0, [self.a.name, "卫生健康部门（示例）", "2024-06-03", "EX-2", 1])
        sheet.write_row(2, 0, [self.a.name, "境外监管机构（示例）", "2025-05-06", "EX-1", 4])
        book.close()
        job = self.env["ctsp.import.job"].with_user(self.role("data_steward"))._load_file(
            "ctsp.inspection.external", stream.getvalue(), filename="外部检查.xlsx")
        self.assertEqual(job.state, "done")
        self.assertEqual(self.foreign.major_count, 4)
        self.assertEqual(self.env["ctsp.inspection.external"].search_count([("institution_id", "=", self.a.id)]), 2)

    def test_few_queries(self):
        """A page of the table takes a constant number of queries."""
        spec = {"institution_id": {"fields": {"display_name": {}}}, "people": {}, "critical_count": {},
                "rectification": {}, "specialties": {}, "trials": {}}

        def queries(domain):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.history.web_search_read(domain, spec)
            return self.env.cr.sql_log_count - before
        queries([])
        self.issued(date_planned_from="2026-04-01", date_planned_to="2026-04-02")
        one = queries([("id", "=", self.inspection.id * 2)])
        self.assertEqual(queries([("origin", "=", "own")]), one)
