from odoo.tests import BaseCase, tagged

from odoo.addons.ctsp_base.tools.masking import MASKS, mask


@tagged("post_install", "-at_install")
class TestMasking(BaseCase):
    def test_kinds(self):
        """Each kind of personal value keeps what people need to recognise it and hides the rest."""
        for kind, value, expected in [
            ("name", "张三", "张*"),
            ("name", "欧阳修", "欧**"),
            ("name", "王某某某某某", "王***"),
            ("name", "李四（示例）", "李*"),
            ("name", "王", "王*"),
            ("name", "John Smith", "J***"),
            ("name", "（示例）", "***"),
            ("phone", "13812345678", "138****5678"),
            ("phone", "138 1234 5678", "138****5678"),
            ("phone", "021-64175590", "021*******90"),
            ("phone", "110", "***"),
            ("id_number", "310101199001011234", "310***********1234"),
            ("id_number", "310101900101123", "310********1123"),
            ("id_number", "E12345678", "E******78"),
            ("email", "zhangsan@x.cn", "z***@x.cn"),
            ("email", "not an address", "***"),
            ("address", "上海市徐汇区枫林路180号", "上海市徐汇区***"),
            ("address", "枫林路180号", "枫林路***"),
            ("date", "1990-01-31", "1990-**-**"),
            ("text", "anything", "***"),
        ]:
            with self.subTest(kind=kind, value=value):
                self.assertEqual(mask(kind, value), expected)

    def test_empty_stays_empty(self):
        """An empty value is not dressed up as a hidden one."""
        for kind in MASKS:
            for value in (False, None, ""):
                self.assertIs(mask(kind, value), False)

    def test_short_values_are_hidden_whole(self):
        """Nothing of a value is kept where little of it would be hidden."""
        for kind in ("phone", "id_number"):
            self.assertEqual(set(mask(kind, "12345")), {"*"})

    def test_unknown_kind(self):
        """A misspelt kind is an error of the author, not an unmasked value."""
        with self.assertRaises(KeyError):
            mask("telephone", "13812345678")
