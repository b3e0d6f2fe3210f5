from odoo.tests import tagged

from odoo.addons.ctsp_base.tests.common import CtspCase

UNWANTED = ("iap", "sms", "snailmail", "partner_autocomplete", "mail_bot", "iap_mail")


@tagged("post_install", "-at_install")
class TestDefaults(CtspCase):
    """A fresh database is the regulator's own: its register, its language, none of Odoo's noise."""

    def test_real_register_is_loaded(self):
        """The 74 institutions of the public list of September 2026 came in through the import engine."""
        filed = self.env["ctsp.institution"].search([("data_source", "!=", False), ("state", "=", "filed")])
        real = filed.filtered(lambda institution: "示例" not in institution.name)
        self.assertEqual(len(real), 74)
        self.assertTrue(all(real.mapped("district_id")))

    def test_noise_is_not_installed(self):
        installed = self.env["ir.module.module"].search([("name", "in", UNWANTED), ("state", "=", "installed")])
        self.assertFalse(installed.mapped("name"))

    def test_no_store_and_no_chat_for_anybody(self):
        names = {menu.get("xmlid") for menu in self.env["ir.ui.menu"].load_menus(False).values()}
        self.assertFalse(names & {"base.menu_management", "mail.menu_root_discuss"})

    def test_everybody_new_speaks_chinese_in_shanghai_time(self):
        partner = self.env["res.partner"].create({"name": "New"})
        self.assertEqual((partner.lang, partner.tz), ("zh_CN", "Asia/Shanghai"))
