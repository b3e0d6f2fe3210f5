from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestCompare(RegistryCase):
    """Two versions side by side, on screen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.institution.write({
            "address": "<b>新址</b>", "site_ids": [Command.create({"name": "东院", "address": "东路"})]})
        cls.person.mobile = "13900000002"
        cls.end_transaction()

    def wizard(self, user, **context):
        model = self.env["ctsp.institution.version.compare"].with_user(user)
        return model.with_context(default_institution_id=self.institution.id, **context).create({})

    def test_latest_two_by_default(self):
        """The dialog opens with the latest two versions, the older on the left."""
        wizard = self.wizard(self.role("regulator"))
        self.assertEqual((wizard.left_id.number, wizard.right_id.number), (1, 2))

    def test_only_changes_are_shown(self):
        """What did not change is left out, and comes back when everything is asked for."""
        wizard = self.wizard(self.role("regulator"))
        self.assertIn("东院", wizard.result)
        self.assertNotIn(self.institution.record_no, wizard.result)
        wizard.only_changes = False
        self.assertIn(self.institution.record_no, wizard.result)

    def test_texts_are_escaped(self):
        """What users typed is text, never markup."""
        result = str(self.wizard(self.role("regulator")).result)
        self.assertIn("&lt;b&gt;新址&lt;/b&gt;", result)
        self.assertNotIn("<b>新址", result)

    def test_personal_values_are_masked(self):
        """Without the right the telephone is masked but its change shows; with it both are clear, which is logged."""
        masked = str(self.wizard(self.role("regulator")).result)
        self.assertNotIn("13900000002", masked)
        self.assertIn("139****0002", masked)
        user = self.role("regulator", personal=True)
        clear = self.wizard(user)
        self.assertIn("13900000002", str(clear.result))
        events = self.env["ctsp.audit.event"].search([("user_id", "=", user.id), ("event", "=", "personal.read")])
        self.assertTrue(events.filtered(lambda event: event.model == "ctsp.institution.version"))

    def test_versions_of_one_institution(self):
        """Versions of two institutions cannot be compared, neither ticked nor forced."""
        other = self._institution("示例第二医院（示例）", "药临床机构备字2099000002")
        self.end_transaction()
        versions = self.institution._latest_version() | other._latest_version()
        with self.assertRaises(UserError):
            self.wizard(self.role("regulator"), active_model=versions._name, active_ids=versions.ids)
        wizard = self.wizard(self.role("regulator"))
        with self.assertRaises(UserError):
            wizard.right_id = other._latest_version()

    def test_form(self):
        """Choosing another version in the dialog shows the other difference at once."""
        with Form(self.wizard(self.role("regulator"))) as form:
            form.left_id = form.right_id
            self.assertNotIn("东院", form.result)

    def test_version_shows_its_changes(self):
        """A version by itself tells what it changed and what it says."""
        version = self.institution._latest_version().with_user(self.role("leader"))
        self.assertIn("东院", version.changes_html)
        self.assertIn(self.institution.record_no, version.content_html)
        self.assertFalse(version._previous().changes_html)
