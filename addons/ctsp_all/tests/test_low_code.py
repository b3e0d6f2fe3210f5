from lxml import etree

from odoo.tests import tagged

from odoo.addons.ctsp_base.tests.common import CtspCase

FORMS = ("ctsp.institution", "ctsp.specialty", "ctsp.trial", "ctsp.filing")


@tagged("post_install", "-at_install")
class TestLowCode(CtspCase):
    """What an administrator changes on screen, without code, on the platform's real forms."""

    def add(self, model, **values):
        values = {"model_id": self.env["ir.model"]._get(model).id, "name": "Fire Inspection", "kind": "date"} | values
        return self.env["ctsp.studio.field"].with_user(self.role("system_admin")).create(values)

    def test_a_field_is_added_to_each_main_form(self):
        for model in FORMS:
            with self.subTest(model=model):
                name = self.add(model).technical_name
                reader = self.env[model].with_user(self.role("filing_officer"))
                for view_type in ("form", "list", "search"):
                    arch = etree.fromstring(reader.get_view(view_type=view_type)["arch"])
                    self.assertIsNotNone(arch.find(f".//field[@name='{name}']"), view_type)

    def test_added_field_enters_the_history(self):
        name = self.add("ctsp.institution", kind="char").technical_name
        institution = self.env["ctsp.institution"].create({"name": "Added", name: "first value"})
        version = institution._make_version(reason="test")
        self.assertIn("first value", str(version.content))

    def test_officer_fills_it_and_finds_by_it(self):
        name = self.add("ctsp.specialty", kind="integer").technical_name
        institution = self.env["ctsp.institution"].create({"name": "Filled"})
        specialty = self.env["ctsp.specialty"].create({
            "institution_id": institution.id, "discipline_id": self.env["ctsp.discipline"].search([], limit=1).id})
        officer = specialty.with_user(self.role("filing_officer"))
        officer[name] = 12
        self.env.flush_all()
        self.assertEqual(officer.search([(name, ">", 11)]), specialty)

    def test_the_administrator_adds_rows_of_master_data(self):
        """Tags, dictionary rows, specialties, districts, check-list rows and attachment kinds, by a menu of his own."""
        admin = self.role("system_admin")
        dictionary = self.env["ctsp.dictionary"].search([], limit=1)
        rows = {
            "ctsp.tag": {"name": "示例标签（示例）", "res_model": "ctsp.institution"},
            "ctsp.dictionary.item": {"dictionary_id": dictionary.id, "name": "示例（示例）", "code": "sample_row"},
            "ctsp.discipline": {"name": "示例专业（示例）", "code": "T97"},
            "ctsp.district": {"name": "示例区（示例）", "code": "999907"},
            "ctsp.filing.checklist.item": {"name": "示例核对项（示例）"},
            "ctsp.filing.attachment.kind": {"name": "示例材料（示例）", "code": "sample_kind"},
        }
        menus = self.env["ir.ui.menu"].with_user(admin).load_menus(False).values()
        actions = self.env["ir.actions.act_window"].browse(
            [menu["action_id"] for menu in menus if menu.get("action_model") == "ir.actions.act_window"])
        for model, values in rows.items():
            with self.subTest(model=model):
                row = self.env[model].with_user(admin).create(values)
                row.name = "示例改名（示例）"
                row.get_view(view_type="form")
                self.assertIn(model, actions.sudo().mapped("res_model"))
