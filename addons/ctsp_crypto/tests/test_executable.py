from contextlib import suppress
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.executable import CODE
from .test_integrity import IntegrityCase

#: model → column and what somebody with the database in his hands puts there
ATTACKS = {
    "ir.actions.server": ("code", "'env.user.write({})'"),
    "ir.cron": ("user_id", "2"),
    "ir.actions.report": ("print_report_name", """'{"en_US": "object", "zh_CN": "object.env"}'"""),
    "mail.template": ("body_html", """body_html || '{"zh_CN": "<p t-out=\\"object\\"/>"}'"""),
    "ir.ui.view": ("arch_db", """arch_db || '{"zh_CN": "<form><script/></form>"}'"""),
    "ir.asset": ("path", "'https://example.com/x.js'"),
    "ir.model.fields": ("compute", "'env'"),
    "ir.config_parameter": ("value", "'x'"),
    "ir.actions.act_window": ("help", """help || '{"zh_CN": "<img src=\\"x\\" onerror=\\"alert()\\"/>"}'"""),
    "ir.actions.act_url": ("url", "'javascript:alert()'"),
    "ir.actions.client": ("tag", "'x'"),
    "ir.attachment": ("mimetype", "'text/html'"),
    "ir.default": ("json_value", "'\"y\"'"),
    "ir.mail_server": ("smtp_host", "'mail.example.net'"),
    "fetchmail.server": ("server", "'mail.example.net'"),
    "ir.model.data": ("res_id", "res_id + 1"),
}


class ExecutableCase(IntegrityCase):
    """Rows that run as code, one of each kind."""

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("zh_CN")
        self.partners = self.env["ir.model"]._get("res.partner.category")
        self.rows = {name: self.env[name].create(values) for name, values in self.values().items()}
        self.action = self.rows["ir.actions.server"]
        self.end()

    def values(self):
        action = {"name": "a", "state": "code", "code": "action = {}", "model_id": self.partners.id}
        return {
            "ir.actions.server": action,
            "ir.cron": action | {"user_id": self.env.ref("base.user_root").id, "interval_type": "days"},
            "ir.actions.report": {"name": "r", "model": "res.partner.category", "report_name": "ctsp_crypto.none",
                                  "print_report_name": "object.name"},
            "mail.template": {"name": "m", "model_id": self.partners.id, "body_html": "<p>text</p>"},
            "ir.ui.view": {"name": "v", "model": "res.partner.category", "type": "form",
                           "arch": "<form><p>word</p></form>"},
            "ir.asset": {"name": "s", "bundle": "ctsp_crypto.none", "path": "ctsp_crypto/static/none.js"},
            "ir.model.fields": {
                "name": "x_made", "model_id": self.partners.id, "ttype": "char", "field_description": "Made",
                "depends": "name", "compute": "for one in self: one['x_made'] = one.name", "store": False},
            "ir.config_parameter": {"key": "ctsp_crypto.test", "value": "1"},
            "ir.actions.act_window": {"name": "w", "res_model": "res.partner.category", "help": "<p>help</p>"},
            "ir.actions.act_url": {"name": "u", "url": "/web"},
            "ir.actions.client": {"name": "c", "tag": "reload"},
            "ir.attachment": {"name": "f", "url": "/ctsp_crypto/none.js", "raw": b"1"},
            "ir.default": {"field_id": self.env["ir.model.fields"]._get("res.partner.category", "name").id,
                           "json_value": '"x"'},
            "ir.mail_server": {"name": "m", "smtp_host": "mail.example.org"},
            "fetchmail.server": {"name": "f", "server_type": "imap", "server": "mail.example.org"},
            "ir.model.data": {"module": "ctsp_crypto", "name": "test_role", "model": "res.groups",
                              "res_id": self.env.ref("base.group_user").id},
        }

    def findings(self):
        """Return what is found about any row of the models that run, as ``{(model, id, kind, field)}``."""
        return {(name, found.res_id, found.kind, found.name)
                for name in CODE for found in self.integrity._check_all(name)}


