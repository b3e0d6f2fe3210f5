from types import SimpleNamespace

from lxml import etree

from odoo.tests import BaseCase, tagged

from ..tools.placement import form_arch, list_arch, search_arch


def added(**values):
    defaults = {"technical_name": "x_a", "name": "A", "kind": "char", "required": False,
                "in_list": True, "in_search": True}
    return SimpleNamespace(**defaults | values)


@tagged("post_install", "-at_install")
class TestPlacement(BaseCase):
    """Arches are built without a database."""

    def test_form_before_notebook_else_in_sheet_else_in_form(self):
        for arch, expected in (
            ("<form><sheet><notebook/></sheet></form>", "//sheet/notebook"),
            ("<form><sheet/></form>", "//sheet"),
            ("<form/>", "/form"),
        ):
            data = etree.fromstring(form_arch(etree.fromstring(arch), [added(required=True)], "More"))
            self.assertEqual(data.get("expr"), expected)
            self.assertEqual(data.find("group/field").get("required"), "1")

    def test_list_leaves_long_text_and_unwanted_out(self):
        fields = [added(), added(technical_name="x_b", kind="text"), added(technical_name="x_c", in_list=False)]
        data = etree.fromstring(list_arch(None, fields, ""))
        self.assertEqual([node.get("name") for node in data], ["x_a"])
        self.assertIsNone(list_arch(None, fields[1:], ""))

    def test_search_groups_only_what_can_be_grouped(self):
        data = etree.fromstring(search_arch(None, [added(), added(technical_name="x_b", kind="selection")], ""))
        self.assertEqual([node.get("name") for node in data.iter("filter")], ["group_x_b"])
        self.assertEqual([node.get("name") for node in data.iter("field")], ["x_a", "x_b"])
