import contextlib
import datetime as dt
import io
import zipfile

import openpyxl

from odoo.tests import BaseCase, tagged

from ..tools import coercion, file_kinds, header, tabular
from . import damaging


def workbook(*rows, merge=None, extra=None):
    """Return the bytes of an xlsx file with ``rows``."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if merge:
        book.active.merge_cells(merge)
    if extra:
        extra(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@tagged("post_install", "-at_install")
class TestTabular(BaseCase):
    """Every way a table reaches us is read, or refused for the right reason."""

    def refused(self, code, content, name="a.xlsx", limits=None):
        with self.assertRaises(tabular.TabularError) as caught:
            header.cut(tabular.read_sheet(content, name, limits=limits), ["名称"], limits)
        self.assertEqual(caught.exception.code, code)

    def test_csv_encodings(self):
        """UTF-8 with and without mark, UTF-16 and GB18030 give the same text; so do comma, semicolon and tab."""
        text = "名称,备注\n仁济医院,𠮷\n"
        for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
            sheet = tabular.read_sheet(text.encode(encoding), "a.csv")
            self.assertEqual(sheet.rows[1], (2, ["仁济医院", "𠮷"]), encoding)
        for delimiter in ",;\t":
            sheet = tabular.read_sheet(f"名称{delimiter}备注\n甲{delimiter}乙".encode(), "a.csv")
            self.assertEqual(sheet.rows[1][1], ["甲", "乙"])

    def test_header_below_titles(self):
        """Titles above the table are skipped and row numbers stay those of the sheet."""
        content = workbook(["导入表"], [], ["名称*", "代码"], ["甲", 1], [], ["乙", 2])
        table = header.cut(tabular.read_sheet(content, "a.xlsx"))
        self.assertEqual((table.header_row, [number for number, _cells in table.rows]), (3, [4, 6]))

    def test_formula_gives_its_value(self):
        """A formula cell is read as the stored value; one that was never computed is empty, not its text."""
        sheet = tabular.read_sheet(workbook(["名称", "数"], ["甲", "=1+1"]), "a.xlsx")
        self.assertEqual(sheet.rows[1][1], ["甲"])

    def test_merged_title_is_harmless(self):
        content = workbook(["标题", None], ["名称", "代码"], ["甲", 1], merge="A1:B1")
        self.assertEqual(header.cut(tabular.read_sheet(content, "a.xlsx"), ["名称"]).header_row, 2)

    def test_sheets(self):
        """Hidden sheets are not offered; a named one is read."""
        def extra(book):
            book.create_sheet("乙").append(["名称", "x"])
            book.create_sheet("密").sheet_state = "hidden"
        content = workbook(["名称"], extra=extra)
        self.assertEqual(tabular.sheet_names(content, "a.xlsx"), ["Sheet", "乙"])
        self.assertEqual(tabular.read_sheet(content, "a.xlsx", "乙").rows[0][1], ["名称", "x"])

    def test_refusals(self):
        """Each defect of a file has a reason of its own."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("word/document.xml", "x")
        cases = [
            ("empty_file", b"", "a.xlsx"), ("empty_file", b"\xef\xbb\xbf \r\n", "a.csv"),
            ("wrong_type", b"%PDF-1.7 x", "a.pdf"), ("wrong_type", b"\x89PNG\r\n\0\0\0", "a.csv"),
            ("wrong_type", stream.getvalue(), "a.xlsx"), ("wrong_type", b"<html><table>", "a.xls"),
            ("corrupt", b"PK\x03\x04 broken", "a.xlsx"), ("corrupt_csv", '名称\n"甲'.encode(), "a.csv"),
            ("password", tabular.OLE_MAGIC + b"\0" * 600 + tabular.ENCRYPTED, "a.xlsx"),
            ("encoding", b"\xff\xfe\x00", "a.csv"), ("empty_sheet", workbook(), "a.xlsx"),
            ("no_header", workbook([1, 2], [3, 4]), "a.xlsx"), ("no_rows", workbook(["名称", "代码"]), "a.xlsx"),
            ("duplicate_headers", workbook(["名称", "名 称*"], ["甲", "乙"]), "a.xlsx"),
            ("merged_cells", workbook(["名称", "代码"], ["甲", 1], ["甲", 1], merge="A2:A3"), "a.xlsx"),
        ]
        for code, content, name in cases:
            with self.subTest(code=code, name=name):
                self.refused(code, content, name)

    def test_damaged(self):
        """Whatever is wrong with a workbook ends in a refusal of ours, or in what can still be read."""
        whole = workbook(["名称", "代码", "日期"], ["甲", 1, dt.date(2026, 1, 3)], ["乙", True, None], merge="A2:A3")
        old = tabular.OLE_MAGIC + b"\0" * 600 + tabular.WORKBOOK_STREAMS[0] + b"\0" * 600
        for content in (*damaging.turned(whole, 37), *damaging.repacked(whole), *damaging.turned(old, 97)):
            with contextlib.suppress(tabular.TabularError):
                tabular.sheet_names(content, "a.xlsx")
            with contextlib.suppress(tabular.TabularError):
                tabular.read_sheet(content, "a.xlsx")
            with contextlib.suppress(ValueError):
                file_kinds.check("a.xlsx", content)
        self.refused("corrupt", old, "a.xls")

    def test_limits(self):
        rows = [["名称", "代码"], *([f"机构{index}", index] for index in range(40))]
        self.refused("too_many_rows", workbook(*rows), limits=tabular.Limits(rows=5))
        self.refused("too_many_columns", workbook(*rows), limits=tabular.Limits(columns=1))
        self.refused("file_too_large", workbook(*rows), limits=tabular.Limits(file_size=100))
        self.refused("file_too_large", workbook(*rows), limits=tabular.Limits(unpacked_size=100))


