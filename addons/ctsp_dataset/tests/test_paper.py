import io
import json
import re
import zipfile

import openpyxl

from odoo.tests import BaseCase, tagged

from ..tools import definition as model
from ..tools import json_schema, openapi, paper, sample, tables, workbook
from ..tools.folding import folded
from .sample_definition import definition


@tagged("post_install", "-at_install")
class TestPaper(BaseCase):
    """Everything that is handed out is made from the one definition."""

    def test_json_schema(self):
        """Types, limits and codes stand in the schema; what need not be given may be null."""
        schema = json_schema.row_schema(definition())
        fields = schema["properties"]
        self.assertEqual(schema["required"], ["ctr_no", "title", "phase"])
        self.assertEqual((fields["planned"]["type"], fields["planned"]["maximum"]), (["integer", "null"], 10000))
        self.assertEqual(fields["phase"]["enum"], ["1", "2"])
        self.assertEqual(fields["members"]["items"]["required"], ["name"])
        self.assertFalse(schema["additionalProperties"])
        self.assertEqual(fields["ctr_no"]["x-format"], "ctr_no")
        numbers = ("CTR20260001", "沪械临备20260001", "CTR2026", "械临备20260001", "xCTR20260001")
        for form, fitting in (("ctr_no", numbers[:1]), ("trial_no", numbers[:2])):
            pattern = json_schema.FORMS[form]["pattern"]
            self.assertEqual(tuple(number for number in numbers if re.search(pattern, number)), fitting)
        self.assertEqual((fields["title"]["pattern"], fields["rate"]["x-digits"]), ("\\S", 2))
        self.assertEqual(fields["start_date"]["x-maximum"], "today")
        self.assertIn("不晚于今天", fields["start_date"]["description"])
        self.assertEqual(json_schema.row_schema(definition(mode="whole"))["x-mode"], "whole")
        self.assertEqual(json_schema.FORMS.keys(), model.FORMATS.keys())
        json.dumps(schema)

    def test_openapi(self):
        """Each published data set has its path; every reference leads somewhere."""
        document = openapi.document([definition()])
        self.assertEqual(document["openapi"], "3.1.0")
        post = document["paths"]["/ctsp/open/v1/datasets/trials/submissions"]["post"]
        self.assertEqual(post["requestBody"]["content"]["application/json"]["example"], sample.row(definition()))
        text = json.dumps(document)
        names = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
        self.assertLessEqual(names, set(document["components"]["schemas"]))

    def test_workbook_round_trip(self):
        """The definition's workbook, read again, is the same definition."""
        data = workbook.read(workbook.write(definition()))
        read = model.load(data)
        self.assertEqual(read.as_dict() | {"fields": 0}, definition().as_dict() | {"fields": 0})
        names = ("code", "type", "required", "limit", "codes", "format", "pattern", "personal", "minimum", "example")
        for (old_path, old), (new_path, new) in zip(definition().walk(), read.walk(), strict=True):
            self.assertEqual([old_path] + [getattr(old, name) for name in names],
                             [new_path] + [getattr(new, name) for name in names])

    def test_template_is_readable(self):
        """The workbook to fill in is read; its sample row counts once it is changed, else it is told of. Texts stay."""
        book = openpyxl.load_workbook(io.BytesIO(workbook.template(definition(name="A/B"))))
        self.assertEqual((book.active.title, book.active["B2"].number_format), ("A_B", "@"))
        for value, wanted in (("CTR20260001", "sample"), ("CTR20260002", None)):
            book.active["A2"], stream = value, io.BytesIO()
            book.save(stream)
            [row] = folded(tables.xlsx_rows(stream, definition()), definition())
            if wanted:
                self.assertEqual((row.code, row.row), (wanted, 1))
            else:
                self.assertEqual((row["ctr_no"], row["members"][0]["gender"]), (value, "女"))

    def test_documents(self):
        """Word and PDF hold the fields; texts are texts, never markup."""
        odd = definition(description="<b>&危险")
        with zipfile.ZipFile(io.BytesIO(paper.docx(odd))) as archive:
            text = archive.read("word/document.xml").decode()
        self.assertIn("计划例数", text)
        self.assertIn("&lt;b&gt;", text)
        self.assertIn("&lt;b&gt;&amp;危险", paper.html([odd]))
        self.assertTrue(paper.pdf([odd]).startswith(b"%PDF-"))
