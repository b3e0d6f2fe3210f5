import io
import json
import tempfile
import time
import tracemalloc
from datetime import date
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from ..tools import compare, definition, intake, report_file, sample
from ..tools.validator import Validator
from .sample_definition import DATA, row
from .sample_definition import definition as make


def today():
    return date(2026, 6, 1)


@tagged("post_install", "-at_install")
class TestValidator(BaseCase):
    """Rows are judged field by field and rule by rule, in words, with constant memory."""

    def found(self, lenient=False, **changes):
        checked = Validator(make(), lenient, today).check(1, row(**changes))
        return [(item.path, item.code) for item in checked.findings], checked

    def test_single_values(self):
        """Each kind of wrong value is named with its field."""
        for changes, wanted in (
            ({}, []), ({"title": None}, [("title", "required")]), ({"title": ""}, [("title", "required")]),
            ({"title": " \u3000"}, [("title", "required")]),
            ({"title": 5}, [("title", "type")]), ({"title": "甲" * 21}, [("title", "length")]),
            ({"title": "a\x00"}, [("title", "control")]), ({"ctr_no": "CTR2026"}, [("ctr_no", "format")]),
            ({"phase": "9"}, [("phase", "code")]), ({"phase": 1}, [("phase", "type")]),
            ({"planned": -1}, [("planned", "minimum")]), ({"planned": 10 ** 9}, [("planned", "maximum")]),
            ({"planned": "12"}, [("planned", "type")]), ({"planned": True}, [("planned", "type")]),
            ({"planned": 1.5}, [("planned", "type")]), ({"rate": float("nan")}, [("rate", "maximum")]),
            ({"rate": 0.123}, [("rate", "digits")]), ({"start_date": "2026-02-30"}, [("start_date", "date")]),
            ({"start_date": "2026-06-02"}, [("start_date", "maximum")]), ({"start_date": 5}, [("start_date", "type")]),
            ({"open": "是"}, [("open", "type")]), ({"phone": "12"}, [("phone", "format")]),
            ({"note": "ab"}, [("note", "pattern")]), ({"colour": 1}, [("colour", "unknown_field")]),
            ({"members": {}}, [("members", "type")]), ({"members": [{}]}, [("members[0].name", "required")]),
            ({"members": ["a"]}, [("members[0]", "row_type")]),
            ({"members": [{"name": "甲"}] * 6}, [("members", "rows")]),
            ({"start_date": "2026-03-02", "end_date": "2026-03-01"}, [("end_date", "rule")]),
        ):
            self.assertEqual(self.found(**changes)[0], wanted, changes)

    def test_hints_fit_the_format(self):
        """How to mend a value is said as the format that was sent writes it; days are early and late, not small."""
        for lenient, wanted in ((False, "true 或 false"), (True, "例如：是")):
            self.assertIn(wanted, self.found(lenient, open="也许")[1].findings[0].hint)
        self.assertIn('"某药', self.found(title=5)[1].findings[0].hint)
        late = self.found(start_date="2026-06-02")[1].findings[0]
        self.assertEqual((late.message, late.hint), ("开始日期晚于上限2026-06-01", "请核对日期，应不晚于2026-06-01"))

    def test_spoilt_by_a_spreadsheet(self):
        """What a spreadsheet made of a value is told in words, not taken for the value."""
        for changes, wanted in (
            ({"title": "#N/A"}, [("title", "cell_error")]), ({"planned": "#REF!"}, [("planned", "cell_error")]),
            ({"title": 310101199001011234}, [("title", "rounded")]), ({"title": 3.1e17}, [("title", "rounded")]),
            ({"title": "3.10101E+17"}, [("title", "rounded")]), ({"phone": 13800138000.0}, []),
            ({"title": "1E+3"}, []), ({"planned": "1e3"}, []),
        ):
            self.assertEqual(self.found(True, **changes)[0], wanted, changes)
        self.assertEqual(self.found(title="#N/A")[0], [], "JSON says what it means")

    def test_moments(self):
        """Moments are compared as such, whatever their zones; one without a zone is China's."""
        rules = [{"code": "order", "expression": "late >= early", "message": "m"}]
        fields = [{"code": code, "name": code, "type": "datetime", "maximum": "today"} for code in ("early", "late")]
        validator = Validator(make(fields=fields, rules=rules, keys=[]), today=today)
        for early, late, codes in (
            ("2026-03-01T09:00:00+08:00", "2026-03-01T02:00:00Z", []),
            ("2026-03-01T09:00:00", "2026-03-01T00:59Z", ["rule"]),
            ("2026-06-01T20:00:00Z", None, ["maximum"]), ("0001-01-01T00:00:00+14:00", None, ["datetime"]),
        ):
            checked = validator.check(1, {"early": early, "late": late})
            self.assertEqual([item.code for item in checked.findings], codes, early)

    def test_messages(self):
        """A finding says what, which value and how to mend it; what is personal is masked."""
        item = self.found(phone="1381234567")[1].findings[0]
        self.assertNotIn("1381234567", str(item))
        self.assertIn("电话", item.message)
        item = self.found(phase="9")[1].findings[0]
        self.assertIn("Ⅱ期", item.hint)
        self.assertEqual((item.value, item.row), ("9", 1))
        item = self.found(start_date="2026-03-01", end_date="2026-02-01")[1].findings[0]
        self.assertEqual((item.code, item.value), ("rule", "2026-02-01"))
        rules = [{"code": "none", "expression": "phone = null", "fields": ["phone"], "message": "m"}]
        item = Validator(make(rules=rules), today=today).check(1, row(phone="13812345678")).findings[0]
        self.assertEqual((item.code, item.value), ("rule", "138****5678"))

    def test_warning(self):
        """A warning is told and refuses nothing."""
        found, checked = self.found(members=[{"name": "甲"}, {"name": "乙", "gender": "m"}])
        self.assertEqual(found, [("members", "rule")])
        self.assertTrue(checked.accepted)

    def test_table_values(self):
        """What spreadsheets make of values is read as it was meant: dates, numbers, names of codes."""
        values = self.found(
            lenient=True, phase="Ⅱ期", planned="1,200", open="是", start_date="2026/1/5", rate="0.5")[1].values
        self.assertEqual(values["phase"], "2")
        self.assertEqual((values["planned"], values["open"], values["start_date"], values["rate"]),
                         (1200, True, "2026-01-05", 0.5))
        self.assertEqual(self.found(lenient=True, planned="many")[0], [("planned", "type")])

    def test_across_rows(self):
        """A key that repeats names the row before; a counterpart may come later, or never."""
        validator = Validator(make(), today=today)
        self.assertTrue(validator.check(1, row(1)).accepted)
        self.assertTrue(validator.check(2, row(2, parent_no="CTR20260003")).accepted)
        twin = validator.check(3, row(1))
        self.assertEqual([(item.code, item.path) for item in twin.findings], [("unique", "ctr_no")])
        self.assertIn("第1行", twin.findings[0].message)
        validator.check(4, row(4, parent_no="CTR20269999"))
        validator.check(5, row(3))
        self.assertEqual([(late.row, late.code) for late in validator.finish()], [(4, "exists")])

    def test_rows_that_are_none(self):
        for value in (None, 5, "x", []):
            self.assertEqual(Validator(make(), today=today).check(1, value).findings[0].code, "row_type")

    def test_speed_and_memory(self):
        """The last thousand of many rows cost what the first thousand cost, and little is kept of each."""
        validator = Validator(make(), today=today)
        tracemalloc.start()
        times, number = [], 0
        for _part in range(8):
            start = time.process_time()
            for _ in range(1000):
                number += 1
                validator.check(number, row(number))
            times.append(time.process_time() - start)
        kept, _peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        self.assertLess(kept, 8000 * 400)
        self.assertLess(min(times[4:]), 4 * min(times[:4]))