@tagged("post_install", "-at_install")
class TestExecutable(ExecutableCase):
    """What runs as code is as the platform wrote it, or it is named by row and field."""

    def test_each_is_attacked(self):
        self.assertEqual(ATTACKS.keys(), CODE)
        self.assertEqual(self.rows.keys(), CODE)
        self.assertLessEqual(CODE, self.integrity._access_models())

    def test_altered(self):
        self.assertFalse(self.findings())
        expected = set()
        for name, (column, value) in ATTACKS.items():
            self.sql(f"UPDATE {self.env[name]._table} SET {column} = {value} WHERE id = %s", self.rows[name].id)
            expected.add((name, self.rows[name].id, "altered", column))
        self.assertEqual(self.findings(), expected)

    def test_put_in(self):
        """A field, a parameter that nobody made; one made on screen that is said to be the code's."""
        made, table = self.rows["ir.model.fields"], self.env["ir.model.fields"]
        self.sql("INSERT INTO ir_model_fields (model_id, model, name, ttype, state, field_description, compute)"
                 " SELECT model_id, model, 'x_more', ttype, state, field_description, 'env' FROM ir_model_fields"
                 " WHERE id = %s", made.id)
        more_field = table.search([("name", "=", "x_more")])
        self.sql("UPDATE ir_model_fields SET state = 'base' WHERE id = %s", made.id)
        self.sql("INSERT INTO ir_config_parameter (key, value) VALUES ('ctsp_crypto.more', '1')")
        more = self.env["ir.config_parameter"].search([("key", "=", "ctsp_crypto.more")])
        self.assertEqual(self.findings(), {
            ("ir.model.fields", more_field.id, "added", None), ("ir.model.fields", made.id, "missing", None),
            ("ir.config_parameter", more.id, "added", None)})

    def test_an_administrator_changes_them(self):
        """Through the platform, in either language; taken away again: nothing is found."""
        chinese = self.rows["ir.ui.view"].with_context(lang="zh_CN")
        chinese.arch = "<form><p>词</p></form>"
        self.rows["ir.ui.view"].update_field_translations("arch_db", {"zh_CN": {"word": "字"}})
        self.rows["mail.template"].with_context(lang="zh_CN").body_html = "<p>正文</p>"
        self.rows["ir.actions.report"].update_field_translations("print_report_name", {"zh_CN": "object.display_name"})
        self.action.write({"code": "action = None", "group_ids": [(4, self.env.ref("base.group_user").id)]})
        self.rows["ir.cron"].write({"active": False, "interval_number": 3, "code": "log('x')"})
        self.rows["ir.model.fields"].write({"compute": "for one in self: one['x_made'] = 'x'", "readonly": True})
        self.rows["ir.actions.act_window"].with_context(lang="zh_CN").help = "<p>帮助</p>"
        self.rows["ir.attachment"].write({"raw": b"2", "mimetype": "text/css"})
        self.env["ir.default"].set("res.partner.category", "name", "z")
        self.env["ir.model.data"]._update_xmlids([
            {"xml_id": "ctsp_crypto.test_role", "record": self.env.ref("base.group_portal")},
            {"xml_id": "ctsp_crypto.test_other", "record": self.env.ref("base.group_user")}])
        self.env["ir.config_parameter"].set_param("ctsp_crypto.test", "2")
        self.env["ir.config_parameter"].set_param("ctsp_crypto.more", "3")
        self.env.ref("base.group_user").view_access = [(4, self.rows["ir.ui.view"].id)]
        self.end()
        self.assertFalse(self.findings())
        for row in self.rows.values():
            row.unlink()
        self.end()
        self.assertFalse(self.findings())

    def test_a_name_turned(self):
        """Who has a role's name mean another has its rights everywhere; the next update sets it right, and tells."""
        name, data = "ctsp_crypto.test_role", self.rows["ir.model.data"]
        self.sql("UPDATE ir_model_data SET res_id = %s WHERE id = %s", self.env.ref("base.group_portal").id, data.id)
        self.assertEqual(self.findings(), {("ir.model.data", data.id, "altered", "res_id")})
        self.env["ir.model.data"]._update_xmlids([{"xml_id": name, "record": self.env.ref("base.group_user")}])
        self.end()
        self.assertFalse(self.findings())
        self.assertTrue(self.env["ctsp.integrity.issue"].search_count([
            ("model", "=", "ir.model.data"), ("res_id", "=", data.id), ("field_name", "=", "res_id")]))

    def test_translations_are_loaded(self):
        """Past the ORM; what another hand had put there before is told all the same."""
        view = self.env.ref("base.view_partner_form")
        self.env["ir.module.module"]._load_module_terms(["base", "mail"], ["zh_CN"])
        self.end()
        self.assertIn("zh_CN", self.env.execute_query(SQL(
            "SELECT arch_db FROM ir_ui_view WHERE id = %s", view.id))[0][0])
        self.assertFalse(self.findings())
        self.assertFalse(self.env["ctsp.integrity.issue"].search_count([]))
        self.sql("UPDATE ir_ui_view SET arch_db = arch_db || '{\"zh_CN\": \"<form/>\"}' WHERE id = %s", view.id)
        self.env["ir.module.module"]._load_module_terms(["base"], ["zh_CN"], overwrite=True)
        self.end()
        issue = self.env["ctsp.integrity.issue"].search([("res_id", "=", view.id), ("model", "=", "ir.ui.view")])
        self.assertTrue(issue.field_name == "arch_db" or self.findings())

    def test_told_once(self):
        """A look that finds something keeps it and raises an alert; the next one adds no finding."""
        issues = self.env["ctsp.integrity.issue"].with_context(lang="zh_CN")
        self.sql("UPDATE ir_act_server SET code = 'None' WHERE id = %s", self.action.id)
        with self.enter_registry_test_mode():
            for _time in range(2):
                with suppress(UserError):  # assertRaises would take back what was kept
                    self.action.run()
            issue = issues.search([("model", "=", "ir.actions.server")])
        self.assertEqual((issue.res_id, issue.field_name, issue.model_label), (self.action.id, "code", "服务器动作"))
        alert = self.env["ctsp.audit.alert"].search([("kind", "=", "tampering"), ("who", "=", "a")])
        self.assertEqual(len(alert), 1)
        self.assertTrue(self.env["ctsp.audit.event"].search_count([("event", "=", "integrity.code")]))

    def test_what_the_scripts_remember(self):
        self.sql("INSERT INTO ir_config_parameter (key, value) VALUES ('ctsp.addon_digests', '{}')"
                 " ON CONFLICT (key) DO UPDATE SET value = '{}'")
        self.assertFalse(self.findings())