@tagged("post_install", "-at_install")
class TestCoercion(BaseCase):
    """A cell gives the value people meant, or says why not."""

    def refused(self, code, function, *args):
        with self.assertRaises(coercion.CoercionError) as caught:
            function(*args)
        self.assertEqual(caught.exception.code, code)

    def test_dates(self):
        day = dt.date(2026, 9, 5)
        for value in ("2026-09-05", "2026/9/5", "2026.9.5", "20260905", 20260905, 46270, "46270", "2026年9月5日",
                      "2026年9月5号", "二〇二六年九月五日", "２０２６年９月５日", "2026-09-05 00:00:00", day):
            self.assertEqual(coercion.date(value), day, value)
        self.assertEqual(coercion.date("二〇二六年十二月三十一日"), dt.date(2026, 12, 31))

    def test_dates_refused(self):
        for code, value in (("date_incomplete", "2026年9月"), ("date_ambiguous", "5/9/2026"), ("not_date", "明天"),
                            ("no_such_date", "2026-02-30"), ("not_date", -3), ("excel_error", "#N/A")):
            self.refused(code, coercion.date, value)

    def test_numbers(self):
        for value, expected in (("1,234.5", 1234.5), ("￥1,200", 1200), ("１２", 12), (3, 3), ("-0.5", -0.5)):
            self.assertEqual(coercion.number(value), expected)
        for value in ("12%", "1,23", "abc", True):
            self.refused("not_number", coercion.number, value)
        self.refused("not_integer", coercion.integer, 1.5)
        self.refused("number_too_large", coercion.integer, 3_000_000_000)

    def test_text(self):
        """Whole numbers lose no digit and gain no ``.0``; an identity number stored as a number is refused."""
        self.assertEqual(coercion.text(13800138000.0), "13800138000")
        self.assertEqual(coercion.text("\u3000仁济\u00a0"), "仁济")
        self.assertEqual(coercion.text("'=1"), "=1")
        self.refused("digits_lost", coercion.text, 310101199001011234)

    def test_words(self):
        self.assertTrue(all(coercion.boolean(value) for value in ("是", "√", "Y", 1, True)))
        self.assertFalse(any(coercion.boolean(value) for value in ("否", "无", "×", "0", False)))
        self.refused("not_boolean", coercion.boolean, "也许")
        options = [("third", "三级甲等"), ("second", "二级")]
        self.assertEqual(coercion.selection(" 三级 甲等", options), "third")
        self.refused("unknown_option", coercion.selection, "四级", options)

    def test_nearest(self):
        self.assertEqual(coercion.nearest("黄浦", ["徐汇区", "黄浦区"]), ["黄浦区"])
