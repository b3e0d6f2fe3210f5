import io
import zipfile
from unittest.mock import patch

import openpyxl

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.ctsp_base.tools import tabular

from .io_common import IoCase, xlsx


def merged():
    book = openpyxl.Workbook()
    for row in (["Name", "Code"], ["甲", "1"], ["乙", "2"]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def word():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "x")
    return stream.getvalue()


#: (what is wrong, content, file name, words of the message)
BAD_FILES = [
    ("empty", b"\n", "a.csv", "The file is empty."),
    ("picture", b"\x89PNG\r\n\x1a\n\0\0", "a.png", "not a spreadsheet"),
    ("pdf named csv", b"%PDF-1.7\0", "a.csv", "not a spreadsheet"),
    ("word document", word(), "a.xlsx", "not a spreadsheet"),
    ("web page named xls", b"<html><table></table></html>", "a.xls", "not a spreadsheet"),
    ("broken zip", b"PK\x03\x04 nonsense", "a.xlsx", "damaged"),
    ("password", tabular.OLE_MAGIC + b"\0" * 600 + tabular.ENCRYPTED, "a.xlsx", "protected by a password"),
    ("open quotation mark", '名称\n"甲'.encode(), "a.csv", "quotation mark"),
    ("unknown encoding", b"\xff\xfe\x00", "a.csv", "UTF-8"),
    ("empty sheet", xlsx(), "a.xlsx", "is empty"),
    ("no header", xlsx([1, 2], [3, 4]), "a.xlsx", "No header was found"),
    ("header only", xlsx(["Name", "Code"]), "a.xlsx", "nothing below the header"),
    ("header twice", xlsx(["Name", "name *"], ["甲", "乙"]), "a.xlsx", "more than once"),
    ("merged cells", merged(), "a.xlsx", "A2:A3"),
]

#: (what is wrong, header and row, words of the message)
BAD_ROWS = [
    ("required", (["Name", "Code"], [None, "R1"]), "Name：must be filled in"),
    ("required column missing", (["Code"], ["R1"]), "Name：must be filled in"),
    ("unknown option", (["Name", "Level"], ["甲", "四级"]), "is not one of: Third、Second"),
    ("unknown record", (["Name", "Kind"], ["甲", "没有的类别名"]), "Kind：“没有的类别名” was not found"),
    ("misspelt record", (["Name", "Kind"], ["甲", "综合类"]), "did you mean 综合"),
    ("unknown one of several", (["Name", "Other Kinds"], ["甲", "综合、火星"]), "“火星” was not found"),
    ("text for a number", (["Name", "Beds"], ["甲", "很多"]), "Beds：“很多” is not a number"),
    ("fraction", (["Name", "Beds"], ["甲", 1.5]), "not a whole number"),
    ("huge number", (["Name", "Beds"], ["甲", 9_999_999_999]), "too large"),
    ("impossible day", (["Name", "Opened On"], ["甲", "2026-02-30"]), "no such day"),
    ("month only", (["Name", "Opened On"], ["甲", "2026年9月"]), "lacks the day"),
    ("ambiguous date", (["Name", "Opened On"], ["甲", "5/9/2026"]), "which is the day"),
    ("no date", (["Name", "Opened On"], ["甲", "很久以前"]), "is not a date"),
    ("not yes or no", (["Name", "Is Teaching"], ["甲", "也许"]), "neither yes nor no"),
    ("excel error", (["Name", "Note"], ["甲", "#REF!"]), "Excel error #REF!"),
    ("lost digits", (["Name", "Code"], ["甲", 310101199001011234]), "lost its last digits"),
    ("constraint of the model", (["Name", "Beds"], ["甲", -1]), "Beds cannot be negative."),
    ("name of another code", (["Name", "Code"], ["示例医院0（示例）", "X9"]), "has another value here: C0"),
]


@tagged("post_install", "-at_install")
class TestBadFiles(IoCase):
    """Every bad file and every bad row is refused with a message that says what to do, and changes nothing."""

    def count(self):
        return self.Clinic.with_context(active_test=False).search_count([])

    def test_files(self):
        before = self.count()
        for name, content, filename, words in BAD_FILES:
            with self.subTest(name), self.assertRaises(UserError) as caught:
                self.job(content, filename)
            self.assertIn(words, str(caught.exception), name)
        self.assertEqual(self.count(), before)

    def test_limits(self):
        content = xlsx(["Name", "Code"], *([f"甲{index}", index] for index in range(30)))
        for limits, words in ((tabular.Limits(rows=5), "more than 5 rows"), (tabular.Limits(columns=1), "2 columns"),
                              (tabular.Limits(file_size=10), "at most 1 MB")):
            with patch.object(tabular, "Limits", return_value=limits), self.assertRaises(UserError) as caught:
                self.job(content)
            self.assertIn(words, str(caught.exception))

    def test_rows(self):
        before = self.count()
        for name, rows, words in BAD_ROWS:
            with self.subTest(name):
                job = self.job(xlsx(*rows))
                job.action_test()
                job.action_run()
                self.assertEqual((job.state, job.bad_count), ("tested", 1), job.row_ids.mapped("difference"))
                self.assertIn(words, job.row_ids.message)
        self.assertEqual(self.count(), before)
        self.assertEqual(self.clinics[0].code, "C0")
