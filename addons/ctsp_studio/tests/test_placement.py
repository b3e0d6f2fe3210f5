from lxml import etree

from odoo.tests import BaseCase, tagged

from ..tools.placement import Placed, form_arch, list_arch, search_arch


def added(**values):
    return Placed(**{"technical_name": "x_a", "name": "A", "kind": "char"} | values)


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
            self.assertEqual(data.find("xpath").get("expr"), expected)
            self.assertEqual(data.find("xpath/group/field").get("required"), "1")

    def test_proposed_in_rows(self):
        """Rows filled in in place get a column, rows with a form of their own a group in it; other lists nothing."""
        arch = etree.fromstring(
            "<form><field name='a'><list editable='bottom'/></field>"
            "<field name='b'><list><control/></list><form><sheet/></form></field></form>")
        text = added(kind="text")
        data = etree.fromstring(form_arch(arch, [], "More", rows={"a": [text], "b": [text], "c": [text]}))
        self.assertEqual([place.get("expr") for place in data], [
            "//field[@name='a']/list", "//field[@name='b']/list/control", "//field[@name='b']/form/sheet"])
        self.assertEqual([len(place.findall(".//field")) for place in data], [1, 0, 1])
        self.assertIsNone(form_arch(arch, [], "More", rows={"c": [text]}))

    def test_list_leaves_long_text_and_unwanted_out(self):
        fields = [added(), added(technical_name="x_b", kind="text"), added(technical_name="x_c", in_list=False)]
        data = etree.fromstring(list_arch(None, fields, ""))
        self.assertEqual([node.get("name") for node in data], ["x_a"])
        self.assertIsNone(list_arch(None, fields[1:], ""))

    def test_search_groups_only_what_can_be_grouped(self):
        data = etree.fromstring(search_arch(None, [added(), added(technical_name="x_b", kind="selection")], ""))
        self.assertEqual([node.get("name") for node in data.iter("filter")], ["group_x_b"])
        self.assertEqual([node.get("name") for node in data.iter("field")], ["x_a", "x_b"])
