from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_base.tests.common import CtspCase


@tagged("post_install", "-at_install")
class TestFind(CtspCase):
    """The log is searched by what it says, and a time line is found without a row to begin at."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.guard = cls.role("audit_admin")
        cls.tag = cls.env["ctsp.tag"].create({"name": "Quarterly_50%", "res_model": "res.partner"})
        cls.env.cr.flush()
        cls.log = cls.env["ctsp.audit.log"].with_user(cls.guard)
        cls.own = [("model", "=", "ctsp.tag"), ("res_id", "=", cls.tag.id)]

    def find(self, **values):
        return self.env["ctsp.audit.find"].with_user(self.guard).create(values)

    def test_contents(self):
        """Before, after and details; signs that PostgreSQL or JSON would read otherwise stand for themselves."""
        self.tag.name = 'Said "yes"'
        self.env.cr.flush()
        self.env["ctsp.audit.port"]._log("export", self.tag, note="to the archive")
        for text, event in (('Said "yes"', "write"), ("Quarterly_50%", "write"), ("TO THE ARCHIVE", "export")):
            with self.subTest(text):
                self.assertIn(event, self.log.search([*self.own, ("change_text", "ilike", text)]).mapped("event"))
        self.assertFalse(self.log.search([*self.own, ("change_text", "ilike", "Quarterly%50")]))
        others = self.log.search([*self.own, ("change_text", "not ilike", "quarterly")])
        self.assertEqual(set(others.mapped("event")), {"export"})

    def test_search_views(self):
        for model in ("ctsp.audit.scope", "ctsp.audit.pattern", "ctsp.audit.archive"):
            with self.subTest(model):
                view = self.env[model].with_user(self.guard).get_view(view_type="search")
                self.assertIn("<filter", view["arch"])

    def test_record_by_name(self):
        form = Form(self.env["ctsp.audit.find"].with_user(self.guard))
        form.model, form.name = "ctsp.tag", "quarterly"
        action = form.save().action_open()
        self.assertEqual(set(self.log.search(action["domain"]).mapped("res_id")), {self.tag.id})
        self.assertTrue(self.log.search([*self.own, ("event", "=", "audit.find"), ("user_id", "=", self.guard.id)]))

    def test_deleted_record(self):
        number = self.tag.id
        self.tag.unlink()
        self.env.cr.flush()
        for found in (self.find(model="ctsp.tag", name="Quarterly"), self.find(model="ctsp.tag", number=number)):
            rows = self.log.search(found.action_open()["domain"])
            self.assertIn("unlink", rows.mapped("event"))

    def test_person(self):
        action = self.find(subject="user", user_id=self.env.user.id).action_open()
        self.assertEqual(set(self.log.search(action["domain"]).mapped("login")), {self.env.user.login})

    def test_nothing_found(self):
        for values in ({"model": "ctsp.tag", "name": "No such tag"}, {"model": "ctsp.tag"}, {"name": "x"},
                       {"model": "ctsp.tag", "number": 2_000_000_000}, {"subject": "user"}):
            with self.subTest(values), self.assertRaises(UserError):
                self.find(**values).action_open()

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model")
    def test_for_the_audit_administrator_alone(self):
        for code in ("system_admin", "security_admin", "leader"):
            with self.assertRaises(AccessError):
                self.env["ctsp.audit.find"].with_user(self.role(code)).create({"model": "ctsp.tag", "name": "x"})