@tagged("post_install", "-at_install")
class TestIntake(BaseCase):
    """What is counted is what is kept, and a report stays readable however much is wrong."""

    def take(self, *rows):
        with tempfile.TemporaryDirectory() as folder:
            accepted, report = f"{folder}/accepted", f"{folder}/report"
            taken = intake.take(make(), io.BytesIO(json.dumps(rows).encode()), "json", accepted, report, 1000)
            with open(accepted, "rb") as kept, open(report, "rb") as told:
                return (taken, [number for number, _row in intake.rows_in(kept.read())],
                        list(report_file.findings_in(told.read())))

    def test_refused_twice(self):
        """A row that is refused while it is read is no row that could be refused at the end once more."""
        taken, kept, _found = self.take(row(1), row(1, parent_no="CTR20269999"))
        self.assertEqual((taken.accepted, taken.refused, kept), (1, 1, [1]))

    def test_followers(self):
        """A row whose counterpart is refused at the end goes with it; who refers to itself stays."""
        warned = {"members": [{"name": "甲"}, {"name": "乙", "gender": "m"}]}
        taken, kept, found = self.take(
            row(1, parent_no="CTR20260002", **warned), row(2, parent_no="CTR20260003"),
            row(3, parent_no="CTR20269999"), row(4, parent_no="CTR20260004"), row(5, phase="9"),
            row(6, parent_no="CTR20260005"))
        self.assertEqual((kept, taken.accepted, taken.warned), ([4], 1, 0))
        self.assertEqual([item["row"] for item in found if item["code"] == "exists"], [3, 6, 2, 1])

    def test_many_findings(self):
        """Of one mistake in every row the first ones are listed, the rest is counted."""
        with patch.object(intake, "LISTED_OF_A_KIND", 3), patch.object(intake, "LISTED", 5):
            taken, _kept, found = self.take(*(row(number, colour=1, weight=2, open=3) for number in range(1, 11)))
        self.assertEqual((len(found), taken.total), (9, 9))
        self.assertEqual([item["code"] for item in found[5:]], ["more"] * 4)
        self.assertIn("7处", found[5]["message"])
        self.assertIn("4处", found[8]["message"], "three of each of three kinds were due, five were listed")


