from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestArchive(RegistryCase):
    """Archiving from the action menu asks for a reason where a filed institution's entry changes."""

    def confirm(self, action, user, reason):
        wizard = self.env[action["res_model"]].with_user(user).browse(action["res_id"])
        wizard.reason = reason
        wizard.action_confirm()
        return wizard

    def test_reason_is_asked_and_kept(self):
        steward = self.role("data_steward")
        people = self.person.with_user(steward)
        action = people.action_archive()
        self.assertEqual(action["target"], "new")
        self.assertTrue(people.active, "nothing happened yet")
        with self.assertRaises(UserError):
            self.confirm(action, steward, "  ")
        wizard = self.confirm(action, steward, "已离职（示例）")
        self.assertIn(self.person.name, wizard.subject)
        self.assertFalse(people.active)
        self.end_transaction()
        self.assertEqual(self.institution._latest_version().reason, "已离职（示例）")
        self.confirm(people.action_unarchive(), steward, "误操作（示例）")
        self.assertTrue(people.active)

    def test_nobody_is_asked_before_the_filing(self):
        institution = self._institution("示例未备案医院（示例）")
        institution.with_user(self.role("data_steward")).action_archive()
        self.assertFalse(institution.active)

    def test_who_may_not_is_told_so(self):
        for role in ("leader", "inspector"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.person.with_user(self.role(role)).action_archive()
        with self.assertRaises(UserError):
            self.env["ctsp.archive.reason"].with_user(self.role("data_steward")).create(
                {"res_model": "res.users", "res_ids": [2], "archive": True, "reason": "x"}).action_confirm()
