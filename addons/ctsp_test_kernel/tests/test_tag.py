from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.ctsp_base.tests.common import CtspCase


@tagged("post_install", "-at_install")
class TestTag(CtspCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls.role("filing_officer")
        cls.inspector = cls.role("inspector")
        Tag = cls.env["ctsp.tag"].with_user(cls.officer)
        cls.urgent, cls.watched = Tag.create([
            {"name": "重点关注", "res_model": "ctsp.test.document"},
            {"name": "待回访", "res_model": "ctsp.test.document"},
        ])
        cls.documents = cls.env["ctsp.test.document"].with_user(cls.officer).create([{"name": "a"}, {"name": "b"}])

    def dialog(self, user, records, **values):
        Wizard = self.env["ctsp.tag.wizard"].with_user(user).with_context(
            active_model=records._name, active_ids=records.ids
        )
        return Wizard.create(values)

    def test_many_records_at_once(self):
        """The dialog adds and takes off on all chosen records, by a role that may read but not edit them."""
        with self.assertRaises(AccessError):
            self.documents.with_user(self.inspector).write({"tag_ids": [Command.link(self.urgent.id)]})
        self.dialog(self.inspector, self.documents, add_ids=(self.urgent + self.watched).ids).action_apply()
        self.assertEqual(self.documents[0].tag_ids, self.urgent + self.watched)
        self.assertEqual(self.documents[1].tag_ids, self.urgent + self.watched)
        self.dialog(self.inspector, self.documents, remove_ids=self.watched.ids).action_apply()
        self.assertEqual(self.documents.tag_ids, self.urgent)
        self.assertEqual(self.urgent.usage_count, 2)

    def test_who_tagged_what_when(self):
        """Each addition and removal is one row with its author, whichever way it was made."""
        document = self.documents[0]
        document.tag_ids = self.urgent
        self.dialog(self.inspector, document, add_ids=self.watched.ids, remove_ids=self.urgent.ids).action_apply()
        rows = [(row.tag_id, row.operation, row.user_id) for row in document.tag_log_ids.sorted("id")]
        self.assertEqual(rows, [
            (self.urgent, "add", self.officer),
            (self.watched, "add", self.inspector),
            (self.urgent, "remove", self.inspector),
        ])
        document.tag_ids = self.watched
        self.assertEqual(len(document.tag_log_ids), 3, "nothing changed, nothing logged")
        shown = self.dialog(self.inspector, document)
        self.assertEqual((shown.present_ids, len(shown.log_ids)), (self.watched, 3))
        with self.assertRaises(AccessError):
            document.tag_log_ids.sudo().unlink()

    def test_tags_are_for_one_model(self):
        other = self.env["ctsp.tag"].create({"name": "x", "res_model": "ctsp.test.document"})
        self.env.cr.execute("UPDATE ctsp_tag SET res_model = 'res.partner' WHERE id = %s", [other.id])
        other.invalidate_recordset()
        with self.assertRaises(ValidationError):
            self.documents[0].tag_ids = other
        with self.assertRaises(UserError):
            self.dialog(self.officer, self.env.user.partner_id, add_ids=self.urgent.ids).action_apply()

    def test_tags_in_use_are_archived(self):
        """A used tag cannot be deleted; archived it stays on its records and is offered no more."""
        steward = self.role("data_steward")
        self.documents[0].tag_ids = self.urgent
        with self.assertRaises(UserError):
            self.urgent.with_user(steward).unlink()
        self.urgent.active = False
        self.assertFalse(self.env["ctsp.tag"].name_search("重点关注", [("res_model", "=", "ctsp.test.document")]))
        self.dialog(self.officer, self.documents[0], add_ids=self.watched.ids).action_apply()
        self.documents.invalidate_recordset()
        self.assertEqual(self.documents[0].with_context(active_test=False).tag_ids, self.urgent + self.watched)
        self.assertEqual(self.documents[0].tag_log_ids.mapped("operation"), ["add", "add"])

    def test_outside_users_see_no_tags(self):
        """Tags are the regulator's remarks: not by read, search, group, fields_get or view."""
        outsider = self.outside("Hospital")[1]
        self.documents[0].tag_ids = self.urgent
        theirs = self.documents[0].with_user(outsider)
        self.assertTrue(theirs.read(["name"]))
        for attempt in (
            lambda: theirs.read(["tag_ids"]), lambda: theirs.search([("tag_ids", "=", self.urgent.id)]),
            lambda: theirs.search([("tag_ids.name", "=", "重点关注")]),
            lambda: theirs._read_group([], ["tag_ids"]), lambda: theirs.write({"tag_ids": [Command.clear()]}),
            lambda: self.urgent.with_user(outsider).read(["name"]), lambda: self.dialog(outsider, theirs),
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertNotIn("tag_ids", theirs.fields_get())
        self.assertNotIn("tag_ids", theirs.get_view(view_type="search")["arch"])

    def test_every_search_view_has_the_facet(self):
        arch = self.documents.get_view(view_type="search")["arch"]
        for part in ('name="tag_ids"', 'name="untagged"', 'name="by_tag"'):
            self.assertIn(part, arch)
        self.documents[0].tag_ids = self.urgent
        Document = self.documents.browse()
        self.assertEqual(Document.search([("tag_ids", "ilike", "重点")]), self.documents[0])
        self.assertNotIn(self.documents[0], Document.search([("tag_ids", "=", False)]))

    def test_the_action_menu_offers_it_to_those_who_may(self):
        """The dialog is bound to every taggable model; leaders and others without a tagging role are not offered it."""
        action = self.env.ref("ctsp_base.ctsp_tag_wizard_action")

        def offered(role, model):
            bindings = self.env["ir.actions.actions"].with_user(self.role(role)).get_bindings(model)
            return action.id in [item["id"] for item in bindings.get("action", [])]

        self.assertTrue(offered("inspector", "ctsp.test.document"))
        self.assertFalse(offered("leader", "ctsp.test.document"))
        self.assertFalse(offered("inspector", "res.partner"))
