import io
import os
import tempfile

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .io_common import IoCase, xlsx

HEADERS = ["Name *", "Code", "Level", "Kind", "Opened On", "Beds", "Is Teaching", "Other Kinds"]


@tagged("post_install", "-at_install")
class TestImport(IoCase):

    def snapshot(self):
        return self.Clinic.with_context(active_test=False).search_read(
            [], ["name", "code", "level", "kind_id", "opened_on", "beds", "active"], order="id")

    def test_dry_run_changes_nothing(self):
        """The dry run says what would happen, in numbers and old → new, and nothing happens."""
        before = self.snapshot()
        job = self.job(xlsx(
            HEADERS,
            ["新院（示例）", "N1", "Third", "综合", "2026年9月5日", 12, "是", "综合、专科"],
            ["示例医院1（示例）", "C1", "Second", None, None, "1,000"],
            ["示例医院2（示例）", "C2", "Third", "general", "2020-01-02", 2],
            ["坏院", "N2", "Forth", "综", "2026年9月", 1.5, "maybe", "没有"]))
        job.action_test()
        self.assertEqual(
            (job.state, job.new_count, job.changed_count, job.unchanged_count, job.bad_count), ("tested", 1, 1, 1, 1))
        rows = {row.state: row for row in job.row_ids}
        self.assertEqual(rows["changed"].difference, "Level：Third → Second\nBeds：1 → 1000")
        self.assertEqual(rows["bad"].number, 5)
        for label in ("Level", "Kind", "Opened On", "Beds", "Is Teaching", "Other Kinds"):
            self.assertIn(f"{label}：", rows["bad"].message)
        self.assertIn("综合", rows["bad"].message, "the nearest name is suggested")
        self.assertEqual(self.snapshot(), before)

    def test_all_or_nothing(self):
        """One bad row keeps all others out."""
        before = self.snapshot()
        job = self.job(xlsx(HEADERS, ["新院", "N1"], ["负", "N2", None, None, None, -1]))
        job.action_test()
        job.action_run()
        self.assertEqual((job.state, self.snapshot()), ("tested", before))
        self.assertIn("Beds cannot be negative.", job.row_ids.filtered(lambda row: row.state == "bad").message)

    def test_good_rows_only(self):
        """Bad rows are left out, found one by one within their batch; the others are imported as the user."""
        job = self.job(xlsx(HEADERS, ["新院", "N1"], ["负", "N2", None, None, None, -1], ["乙院", "N3"]), mode="good")
        job.action_test()
        job.action_run()
        created = self.Clinic.search([("code", "in", ["N1", "N2", "N3"])])
        self.assertEqual((job.state, created.mapped("code")), ("done", ["N1", "N3"]))
        self.assertEqual(created.create_uid, self.steward)

    def test_matching_keys(self):
        """The strongest key finds the record; a weaker one that contradicts it, or finds two, is refused."""
        self.Clinic.create([{"name": "同名"}, {"name": "同名"}])
        job = self.job(xlsx(
            ["Code", "Name", "Beds"], ["C1", "改名（示例）", 1], ["X9", "示例医院0（示例）", 1], [None, "同名", 9]))
        job.action_test()
        self.assertEqual([row.state for row in job.row_ids], ["changed", "bad", "bad"])
        self.assertIn("C0", job.row_ids[1].message)

    def test_duplicates_within_the_file(self):
        job = self.job(xlsx(["Name", "Code"], ["甲", "D1"], ["乙", "D1"]))
        job.action_test()
        self.assertEqual((job.bad_count, job.row_ids[1].message), (1, "Code：“D1” already stands in row 2"))

    def test_empty_cells(self):
        """Empty cells leave what is stored, unless the user says that they clear it."""
        content = xlsx(["Code", "Name", "Beds", "Level"], ["C1", "示例医院1（示例）", None, None])
        job = self.job(content)
        job.action_test()
        self.assertEqual(job.unchanged_count, 1)
        job = self.job(content, clear_empty=True)
        job.action_test()
        job.action_run()
        self.assertEqual((self.clinics[1].beds, self.clinics[1].level), (0, False))

    def test_undo(self):
        """Created records go, referred ones are archived, changed ones are set back; what was touched since stays."""
        job = self.job(xlsx(
            ["Name", "Code", "Beds"], ["甲", "U1", 1], ["乙", "U2", 1], ["丙", "U3", 1],
            ["示例医院1（示例）", "C1", 77], ["示例医院2（示例）", "C2", 88]))
        job.action_test()
        job.action_run()
        created = {clinic.code: clinic for clinic in self.Clinic.search([("code", "like", "U_")])}
        self.env["ctsp.test.clinic.visit"].create({"clinic_id": created["U2"].id})
        created["U3"].beds = 5
        self.clinics[2].beds = 99
        job.action_undo()
        self.assertEqual(
            [row.undo_state for row in job.row_ids], ["removed", "archived", "kept", "restored", "kept"])
        self.assertFalse(created["U1"].exists())
        self.assertFalse(created["U2"].active)
        self.assertEqual((self.clinics[1].beds, self.clinics[2].beds, created["U3"].beds), (1, 99, 5))
        with self.assertRaises(UserError):
            job.action_undo()

    def test_only_the_last_import_is_undone(self):
        first, second = (self.job(xlsx(["Name", "Code"], [f"甲{index}", f"L{index}"])) for index in range(2))
        for job in (first, second):
            job.action_test()
            job.action_run()
        second.sudo().imported_at = "2099-01-01 00:00:00"
        with self.assertRaises(UserError):
            first.action_undo()
        second.action_undo()
        first.action_undo()
        self.assertFalse(self.Clinic.search([("code", "in", ["L0", "L1"])]))

    def test_rights(self):
        """Rights of the model govern: no import without the right to create, none of other people's imports."""
        with self.assertRaises(AccessError):
            self.job(xlsx(["Name"], ["甲"]), user=self.regulator)
        with self.assertRaises(UserError):
            self.job(xlsx(["Name"], ["甲"]), user=self.role("filing_officer"))
        job = self.job(xlsx(["Name"], ["甲"]))
        with self.assertRaises(AccessError):
            job.with_user(self.role("filing_officer")).read(["file_name"])
        with self.assertRaises(AccessError):
            job.write({"state": "done"})
        with self.assertRaises(AccessError):
            self.env["ctsp.import.row"].with_user(self.steward).create({"job_id": job.id, "number": 1, "state": "new"})

    def test_personal_columns_need_the_right(self):
        """Who may not see telephone numbers may not import them."""
        job = self.job(xlsx(["Name", "Mobile"], ["甲", "13800138000"]))
        self.assertNotIn("mobile", job.target_ids.mapped("field_name"))

    def test_matching_is_remembered(self):
        """A header matched by hand is matched the next time."""
        content = xlsx(["甲栏", "乙栏"], ["甲", "M1"])
        job = self.job(content)
        self.assertTrue(job.notice)
        for column, name in zip(job.column_ids, ("name", "code"), strict=True):
            column.target_id = job.target_ids.filtered(lambda target, name=name: target.field_name == name)
        job.action_test()
        again = self.job(content)
        self.assertEqual(again.column_ids.mapped("target_id.field_name"), ["name", "code"])

    def test_two_columns_for_one_field(self):
        job = self.job(xlsx(["Name", "Other"], ["甲", "乙"]))
        job.column_ids[1].target_id = job.column_ids[0].target_id
        with self.assertRaises(UserError):
            job.action_test()

    def test_export_comes_back(self):
        """What was exported can be imported again: nothing changes, formulas in text included."""
        self.clinics[0].note = "=1+1"
        for file_format in ("xlsx", "csv"):
            wizard = self.env["ctsp.export.wizard"].with_user(self.steward).with_context(
                active_model="ctsp.test.clinic", active_ids=self.clinics.ids).create({"file_format": file_format})
            names = ("code", "name", "level", "kind_id", "opened_on", "beds", "note")
            profile = self.env["ir.exports"].with_user(self.steward).create({
                "name": file_format, "resource": "ctsp.test.clinic",
                "export_fields": [Command.create({"name": name}) for name in names]})
            wizard.profile_id = profile
            wizard.action_export()
            file = self.env["ctsp.export.job"].search([], limit=1).attachment_id
            job = self.job(file.raw, file.name)
            job.action_test()
            self.assertEqual((job.unchanged_count, job.row_ids.mapped("message")), (3, []), file_format)

    def test_template_comes_back(self):
        """The template names every importable column; its example row is not imported."""
        name, content = self.env["ctsp.import.job"].with_user(self.steward)._template_file("ctsp.test.clinic")
        book = openpyxl.load_workbook(io.BytesIO(content))
        self.assertEqual(book.active["A1"].value, "Name *")
        self.assertTrue(book.active.data_validations.dataValidation)
        book.active["A3"] = "新院（示例）"
        stream = io.BytesIO()
        book.save(stream)
        job = self.job(stream.getvalue(), name)
        self.assertEqual(set(job.column_ids.mapped("target_id.field_name")), set(job.target_ids.mapped("field_name")))
        job.action_test()
        self.assertEqual((job.new_count, job.bad_count), (1, 0), job.row_ids.mapped("message"))

    def test_error_report_comes_back(self):
        """The bad rows can be downloaded, corrected and uploaded again."""
        job = self.job(xlsx(["Name", "Code", "Beds"], ["甲", "E1", "x"], ["乙", "E2", 2]), mode="good")
        job.action_test()
        name, content = job._error_file()
        book = openpyxl.load_workbook(io.BytesIO(content))
        self.assertEqual([cell.value for cell in book.active[2]], ["甲", "E1", "x", "Beds：“x” is not a number"])
        book.active["C2"] = 3
        stream = io.BytesIO()
        book.save(stream)
        again = self.job(stream.getvalue(), name)
        again.action_test()
        self.assertEqual((again.new_count, again.bad_count), (1, 0))

    def test_load_file(self):
        """Set-up loads files through the same path, from a path or from bytes."""
        Job = self.env["ctsp.import.job"]
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "机构.csv")
            with open(path, "wb") as stream:
                stream.write("医院,Code\n甲院（示例）,P1\n".encode("gb18030"))
            job = Job._load_file("ctsp.test.clinic", path, mapping={"医院": "name"})
        self.assertEqual((job.state, job.new_count), ("done", 1))
        with self.assertRaises(UserError):
            Job._load_file("ctsp.test.clinic", xlsx(["Name", "Beds"], ["乙", "x"]), "a.xlsx")
        job = Job._load_file("ctsp.test.clinic", xlsx(["Name", "Beds"], ["乙", "x"], ["丙", 1]), "a.xlsx", mode="good")
        self.assertEqual((job.new_count, job.bad_count), (1, 1))

    def test_queries_do_not_grow_with_rows(self):
        """Relations and existing records are looked up for the file, not for the row."""
        def queries(count, start):
            rows = [[f"示例{start + index}", f"Q{start + index}", "Third", "综合"] for index in range(count)]
            job = self.job(xlsx(HEADERS[:4], *rows))
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            job.action_test()
            return self.env.cr.sql_log_count - before
        queries(10, 0)
        self.assertLessEqual(queries(150, 200) - queries(15, 20), 20)
