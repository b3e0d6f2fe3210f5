from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.ctsp_base.tests.common import CtspCase


@tagged("post_install", "-at_install")
class TestConstrain(CtspCase):
    def test_refused_with_field_value_and_reason(self):
        """The message names what is wrong, where and why, in the user's language."""
        Coded = self.env["ctsp.test.coded"].with_user(self.role("regulator"))
        with self.assertRaisesRegex(ValidationError, "Credit Code.*91350100M000100Y44.*check character"):
            Coded.create({"uscc": "91350100M000100Y44"})
        record = Coded.create({"mobile": "13800138000"})
        with self.assertRaisesRegex(ValidationError, "Mobile"):
            record.mobile = "110"
        result = Coded.load(["uscc"], [["91350100M000100Y44"]])
        self.assertFalse(result["ids"])

    def test_kept_in_normal_form(self):
        """Forms, import and RPC leave one spelling in the database; empty values pass."""
        record = self.env["ctsp.test.coded"].create({"uscc": "９１３５０１００ m000100y43", "mobile": False})
        self.assertEqual(record.uscc, "91350100M000100Y43")
        record.mobile = "+86 138-0013-8000"
        self.assertEqual(record.mobile, "13800138000")
