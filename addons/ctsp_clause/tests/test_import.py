import csv
import io
import time

import openpyxl

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ClauseCase

HEAD = ["Section", "Number", "Object", "Point to Check", "What to Check", "Grade", "Frequent Findings"]


@tagged("post_install", "-at_install")
class TestClauseImport(ClauseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.target = cls.library.create({"name": "Target", "code": "TARGET"})
        cls.jobs = (
            cls.env["ctsp.import.job"].with_user(cls.steward).with_context(default_clause_library_id=cls.target.id)
        )

    def rows(self, *changes):
        return [["Rooms", "1.1", "Institution", "Point", "Content", "Major ★", "One"], *changes]

    def xlsx(self, rows, head=None):
        book = openpyxl.Workbook()
        for row in [head or HEAD, *rows]:
            book.active.append(row)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def bad(self, content, name="clauses.xlsx"):
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            self.jobs._load_file("ctsp.clause", content, name)
        self.assertFalse(self.target.clause_ids)
        return str(caught.exception)

    def test_into_the_library(self):
        """Rows come into the library the import began from, with sections, findings; a second one changes them."""
        self.jobs._load_file("ctsp.clause", self.xlsx(self.rows(
            ["Rooms", "1.2", "试验专业", "Point", "Content", "★★", ""])), "clauses.xlsx")
        self.assertEqual(self.target.clause_ids.sorted().mapped("grade"), ["major", "critical"])
        self.assertEqual(self.target.clause_ids.sorted().mapped("object"), ["institution", "specialty"])
        self.assertEqual(self.target.section_ids.mapped("name"), ["Rooms"])
        self.assertEqual(self.target.clause_ids.frequent_ids.mapped("text"), ["One"])
        again = self.rows()
        again[0][4], again[0][6] = "New content", "One\nTwo"
        job = self.jobs._load_file("ctsp.clause", self.xlsx(again), "clauses.xlsx")
        self.assertEqual((job.new_count, job.changed_count), (0, 1))
        clause = self.target.clause_ids.sorted()[0]
        self.assertEqual((clause.content, clause.frequent_text), ("New content", "One\nTwo"))

    def test_section_of_the_row_above(self):
        """A row that leaves the section empty stands in the section of the row above it."""
        self.jobs._load_file("ctsp.clause", self.xlsx(self.rows(
            ["", "1.2", "Institution", "Point", "Content", "Minor", ""])), "a.xlsx")
        self.assertEqual(self.target.clause_ids.mapped("section_name"), ["Rooms", "Rooms"])

    def test_undo(self):
        """An import is taken back: new clauses go, changed ones are as before."""
        self.jobs._load_file("ctsp.clause", self.xlsx(self.rows()), "a.xlsx")
        changed = self.rows(["Else", "1.2", "Institution", "Point", "Content", "Minor", ""])
        changed[0][0], changed[0][4] = "Other Section", "Changed"
        job = self.jobs._load_file("ctsp.clause", self.xlsx(changed), "b.xlsx")
        self.assertEqual((job.new_count, job.changed_count), (1, 1))
        job.action_undo()
        clause = self.target.clause_ids
        self.assertEqual((clause.number, clause.content, clause.section_name), ("1.1", "Content", "Rooms"))

    def test_dry_run_keeps_nothing(self):
        """The dry run reports what would be new and keeps neither clauses nor sections."""
        job = self.jobs.create({"res_model": "ctsp.clause", "file": self.jobs._file_content(
            self.xlsx(self.rows()), "a.xlsx")[0], "file_name": "a.xlsx"})
        self.assertEqual(job.clause_library_id, self.target)
        job.action_read()
        job.action_test()
        self.assertEqual((job.state, job.new_count, job.bad_count), ("tested", 1, 0))
        self.assertFalse(self.target.clause_ids or self.target.section_ids)

    def test_bad_files(self):
        """Empty file, doubled numbers, unknown grade, missing section, published library: refused with the reason."""
        self.bad(b"", "empty.xlsx")
        self.bad(self.xlsx([]))
        self.assertIn("1.1", self.bad(self.xlsx(self.rows(*self.rows()))))
        self.assertIn(
            "Grade", self.bad(self.xlsx(self.rows(["Rooms", "1.2", "Institution", "P", "C", "terrible", ""])))
        )
        self.assertIn("Section", self.bad(self.xlsx([["", "1.2", "Institution", "P", "C", "Minor", ""]])))
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.library.action_publish()
            self.jobs.with_context(default_clause_library_id=self.library.id)._load_file(
                "ctsp.clause", self.xlsx(self.rows()), "a.xlsx")

    def test_gbk_csv(self):
        """A csv in GBK with Chinese options and headers is read like any other."""
        stream = io.StringIO()
        csv.writer(stream).writerows([
            ["环节", "编号", "检查对象", "检查要点", "检查内容", "等级"],
            ["试验用药品管理", "6.1", "专业", "药品可追溯", "数量平衡，账物相符", "关键★★"]])
        self.jobs.with_context(lang="zh_CN")._load_file("ctsp.clause", stream.getvalue().encode("gbk"), "条款.csv")
        clause = self.target.clause_ids
        self.assertEqual((clause.grade, clause.object, clause.content), ("critical", "specialty", "数量平衡，账物相符"))

    def test_formula_cell(self):
        """A formula gives its stored value (none here), never its text: a required cell stays empty and is refused."""
        rows = self.rows()
        rows[0][4] = '="a"&"b"'
        self.assertIn("What to Check", self.bad(self.xlsx(rows)))

    def test_ten_thousand(self):
        """10,000 clauses come in within two minutes of processor time."""
        rows = [
            [f"Section {n // 500}", f"{n // 500}.{n % 500}", "Institution", f"Point {n}", f"Content {n}", "Minor", ""]
            for n in range(10_000)
        ]
        began = time.process_time()
        job = self.jobs._load_file("ctsp.clause", self.xlsx(rows), "many.xlsx")
        self.assertEqual((job.new_count, self.target.clause_count, self.target.section_count), (10_000, 10_000, 20))
        self.assertLess(time.process_time() - began, 120)
