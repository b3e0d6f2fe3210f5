from odoo.tests import BaseCase, tagged

from odoo.addons.ctsp_risk.tools.registry import check, merge_parameters, registered


class Base:
    @check("a.b", minimum=3)
    def _check_b(self, minimum):
        yield minimum


class Child(Base):
    def _check_b(self, minimum):
        yield from super()._check_b(minimum + 1)


@tagged("post_install", "-at_install")
class TestRegistry(BaseCase):
    """How methods become checks; no database."""

    def test_overriding_without_decorator_stays_registered(self):
        self.assertEqual(registered(Child), {"a.b": ("_check_b", {"minimum": 3})})

    def test_parameters_overlay_defaults(self):
        self.assertEqual(merge_parameters({"a": 1, "b": 2.0}, {"b": 3}), {"a": 1, "b": 3})

    def test_unknown_parameter_is_refused(self):
        with self.assertRaises(KeyError):
            merge_parameters({"a": 1}, {"c": 1})

    def test_wrong_type_is_refused(self):
        for value in ("1", True, 1.5, [1]):
            with self.subTest(value=value), self.assertRaises(TypeError):
                merge_parameters({"a": 1}, {"a": value})
