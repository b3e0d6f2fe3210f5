from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from odoo.addons.ctsp_base.tests.common import CtspCase


@tagged("post_install", "-at_install")
class TestHome(CtspCase):
    def test_data(self):
        """One call gives the name, the roles and the counters of the person who asks."""
        user = self.role("filing_officer")
        user.partner_id.activity_schedule("mail.mail_activity_data_todo", user_id=user.id)
        data = self.env["ctsp.home"].with_user(user).home_data()
        self.assertEqual((data["name"], data["roles"]), (user.name, ["Filing Officer"]))
        counts = {card["key"]: card["count"] for card in data["cards"]}
        self.assertEqual((counts["activities"], counts["late"]), (1, 0))

    def test_to_dos_are_told_at_once(self):
        """Whoever is given a to-do by somebody else hears of it on his own channel; his own he knows."""
        giver, owner, other = self.role("planner"), self.role("filing_officer"), self.role("reviewer")
        sent, partner = [], owner.partner_id
        with patch.object(type(self.env["bus.bus"]), "_sendone", lambda _self, *news: sent.append(news)):
            given = partner.with_user(giver).sudo().activity_schedule(
                "mail.mail_activity_data_todo", user_id=owner.id, date_deadline="2099-01-01")
            partner.with_user(owner).sudo().activity_schedule("mail.mail_activity_data_todo", user_id=owner.id)
            given.with_user(giver).sudo().user_id = other
            given.with_user(giver).sudo().summary = "…"
        self.assertEqual(
            [(channel, content) for channel, kind, content in sent if kind == "ctsp.todo"],
            [(user.partner_id, {"ids": given.ids}) for user in (owner, other)])

    def test_cards_can_be_opened(self):
        """Every card's action exists and is readable for whoever is shown the card."""
        for role in ("filing_officer", "system_admin", "audit_admin", "leader"):
            for card in self.env["ctsp.home"].with_user(self.role(role)).home_data()["cards"]:
                if isinstance(card["action"], str):
                    self.assertTrue(self.env["ir.actions.actions"].with_user(self.role(role))._for_xml_id(card["action"]))

    def test_not_for_outside_users(self):
        with self.assertRaises(AccessError):
            self.env["ctsp.home"].with_user(self.outside("X")[1]).home_data()

    def test_first_menu(self):
        """The web client lands on the home screen: it is the first root menu of every role."""
        for role in ("filing_officer", "inspector", "system_admin", "security_admin", "audit_admin"):
            menus = self.env["ir.ui.menu"].with_user(self.role(role)).load_menus(False)
            first = menus[menus["root"]["children"][0]]
            self.assertEqual(first["xmlid"], "ctsp_base.menu_root_home")
            names = {menus[child]["xmlid"] for child in menus["root"]["children"]}
            self.assertFalse(names & {"mail.menu_root_discuss", "base.menu_management", "base.menu_administration"})


@tagged("post_install", "-at_install")
class TestSignInPage(HttpCase):
    def test_page(self):
        """The sign-in page carries the platform's name and nobody else's."""
        page = self.url_open("/web/login").text
        self.assertIn("o_ctsp_login", page)
        self.assertNotIn("Powered by", page)
        self.assertNotIn("odoo.com", page.replace("www.odoo.com/buy", ""))
        self.assertNotIn("/web/database/manager", page)
        self.assertIn("/ctsp_base/static/img/favicon.png", page)

    def test_nobody_signs_up(self):
        """Accounts are made by the system administrator: no sign-up, no reset by oneself."""
        self.assertEqual(self.env["res.users"]._get_signup_invitation_scope(), "b2b")
        page = self.url_open("/web/login").text
        self.assertNotIn("/web/signup", page)
        self.assertNotIn("/web/reset_password", page)
        self.assertEqual(self.url_open("/web/signup").status_code, 404)
        self.assertEqual(self.url_open("/web/reset_password").status_code, 404)
