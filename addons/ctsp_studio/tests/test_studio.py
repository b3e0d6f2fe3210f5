from lxml import etree
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_base.tests.common import CtspCase


@tagged("post_install", "-at_install")
class TestStudio(CtspCase):
    """An administrator changes screens without code, and nobody else does.

    `ctsp.dictionary.item` stands in for a business form: the kernel has no other form to extend.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = cls.role("system_admin")
        target = type(cls.env["ctsp.dictionary.item"])
        target._studio_extensible = True
        cls.addClassCleanup(delattr, target, "_studio_extensible")
        cls.target = cls.env["ir.model"]._get("ctsp.dictionary.item")
        cls.addClassCleanup(cls._forget_columns)

    @classmethod
    def _forget_columns(cls):
        cls.env.flush_all()
        cls.registry._setup_models__(cls.cr, ["ctsp.dictionary.item"])

    def add(self, **values):
        values = {"model_id": self.target.id, "name": "Opening Year", "kind": "integer"} | values
        return self.env["ctsp.studio.field"].with_user(self.administrator).create(values)

    def arch(self, view_type):
        return etree.fromstring(self.env["ctsp.dictionary.item"].get_view(view_type=view_type)["arch"])

    def test_added_field_is_on_form_list_and_search(self):
        name = self.add().technical_name
        for view_type in ("form", "list", "search"):
            self.assertIsNotNone(self.arch(view_type).find(f".//field[@name='{name}']"), view_type)

    def test_value_is_stored_and_searched(self):
        name = self.add().technical_name
        dictionary = self.env["ctsp.dictionary"].create({"code": "studio_test", "name": "Studio"})
        item = self.env["ctsp.dictionary.item"].create(
            {"dictionary_id": dictionary.id, "code": "a", "name": "A", name: 1987})
        item.invalidate_recordset()
        self.assertEqual(item[name], 1987)
        self.assertEqual(item.search([(name, "=", 1987)]), item)

    def test_archiving_takes_it_off_the_screen_and_keeps_the_values(self):
        field = self.add()
        field.active = False
        self.assertIsNone(self.arch("form").find(f".//field[@name='{field.technical_name}']"))
        self.assertIn(field.technical_name, self.env["ctsp.dictionary.item"]._fields)

    def test_filled_field_is_not_deleted(self):
        field = self.add()
        item = self.env["ctsp.dictionary.item"].search([], limit=1)
        item[field.technical_name] = 3
        with self.assertRaisesRegex(UserError, "Opening Year"):
            field.unlink()
        item[field.technical_name] = 0
        name = field.technical_name
        field.unlink()
        self.assertNotIn(name, self.env["ctsp.dictionary.item"]._fields)

    def test_choice_field_keeps_its_keys_when_renamed(self):
        field = self.add(name="Grade", kind="selection", option_ids=[(0, 0, {"name": "Good"})])
        item = self.env["ctsp.dictionary.item"].search([], limit=1)
        key = field.option_ids.value
        item[field.technical_name] = key
        field.write({"option_ids": [(1, field.option_ids.id, {"name": "Very good"}), (0, 0, {"name": "Bad"})]})
        self.assertEqual(item[field.technical_name], key)
        labels = dict(item._fields[field.technical_name]._description_selection(self.env))
        self.assertEqual(sorted(labels.values()), ["Bad", "Very good"])

    def test_personal_data_needs_a_place(self):
        """It lies encrypted: not as a number, and not on a form that holds none; on real forms: ctsp_all."""
        with self.assertRaisesRegex(ValidationError, "Kind"):
            self.add(name="Private Number", personal=True)
        with self.assertRaisesRegex(ValidationError, "Form"):
            self.add(name="Private Telephone", kind="char", personal=True)

    def test_only_declared_forms_can_be_extended(self):
        users = self.env["ir.model"]._get("res.users")
        with self.assertRaises(ValidationError):
            self.add(model_id=users.id)

    def test_choice_without_choices_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "Choices"):
            self.add(kind="selection")

    def test_second_field_of_a_label_is_refused(self):
        self.add()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.add()

    def test_nobody_else_may(self):
        for role in ("regulator", "data_steward", "leader", "security_admin"):
            with self.assertRaises(AccessError):
                self.env["ctsp.studio.field"].with_user(self.role(role)).create(
                    {"model_id": self.target.id, "name": "N", "kind": "char"})

    def test_internals_are_not_taken_from_outside(self):
        field = self.add(technical_name="login", field_id=1)
        self.assertTrue(field.technical_name.startswith("x_ctsp_"))
        sent = self.env["ctsp.studio.field"].with_user(self.administrator).with_context(
            default_technical_name="login", default_proposal_column_id=field.field_id.id, default_kind="char")
        field = sent.create({"model_id": self.target.id, "name": "Closing Year"})
        self.assertTrue(field.technical_name.startswith("x_ctsp_"))
        self.assertFalse(field.sudo().proposal_column_id)
        self.assertEqual(field.kind, "char", "what the form asks for may come as a default")

    def test_menu_is_renamed_and_hidden_for_others(self):
        planner = self.role("filing_officer")
        menus = self.env["ir.ui.menu"].with_user(planner)
        menu = next(iter(m for key, m in menus.load_menus(False).items() if key != "root" and not m["children"]))
        custom = self.env["ctsp.studio.menu"].with_user(self.administrator).create(
            {"menu_id": menu["id"], "name": "Renamed"})
        self.assertEqual(menus.load_menus(False)[menu["id"]]["name"], "Renamed")
        custom.hidden = True
        self.assertNotIn(menu["id"], menus.load_menus(False))
        custom.unlink()
        self.assertEqual(menus.load_menus(False)[menu["id"]]["name"], menu["name"])

    def test_the_way_to_this_screen_cannot_be_hidden(self):
        with self.assertRaises(ValidationError):
            self.env["ctsp.studio.menu"].with_user(self.administrator).create(
                {"menu_id": self.env.ref("ctsp_base.menu_root_admin").id, "hidden": True})

    def test_form_as_the_administrator_fills_it(self):
        with Form(self.env["ctsp.studio.field"].with_user(self.administrator)) as form:
            form.model_id = self.target
            form.name = "Founded On"
            form.kind = "date"
        self.assertIn(form.record.technical_name, self.env["ctsp.dictionary.item"]._fields)
