import datetime as dt

from odoo.tests import tagged
from odoo.tests.common import BaseCase

from ..tools import input_checks as checks

# check, values it takes, (value, reason) it refuses
CASES = (
    (checks.integer, (0, -3, "12", 5.0, 2**31 - 1), (
        ("x", "not_integer"), (1.5, "not_integer"), (True, "not_integer"), ([1], "not_integer"),
        ("１２", "not_integer"),
        (2**31, "too_large"), ("99999999999", "too_large"))),
    (checks.number, (0, 1.5, "2.5", -1), (
        ("x", "not_number"), (float("nan"), "not_number"), (float("inf"), "not_number"), ({}, "not_number"),
        (1e30, "too_large"))),
    (checks.boolean, (True, False, 0, 1), (("否", "not_boolean"), (2, "not_boolean"), ([], "not_boolean"))),
    (checks.date, ("2026-09-05", "2026-09-05 10:00:00", dt.date(2026, 9, 5), "9999-12-31"), (
        ("2026-02-30", "no_such_day"), ("05/09/2026", "not_date"), (20260905, "not_date"), ("0001-01-01", "year"))),
    (checks.datetime, ("2026-09-05 10:00:00", dt.datetime(2026, 9, 5, 1)), (
        ("2026-09-05 25:00:00", "no_such_day"), ("soon", "not_moment"), ("9999-12-31 00:00:00", "year"))),
    (checks.text, ("x" * 1000, 5), (
        (["x"], "not_text"), ({"a": 1}, "not_text"), (True, "not_text"), ("a\0", "unreadable"),
        ("\ud800", "unreadable"), ("x" * 1_000_001, "too_long"))),
    (checks.identifier, (1, 2**31 - 1), (
        (0, "not_record"), (-1, "not_record"), ("1", "not_record"), (True, "not_record"), (2**31, "not_record"))),
    (checks.commands, (
        [], [1, 2], [[6, 0, [1]]], [(0, 0, {})], [[0, "virtual_1", {}]], [[5]], [[3, 1]], [[1, 4, {"a": 1}]]), (
        ("abc", "not_rows"), ({"a": 1}, "not_rows"), ([[9, 0, 0]], "not_rows"), ([[0, 0]], "not_rows"),
        ([[6, 0, "x"]], "not_rows"), ([[6, 0, ["x"]]], "not_record"), ([["x"]], "not_rows"), ([[]], "not_rows"))),
    (checks.binary, ("aGVsbG8=", b"aGVsbG8=", "12.34 Kb"), ((1, "not_file"), ("a", "not_file"))),
    (checks.structure, ({"a": [1, "甲"]}, []), (({"a": "\0"}, "unreadable"), (float("nan"), "not_structure"))),
)


@tagged("post_install", "-at_install")
class TestInputChecks(BaseCase):
    """Values of each type that are stored as they are, and the reason why others are not."""

    def test_cases(self):
        for check, good, bad in CASES:
            for value in good:
                with self.subTest(check=check.__name__, good=value):
                    check(value)
            for value, code in bad:
                with self.subTest(check=check.__name__, bad=value):
                    with self.assertRaises(checks.InputError) as caught:
                        check(value)
                    self.assertEqual(caught.exception.code, code)

    def test_options(self):
        checks.option("a", [("a", "甲")])
        for value in ("b", ["a"], 1):
            with self.subTest(value=value), self.assertRaises(checks.InputError):
                checks.option(value, [("a", "甲")])

    def test_what_is_quoted(self):
        """A message quotes a value on one line, without what no screen can show, and not endlessly."""
        self.assertEqual(checks.shown("甲\0\n乙"), "甲□□乙")
        self.assertEqual(len(checks.shown("x" * 500)), 41)