@tagged("post_install", "-at_install")
class TestDefinition(BaseCase):
    """A definition that cannot work is not published; two versions are compared attribute by attribute."""

    def test_sound(self):
        self.assertEqual(definition.problems(make()), [])
        self.assertEqual(definition.load(make().as_dict()).as_dict(), make().as_dict())

    def test_problems(self):
        """Each mistake is named."""
        for changes, part in (
            ({"fields": []}, "还没有字段"), ({"code": "A b"}, "数据集代码"), ({"keys": ["phone"]}, "应为必填"),
            ({"keys": ["nix"]}, "主键"),
            ({"rules": [{"code": "r", "expression": "nix = 1", "message": "m"}]}, "没有字段"),
            ({"rules": [{"code": "r", "expression": "((", "message": "m"}]}, "规则“r”"),
            ({"rules": [{"code": "r", "kind": "exists", "fields": ["phase"]}]}, "对照字段"),
            ({"fields": [{"code": "a", "name": "甲", "pattern": "(a+)+"}]}, "嵌套重复"),
            ({"fields": [{"code": "a", "name": "甲", "type": "code"}]}, "代码表"),
            ({"fields": [{"code": "a", "name": "甲", "type": "integer", "minimum": "0.5"}]}, "不是整数"),
            ({"fields": [{"code": "a", "name": "甲"}, {"code": "a", "name": "乙"}]}, "重复"),
        ):
            self.assertTrue(any(part in text for text in definition.problems(make(**changes))), changes)
        with self.assertRaises(ValueError):
            definition.load({"code": "a", "name": "甲", "python": "1"})

    def test_compare(self):
        """What was added, removed and changed; what may refuse good data is marked."""
        fields = [dict(item) for item in DATA["fields"] if item["code"] != "open"]
        fields[1] |= {"length": 10}
        new = make(fields=[*fields, {"code": "fresh", "name": "新"}], rules=DATA["rules"][:2])
        changes = {(item.part, item.code): item for item in compare.compare(make(), new) if item.kind != compare.SAME}
        self.assertEqual({key: item.kind for key, item in changes.items()}, {
            ("field", "title"): "changed", ("field", "open"): "removed", ("field", "fresh"): "added",
            ("rule", "parent"): "removed"})
        self.assertEqual(changes["field", "title"].changes, (("length", 20, 10),))
        self.assertTrue(changes["field", "title"].breaking and not changes["field", "fresh"].breaking)

    def test_other_words(self):
        """A rule that is only worded anew refuses nothing that was good; a stricter one may."""
        rule = DATA["rules"][0]
        for changed, breaking in (({"message": "x"}, False), ({"expression": "end_date > start_date"}, True),
                                  ({"level": "warning"}, False)):
            found = [item for item in compare.compare(make(), make(rules=[{**rule, **changed}, *DATA["rules"][1:]]))
                     if item.kind == compare.CHANGED]
            self.assertEqual([item.breaking for item in found], [breaking], changed)

    def test_sample_rows(self):
        """Generated rows pass their own data set."""
        validator = Validator(make(), today=today)
        self.assertEqual(validator.check(1, sample.row(make())).findings, [])
