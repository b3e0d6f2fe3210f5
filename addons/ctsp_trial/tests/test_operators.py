from odoo.tests import BaseCase, tagged

from odoo.addons.ctsp_trial.tools.operators import terms


@tagged("post_install", "-at_install")
class TestOperators(BaseCase):
    """One condition becomes terms; what does not fit is refused; no database."""

    def test_terms(self):
        for kind, operator, value, expected in (
            ("text", "contains", " 心 ", [("f", "ilike", "心")]),
            ("choice", "in", [1, 2], [("f", "in", [1, 2])]),
            ("number", "between", [1, 5], [("f", ">=", 1), ("f", "<=", 5)]),
            ("date", "from", "2026-01-01", [("f", ">=", "2026-01-01")]),
            ("date", "not_set", None, [("f", "=", False)]),
            ("flag", "no", None, [("f", "=", False)]),
        ):
            with self.subTest(kind=kind, operator=operator):
                self.assertEqual(terms(kind, operator, "f", value), expected)

    def test_values_that_do_not_fit(self):
        for kind, operator, value in (
            ("text", "contains", "  "), ("text", "is", 3), ("choice", "in", []), ("choice", "in", [[1]]),
            ("number", "at_least", "3"), ("number", "at_least", True), ("number", "between", [5, 1]),
            ("number", "between", [1]), ("number", "at_least", 10 ** 400), ("number", "at_least", float("nan")),
            ("number", "between", [1, float("inf")]), ("date", "until", "2026-13-01"), ("date", "until", None),
        ):
            with self.subTest(kind=kind, value=value), self.assertRaises(ValueError):
                terms(kind, operator, "f", value)

    def test_unknown_operator(self):
        with self.assertRaises(KeyError):
            terms("text", "anything", "f", "x")