@tagged("post_install", "-at_install")
class TestRuns(ExecutableCase):
    """Altered code does not run; what the scheduler does by SQL is no alteration."""

    def setUp(self):
        super().setUp()
        self.told = []
        self.enterContext(patch.object(
            type(self.integrity), "_announce_code", lambda _self, records, found: self.told.append((records, found))))

    def test_altered_code_does_not_run(self):
        self.action.run()
        self.sql("UPDATE ir_act_server SET code = 'raise UserError(\"done\")' WHERE id = %s", self.action.id)
        with self.assertRaisesRegex(UserError, "was altered outside the platform"):
            self.action.run()
        self.assertEqual([(records, found.name) for records, (found,) in self.told], [(self.action, "code")])
        self.action.code = "action = {}"
        self.action.run()

    def test_anybody_runs_it(self):
        """Whoever may run an action needs no right on evidence or keys for the look before it."""
        self.action.group_ids = self.env.ref("base.group_user")
        action = self.action.with_user(self.role("inspector"))
        action.run()
        self.sql("UPDATE ir_act_server SET code = 'None' WHERE id = %s", self.action.id)
        with self.assertRaisesRegex(UserError, "was altered outside the platform"):
            action.run()

    def test_told_only(self):
        """Where the policy says so, it runs and is announced."""
        with patch.object(self.registry["ctsp.parameter"], "_get", lambda *_args, **_options: False):
            self.sql("UPDATE ir_act_server SET code = 'raise UserError(\"done\")' WHERE id = %s", self.action.id)
            with self.assertRaisesRegex(UserError, "done"):
                self.action.run()
        self.assertTrue(self.told)

    def test_scheduled(self):
        cron = self.rows["ir.cron"]
        self.sql("UPDATE ir_cron SET user_id = 2 WHERE id = %s", cron.id)
        with self.assertRaisesRegex(UserError, "was altered outside the platform"):
            cron._callback(cron.cron_name, cron.ir_actions_server_id.id)
        self.assertEqual([(records, found.name) for records, (found,) in self.told], [(cron, "user_id")])

    def test_the_scheduler(self):
        """A run, the next time, and an action that is switched off after failing for a week."""
        cron = self.rows["ir.cron"]
        self.end()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        job = cron.read(load=None)[0] | {"failure_count": 5, "first_failure_date": fields.Datetime.subtract(
            fields.Datetime.now(), days=30), "nextcall": fields.Datetime.subtract(fields.Datetime.now(), days=2)}
        with patch.object(self.registry["ir.cron"], "_notify_admin", lambda *_args: None):
            cron._reschedule_later(job)
            cron._update_failure_count(job, "failed")
        self.env.invalidate_all()
        self.assertFalse(cron.active)
        self.end()
        self.assertFalse(self.findings())
        self.assertFalse(self.env["ctsp.integrity.issue"].search_count([]))

    def test_cost(self):
        """A look at an action before it runs: a handful of queries."""
        self.action.run()
        with self.assertQueryCount(8):
            self.integrity._refuse_altered_code(self.action)
