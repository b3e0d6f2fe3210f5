import contextlib
import io
import re
import zipfile
from unittest.mock import patch

import openpyxl

from odoo.tests import BaseCase, tagged

from odoo.addons.ctsp_base.tests import damaging

from ..tools import marked, tables
from ..tools.findings import Finding
from ..tools.readers import rows_of
from ..tools.unreadable import Unreadable
from ..tools.validator import Validator
from .sample_definition import DATA, definition, xlsx


@tagged("post_install", "-at_install")
class TestReaders(BaseCase):
    """Files become rows without being held whole, whatever they look like; bombs are refused."""

    def rows(self, content, kind):
        stream = io.BytesIO(content.encode() if isinstance(content, str) else content)
        return list(rows_of(stream, kind, definition())[0])

    def refused(self, content, kind):
        with self.assertRaises(Unreadable) as caught:
            self.rows(content, kind)
        return caught.exception.code

    def test_json(self):
        """One object, many in an array, across the edges of what is read at once; memory holds one."""
        self.assertEqual(self.rows(' {"a": 1} ', "json"), [{"a": 1}])
        self.assertEqual(self.rows("[]", "json"), [])
        many = "[" + ",\n".join('{"a": "%s", "b": [{"c": 1}]}' % ("甲" * 97) for _ in range(3000)) + "]"
        rows = self.rows(b"\xef\xbb\xbf" + many.encode(), "json")
        self.assertEqual((len(rows), rows[-1]["a"]), (3000, "甲" * 97))

    def test_json_refused(self):
        """Broken, doubled, endless, deep or foreign text is told apart."""
        for content, code in (
            ("", "syntax"), ("5", "syntax"), ("[1, 2", "syntax"), ('[{"a": 1} {"a": 2}]', "syntax"),
            ('{"a": 1} x', "syntax"),
            ('{"a": 1, "a": 2}', "syntax"), ('{"a": NaN}', "syntax"), ('{"a": ' + "[" * 9 + "]" * 9 + "}", "depth"),
            ("[" * 200_000, "depth"), (b'{"a": "\xff"}', "encoding"), ('{"a": "' + "x" * (2 << 20) + '"}', "row_size"),
        ):
            self.assertEqual(self.refused(content, "json"), code, str(content)[:40])

    def test_ndjson(self):
        """A broken line is a finding; the next one is read."""
        rows = self.rows('{"a": 1}\n\n{"a": \n{"a": 1, "a": 2}\n' + "[" * 100_000 + '\n{"a": 3}', "ndjson")
        self.assertEqual([type(row) is Finding for row in rows], [False, True, True, True, False])
        self.assertEqual((rows[1].row, rows[1].code, rows[-1]), (2, "syntax", {"a": 3}))
        self.assertEqual(self.refused("x" * (2 << 20), "ndjson"), "row_size")
        [long] = self.rows('{"a": %s}' % ("9" * 5000), "ndjson")
        self.assertIn("数字过长", long.message)

    def test_csv(self):
        """UTF-8 and GBK, names or codes as headers, inner rows under their row."""
        text = ("登记号,*题目,委员.姓名,委员.性别\nCTR20260001,某药,甲,女\n,,乙,男\n"
                "CTR20260002,'=1+1,丙,\nCTR20260002,x,丁,\n")
        for content in (text.encode(), text.encode("gbk"), b"\xef\xbb\xbf" + text.encode(), text.encode("utf-16")):
            rows = self.rows(content, "csv")
            self.assertEqual(rows[0], {"ctr_no": "CTR20260001", "title": "某药", "members": [
                {"name": "甲", "gender": "女"}, {"name": "乙", "gender": "男"}]})
            self.assertEqual((len(rows), rows[1]["title"], len(rows[1]["members"])), (2, "=1+1", 2))
        for content, code in (("", "empty"), ("甲,乙\n1,2", "header"), ("题目,题目\n1,2", "header"),
                              ('题目\n"a', "csv"), (b"\xff\xff\x81", "encoding")):
            self.assertEqual(self.refused(content, "csv"), code, content)

    def test_xlsx(self):
        content = xlsx(
            [["登记号", "题目", "计划例数"], ["CTR20260001", "某药", 12], [None], ["CTR20260002", "x", 1.5]])
        self.assertEqual(self.rows(content, "xlsx"), [
            {"ctr_no": "CTR20260001", "title": "某药", "planned": 12},
            {"ctr_no": "CTR20260002", "title": "x", "planned": 1.5}])

    def test_xlsx_formulas(self):
        """A formula without its result is named, not read as nothing; one whose result is an empty text is empty."""
        bare = xlsx([["登记号", "题目", "计划例数"], ["CTR20260001", "某药", "=1+1"]])
        with self.assertRaises(Unreadable) as caught:
            self.rows(bare, "xlsx")
        self.assertEqual(caught.exception.code, "formula")
        self.assertIn("C2", str(caught.exception))
        for kept, planned in ((b'<c r="C2"><f>1+1</f><v>2</v></c>', {"planned": 2}),
                              (b'<c r="C2" t="str"><f>""</f><v></v></c>', {})):
            stream = io.BytesIO()
            with zipfile.ZipFile(io.BytesIO(bare)) as old, zipfile.ZipFile(stream, "w") as new:
                for name in old.namelist():
                    new.writestr(name, re.sub(rb'<c r="C2".*?</c>', kept, old.read(name)))
            [row] = self.rows(stream.getvalue(), "xlsx")
            self.assertEqual(row, {"ctr_no": "CTR20260001", "title": "某药", **planned})

    def test_beyond_the_header(self):
        """Nothing is left out in silence: what has no header is found in its row, whatever the file."""
        text = ('登记号,题目,分期,计划例数\nCTR20260001,某药,片,1,12\n'
                'CTR20260002,"某药,片",1,12\nCTR20260003,某药,1,12,\n')
        checked = [Validator(definition(), True).check(1, row) for row in self.rows(text, "csv")]
        self.assertEqual([one.accepted for one in checked], [False, True, True])
        self.assertIn("第5列没有表头", "".join(item.message for item in checked[0].findings))
        noted = xlsx([["登记号", None, "题目"], ["CTR20260001", "旁注", "某药", None, "又一"]])
        [row] = self.rows(noted, "xlsx")
        found = [(item.path, item.code) for item in Validator(definition(), True).check(1, row).findings]
        self.assertEqual(found[-2:], [("第2列", "no_header"), ("第5列", "no_header")])

    def test_other_data_set(self):
        """A table of another data set is told as such, once, not in each row."""
        self.assertEqual(self.refused("登记号,姓名,学历,科室\nCTR20260001,甲,博士,内科\n", "csv"), "header")
        self.assertEqual(self.refused("*,*\n1,2\n", "csv"), "header")

    def test_sheets(self):
        """Data on a second sheet are not left out in silence; notes and hidden sheets are nobody's data."""
        head, line = ["登记号", "题目", "分期"], ["CTR20260001", "某药", "1"]
        book = openpyxl.Workbook()
        for one in (head, line):
            book.active.append(one)
        notes, other = book.create_sheet("填表说明"), book.create_sheet("续")
        for one in (["登记号", "怎样填"], ["题目", "怎样填"]):
            notes.append(one)
        other.append(head)
        self.assertEqual(len(self.rows(self.saved(book), "xlsx")), 1, "a second header alone")
        other.append(line)
        self.assertEqual(self.refused(self.saved(book), "xlsx"), "sheets")
        other.sheet_state = "hidden"
        self.assertEqual(len(self.rows(self.saved(book), "xlsx")), 1)
        book.active.row_dimensions[2].hidden = True
        self.assertEqual(len(self.rows(self.saved(book), "xlsx")), 1, "hidden rows are rows")

    def saved(self, book):
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def test_merged(self):
        """Cells merged downwards are empty below the first: refused, but where a table has rows within rows."""
        book, flat = openpyxl.Workbook(), definition(fields=DATA["fields"][:3], rules=[])
        for one in (["登记号", "题目", "分期"], ["CTR20260001", "某药", "1"], ["CTR20260002", None, "1"]):
            book.active.append(one)
        book.active.merge_cells("B2:B3")
        content = self.saved(book)
        with self.assertRaises(Unreadable) as caught:
            list(rows_of(io.BytesIO(content), "xlsx", flat)[0])
        self.assertIn("B2:B3", str(caught.exception))
        self.assertEqual(len(self.rows(content, "xlsx")), 2)

    def test_handed_back(self):
        """Beside each row stands what was found, without codes; what is not listed stands above; it is read again."""
        text = "登记号,题目,分期,委员.姓名\nCTR20260001,某药,Ⅰ期,甲\n,,,乙\n"
        found = [{"row": row, "path": path, "code": code, "message": message, "hint": hint, "level": "error"}
                 for row, path, code, message, hint in (
                     (0, "title", "more", "另有5处", ""), (1, "members[1].name", "length", "姓名过长", ""),
                     (1, "end_date", "rule", "早于开始日期", "请核对"))]
        content = marked.write(text.encode(), "csv", definition(), found)
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        self.assertEqual(sheet["A1"].value, "校验结果\n题目：另有5处")
        self.assertEqual(sheet["A2"].value, "委员第2行：姓名过长\n结束日期：早于开始日期（请核对）")
        [row] = self.rows(content, "xlsx")
        self.assertEqual((row["ctr_no"], [one["name"] for one in row["members"]]), ("CTR20260001", ["甲", "乙"]))

    def test_far_rows(self):
        """A row that is said to stand where no sheet has one is not waited for."""
        whole = xlsx([["登记号", "题目"], ["CTR20260001", "某药"]])
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(stream, "w") as new:
            for name in old.namelist():
                new.writestr(name, old.read(name).replace(b'<row r="2"', b'<row r="2000000000"'))
        with patch.object(tables, "ROWS_OF_A_SHEET", 1000):
            self.assertEqual(self.refused(stream.getvalue(), "xlsx"), "xlsx")

    def test_inner_rows(self):
        """More inner rows than the list may have are not gathered: one too many is left to be refused."""
        text = "登记号,题目,委员.姓名\nCTR20260001,某药,甲\n" + ",,乙\n" * 1000
        [row] = self.rows(text, "csv")
        self.assertEqual(len(row["members"]), 6)
        self.assertIn("rows", [item.code for item in Validator(definition(), True).check(1, row).findings])

    def test_broken(self):
        """Half a character, a broken stream and an encrypted part are a sentence, not an error of ours."""
        half = b"\xff\xfe" + "登记号\n".encode("utf-16-le") + b"\x00\xd8"
        self.assertEqual(self.refused(half, "csv"), "encoding")
        whole = xlsx([["登记号", "题目"], *(["CTR20260001", f"某药{number}"] for number in range(200))])
        with zipfile.ZipFile(io.BytesIO(whole)) as archive:
            entry = archive.getinfo("xl/worksheets/sheet1.xml")
        start = entry.header_offset + 30 + len(entry.filename)
        self.assertEqual(self.refused(whole[:start] + b"\xff" * 64 + whole[start + 64:], "xlsx"), "xlsx")
        with patch.object(tables.zipfile.ZipFile, "infolist", side_effect=RuntimeError("encrypted")):
            self.assertEqual(self.refused(whole, "xlsx"), "xlsx")
        small = xlsx([["登记号", "题目"], ["CTR20260001", "某药"]])
        for content in (*damaging.turned(small, 67), *damaging.repacked(small)):
            with contextlib.suppress(Unreadable):
                self.rows(content, "xlsx")

    def test_bombs(self):
        """What is no workbook, unpacks to too much or defines entities is refused before it is read."""
        self.assertEqual(self.refused(b"PK\x03\x04garbage", "xlsx"), "xlsx")
        self.assertEqual(self.refused("a,b", "xlsx"), "xlsx")
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", "<a/>")
            archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (12 << 20))
        self.assertEqual(self.refused(stream.getvalue(), "xlsx"), "zip_bomb")
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("xl/workbook.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a/>')
        self.assertEqual(self.refused(stream.getvalue(), "xlsx"), "xlsx")
        self.assertLess(tables.UNPACKED_LIMIT, 1 << 30)
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("xl/workbook.xml", "<a/>")
            archive.writestr("xl/sharedStrings.xml", b"<si><t/></si>" * ((tables.STRINGS_LIMIT >> 6) + 1))
        self.assertEqual(self.refused(stream.getvalue(), "xlsx"), "zip_bomb", "each short text is an object in memory")
