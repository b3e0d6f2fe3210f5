
from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .personal_case import CLEAR, MASKED, PersonalCase


@tagged("post_install", "-at_install")
class TestPersonalShown(PersonalCase):
    """Masked values for all who read the record, clear ones for those who need them."""

    def test_masked_values(self):
        values = self.as_masked().read([f"{name}_masked" for name in MASKED])[0]
        self.assertEqual({name: values[f"{name}_masked"] for name in MASKED}, MASKED)
        self.assertFalse(self.other.with_user(self.masked_user).id_number_masked)

    def test_masked_label_follows_the_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        field = self.env["ir.model.fields"]._get("ctsp.test.person", "id_number")
        field.with_context(lang="zh_CN").field_description = "身份证号"
        described = self.as_masked().with_context(lang="zh_CN").fields_get(["id_number_masked"])
        self.assertEqual(described["id_number_masked"]["string"], "身份证号")

    def test_clear_values(self):
        values = self.as_clear().read(list(CLEAR))[0]
        self.assertEqual({name: str(values[name]) for name in CLEAR}, CLEAR)

    def test_outside_user_reads_and_writes_what_is_his(self):
        person = self.person.with_user(self.outsider)
        self.assertEqual(person.mobile, CLEAR["mobile"])
        person.mobile = "13700000000"
        self.assertEqual(person.search([]), person)
        with mute_logger("odoo.models", "odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
            self.other.with_user(self.outsider).read(["mobile"])

    def test_system_administrator_of_odoo_is_not_exempt(self):
        admin = self.env.ref("base.user_admin")
        admin.group_ids += self.env.ref("ctsp_base.group_regulator")
        with mute_logger("odoo.models", "odoo.orm.models"), self.assertRaises(AccessError):
            self.person.with_user(admin).read(["mobile"])

    def test_view_twin(self):
        """A view that names the field shows its masked companion to others; labels and subviews too."""
        self.env["ir.ui.view"].create({
            "name": "person form",
            "model": "ctsp.test.person",
            "arch": """<form><label for="mobile"/><div><field name="mobile" invisible="not code"/></div>
                       <field name="code"/><field name="id_number" string="No."/></form>""",
        })
        self.env["ir.ui.view"].create({
            "name": "organisation form",
            "model": "ctsp.test.organisation",
            "arch": """<form><field name="person_ids"><list><field name="mobile" optional="hide"/></list></field>
                       <field name="lead_mobile"/></form>""",
        })
        self.assertEqual(self._shown(self.as_masked()), ["mobile_masked", "code", "id_number_masked"])
        self.assertEqual(self._shown(self.as_clear()), ["mobile", "code", "id_number"])
        self.assertEqual(self._shown(self.as_masked(self.organisation)), ["person_ids", "mobile_masked"])
        self.assertEqual(self._shown(self.as_clear(self.organisation)), ["person_ids", "mobile", "lead_mobile"])
        arch = etree.fromstring(self.as_masked().get_view(view_type="form")["arch"])
        self.assertEqual(arch.xpath("//label/@for"), ["mobile_masked"])
        self.assertEqual(arch.xpath("//field[@name='mobile_masked']/@invisible"), ["not code"])
        self.assertEqual(arch.xpath("//field[@name='id_number_masked']/@string"), ["No."])

    def _shown(self, record):
        arch = etree.fromstring(record.get_view(view_type="form")["arch"])
        return [node.get("name") for node in arch.iter("field") if not node.get("data-used-by")]

    def test_form_works_for_both(self):
        """The form opens and saves for both kinds of reader."""
        self.env["ir.ui.view"].create({
            "name": "person form", "model": "ctsp.test.person",
            "arch": '<form><field name="mobile"/><field name="code"/></form>',
        })
        with Form(self.as_masked()) as form:
            form.code = "P9"
            self.assertEqual(form.mobile_masked, MASKED["mobile"])
        with Form(self.as_clear()) as form:
            form.mobile = "13600000000"
        self.assertEqual(self.person.mobile, "13600000000")
        self.assertEqual(self.person.code, "P9")

    def test_list_takes_constant_queries(self):
        """80 rows cost as many queries as 2."""
        self.env["ctsp.test.person"].create([{"name": f"张{n}", "mobile": f"138{n:08}"} for n in range(80)])
        self.env.flush_all()
        spec = {"name_masked": {}, "mobile_masked": {}, "display_name": {}}
        persons = self.as_masked()
        persons.web_search_read([], spec, limit=2)
        persons.env.invalidate_all()
        with self.assertQueryCount(5):
            self.assertEqual(len(persons.web_search_read([], spec, limit=80)["records"]), 80)
