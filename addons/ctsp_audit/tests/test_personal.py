from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.ctsp_base.tests.common import CtspCase


@tagged("post_install", "-at_install")
class TestPersonalChanges(CtspCase):
    """Another value behind the same mask is a change like any other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag = cls.env["ctsp.tag"].create({"name": "13812345678", "res_model": "res.partner"})
        cls.env.cr.flush()

    def changed(self, kind, *names):
        """Write ``names`` one after the other and return the row about the last of them, if there is one."""
        with patch.object(type(self.env["ctsp.tag"]), "_personal_fields", {"name": kind}, create=True):
            for name in names:
                known = self.env["ctsp.audit.log"].search([], limit=1)
                self.tag.name = name
                self.env.cr.flush()
        return self.env["ctsp.audit.log"].search(
            [("model", "=", "ctsp.tag"), ("res_id", "=", self.tag.id), ("id", ">", known.id)])

    def test_same_mask(self):
        for kind, mask, *names in (
            ("phone", "138****5678", "13812345678", "13899995678"),
            ("id_number", "310***********1234", "310101199001011234", "310101198808081234"),
            ("name", "张*", "张三", "张四"), ("text", "***", "高血压", "糖尿病"),
        ):
            with self.subTest(kind):
                row = self.changed(kind, *names)
                before, after = row.before["name"], row.after["name"]
                self.assertEqual((before["mask"], after["mask"]), (mask, mask))
                self.assertIn("(changed)", row.change_text)
                self.assertIn("(changed)", row.changes)
                keyed = self.env["ctsp.audit.macer"]._is_keyed(row.mac_key)  # never a digest that anybody can try
                self.assertEqual((bool(before["keyed"]), bool(after["keyed"])), (keyed, keyed))
                self.assertNotIn(names[1], str((row.before, row.after)))

    def test_same_value(self):
        self.assertFalse(self.changed("phone", "13812345678", "13812345678"))

    def test_other_mask(self):
        row = self.changed("phone", "13812345678", "13912345678")
        self.assertEqual((row.before, row.after), ({"name": "138****5678"}, {"name": "139****5678"}))
