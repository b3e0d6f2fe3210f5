import csv
import io
from contextlib import suppress
from unittest.mock import Mock, patch

import psycopg2

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.ctsp_base.tests.common import CtspCase
from odoo.addons.ctsp_base.tools import caller


@tagged("post_install", "-at_install")
class TestLog(CtspCase):
    """What declared models do reaches the log, once, with before and after."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag = cls.env["ctsp.tag"].create({"name": "old", "res_model": "res.partner"})
        cls.env.cr.flush()

    def rows(self, record, event=None):
        self.env.cr.flush()
        domain = [("model", "=", record._name), ("res_id", "=", record.id)]
        return self.env["ctsp.audit.log"].search(domain + ([("event", "=", event)] if event else []))

    def test_create(self):
        row = self.rows(self.tag, "create")
        self.assertEqual((len(row), row.after["name"], row.record_name), (1, "old", "old"))
        self.assertFalse(row.before)
        self.assertEqual(row.channel, "shell")

    def test_ways_in(self):
        """Interfaces, desk and web client are told apart: a partner's traffic at night is nobody's work at night."""
        _company, outside = self.outside("Hospital")
        for path, user, way in (
            ("/ctsp/open/v1/datasets", self.env.user, "rest"), ("/ctsp/exchange/v1/admin/task", self.env.user, "rest"),
            ("/web/dataset/call_kw", outside, "desk"), ("/web/dataset/call_kw", self.role("inspector"), "web"),
        ):
            with self.subTest(path=path, way=way), patch.object(caller, "facts", lambda path=path: {"path": path}):
                row = self.env(user=user)["ctsp.audit.port"]._row("read", None, {}, success=True)
                self.assertEqual(row["channel"], way)

    def test_create_logs_defaults(self):
        """What is stored is logged, not only what was given."""
        after = self.rows(self.tag, "create").after
        self.assertEqual((after["active"], after["res_model"]), (True, "res.partner"))
        self.assertIn("sequence", after)

    def test_cascades(self):
        """What the database deletes along is logged, each record with what it said."""
        parameter = self.env["ctsp.parameter"].create({
            "name": "p", "code": "test.cascade", "area": "test",
            "value_ids": [Command.create({"valid_from": "2020-01-01", "value": "7"})]})
        value = parameter.value_ids
        self.env.cr.flush()
        parameter.unlink()
        row = self.rows(value, "unlink")
        self.assertEqual((row.before["value"], row.detail), ("7", {"cascade": "ctsp.parameter"}))
        self.assertEqual(len(self.rows(parameter, "unlink")), 1)

    def test_refused_deletion(self):
        """A deletion that did not happen is not logged, even where nobody rolled back."""
        refuse = Mock(side_effect=UserError("used"), _ondelete=True)
        with patch.object(type(self.tag), "_ondelete_methods", [refuse]), suppress(UserError):
            self.tag.unlink()
        refuse.assert_called_once()
        self.assertFalse(self.rows(self.tag, "unlink"))

    def test_permission_through_the_group(self):
        """Who puts himself into a group from its side is known by name."""
        user = self.role("filing_officer")
        group = self.env.ref("ctsp_base.group_planner")
        group.with_user(user).sudo().write({"user_ids": [Command.link(user.id)]})
        row = self.rows(user, "permission")[:1]
        self.assertEqual((row.user_id, row.detail["added"]), (user, [group.name]))
        self.env.ref("ctsp_audit.pattern_self_grant")._watch()
        self.assertTrue(self.env["ctsp.audit.alert"].search([("kind", "=", "self_grant"), ("who", "=", user.login)]))
        group.user_ids -= user
        self.assertEqual(self.rows(user, "permission")[:1].detail["removed"], [group.name])

    def test_permission_through_implication(self):
        """Whoever lets a group he holds lead to another one gains it."""
        user = self.role("filing_officer")
        held, gained = (self.env["res.groups"].create({"name": name}) for name in ("held", "gained"))
        held.user_ids = user
        held.with_user(user).sudo().implied_ids = gained
        self.assertEqual(self.rows(user, "permission")[:1].detail["added"], ["gained"])

    def test_api_key(self):
        user = self.role("filing_officer")
        secret = self.env(user=user)["res.users.apikeys"].sudo()._generate("rpc", "machine", None)
        row = self.rows(user, "account")[:1]
        self.assertEqual(row.detail["api_key"], "machine")
        self.assertNotIn(secret, str(row.detail))

    def test_write(self):
        steward = self.role("system_admin")
        self.tag.with_user(steward).sudo().write({"name": "new", "res_model": "res.partner"})
        row = self.rows(self.tag, "write")
        self.assertEqual((row.before, row.after), ({"name": "old"}, {"name": "new"}), "only what changed")
        self.assertEqual(row.user_id, steward, "who did it, superuser rights or not")
        self.assertIn("new", row.changes)

    def test_several_writes_are_one_row(self):
        for name in ("a", "b", "c"):
            self.tag.name = name
        row = self.rows(self.tag, "write")
        self.assertEqual((row.before, row.after), ({"name": "old"}, {"name": "c"}))

    def test_two_people_in_one_transaction(self):
        """What somebody else does to the record is a row of its own."""
        self.tag.with_user(self.role("system_admin")).sudo().name = "a"
        self.tag.name = "b"
        rows = self.rows(self.tag, "write").sorted("id")
        self.assertEqual(rows.mapped("after"), [{"name": "a"}, {"name": "b"}])

    def test_nothing_changed(self):
        self.tag.name = "old"
        self.assertFalse(self.rows(self.tag, "write"))

    def test_rolled_back(self):
        try:
            with self.env.cr.savepoint():
                self.tag.name = "never"
                raise ZeroDivisionError
        except ZeroDivisionError:
            self.assertFalse(self.rows(self.tag, "write"))

    def test_delete(self):
        number = self.tag.id
        self.tag.unlink()
        row = self.rows(self.env["ctsp.tag"].browse(number), "unlink")
        self.assertEqual((row.before["name"], row.after), ("old", False))

    def test_many_in_few_statements(self):
        with patch.object(type(self.env["ctsp.audit.port"]), "_write_rows", autospec=True) as write:
            self.env["ctsp.tag"].create([{"name": f"t{n}", "res_model": "res.partner"} for n in range(300)])
            self.env.cr.flush()
        self.assertEqual([len(call.args[2]) for call in write.call_args_list], [300])

    def test_personal_values_are_masked(self):
        tag = type(self.env["ctsp.tag"])
        with patch.object(tag, "_personal_fields", {"name": "phone"}, create=True):
            self.tag.name = "13812345678"
        row = self.rows(self.tag, "write")
        self.assertEqual(row.after, {"name": "138****5678"})

    def test_secrets_never_appear(self):
        user = new_test_user(self.env, "secret_user", groups="base.group_user", password="Very-Secret-1")
        user.password = "Other-Secret-2"
        self.env.cr.flush()
        self.env.cr.execute(SQL(
            "SELECT count(*) FROM ctsp_audit_log WHERE concat(before, after, detail) ~ 'Secret|pbkdf2'"))
        self.assertEqual(self.env.cr.fetchone()[0], 0)

    def test_long_text(self):
        parameter = self.env["ctsp.parameter"].search([], limit=1)
        parameter.description = "字" * 5000
        row = self.rows(parameter, "write")
        self.assertEqual((len(row.after["description"]["text"]), row.after["description"]["length"]), (2000, 5000))

    def test_printing(self):
        printed = [("report_type", "=", "qweb-pdf"), ("model", "!=", False)]
        report = self.env["ir.actions.report"].search(printed, limit=1)
        record = self.env[report.model].search([], limit=1)
        self.env["ir.actions.report"]._log_print(report, record.ids)._log_print(report, record.ids)
        rows = self.rows(record, "print")
        self.assertEqual((len(rows), rows.detail["report"]), (1, report.name))

    def test_printing_without_the_log_is_not_asked_for(self):
        """Whoever opens a report writes its context: no key in it keeps the printing out of the log."""
        printed = [("report_type", "=", "qweb-pdf"), ("model", "!=", False)]
        report = self.env["ir.actions.report"].search(printed, limit=1)
        record = self.env[report.model].search([], limit=1)
        self.env["ir.actions.report"].with_context(ctsp_print_logged=True)._log_print(report, record.ids)
        self.assertEqual(len(self.rows(record, "print")), 1)

    def test_retention_has_a_floor(self):
        """网络安全法 Article 21: six months at least."""
        value = self.env.ref("ctsp_audit.parameter_retention_value")
        value.value = "6"
        for few in ("5", "0", "-1"):
            with self.assertRaises(ValidationError):
                value.value = few

    def test_own_settings_are_logged(self):
        """Whoever narrows what is logged leaves a row."""
        scope = self.env.ref("ctsp_audit.scope_ir_rule")
        scope.active = False
        self.assertEqual(self.rows(scope, "write").after, {"active": False})

    def test_not_declared(self):
        bank = self.env["res.bank"].create({"name": "Bank"})
        self.assertFalse(self.rows(bank))

    def test_own_models_cannot_be_declared(self):
        with self.assertRaises(Exception) as caught:
            self.env["ctsp.audit.scope"].create(
                {"model_id": self.env["ir.model"]._get_id("ctsp.audit.verification"), "reason": "test"})
        self.assertIn("log itself", str(caught.exception))

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model")
    def test_who_reads(self):
        row = self.rows(self.tag)[:1]
        self.assertTrue(row.with_user(self.role("audit_admin")).read(["login", "before", "after", "changes"]))
        for name in ("system_admin", "security_admin", "leader", "inspector"):
            with self.assertRaises(AccessError):
                row.with_user(self.role(name)).read(["event"])

    def test_time_lines(self):
        """Of a record, a user, an address: each opens exactly their rows."""
        self.tag.name = "new"
        row = self.rows(self.tag, "write").with_user(self.role("audit_admin"))
        self.assertEqual(self.env["ctsp.audit.log"].search(row.action_record()["domain"]), self.rows(self.tag))
        self.assertIn(row, self.env["ctsp.audit.log"].search(row.action_user()["domain"]))
        self.assertEqual(row.change_text, "Name: old → new")

    def test_time_line_of_one_among_many(self):
        """What was done to several at once belongs to the history of each, and of no other."""
        others = self.env["ctsp.tag"].create([{"name": f"t{n}", "res_model": "res.partner"} for n in range(3)])
        port, log = self.env["ctsp.audit.port"], self.env["ctsp.audit.log"]
        port._log("export", self.tag + others[:2])
        port._log("print", others)
        port._log("read", self.env["res.partner"].browse((self.tag.id, others[0].id)))
        row = self.rows(self.tag, "create").with_user(self.role("audit_admin"))
        found = log.search(row.action_record()["domain"])
        self.assertEqual(set(found.mapped("event")), {"create", "export"})
        self.assertEqual(found.filtered(lambda one: one.event == "export").res_count, 3)
        found = log.search([("model", "=", "ctsp.tag"), ("about_id", "in", others[2:].ids)])
        self.assertEqual(set(found.mapped("event")), {"print", "create"})
        finder = self.env["ctsp.audit.find"].with_user(self.role("audit_admin"))
        wizard = finder.create({"model": "ctsp.tag", "number": others[2].id})
        self.assertIn("print", log.search(wizard.action_open()["domain"]).mapped("event"))

    def test_no_scan_for_a_time_line(self):
        """In each month rows about several records are found by an index, in months that begin later, too."""
        _alone, among_others = self.env["ctsp.audit.log"]._search_about_id("in", [self.tag.id]).children
        self.env.cr.execute(SQL("SET LOCAL enable_seqscan = off"))  # of a table with a dozen rows a scan is cheap
        query = self.env["ctsp.audit.log"]._search(among_others)
        plan = "\n".join(line for line, in self.env.execute_query(SQL("EXPLAIN %s", query.select())))
        self.assertNotIn("Seq Scan", plan)
        parts = self.env.execute_query(SQL(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'ctsp_audit_entry'::regclass"))
        self.assertGreater(len(parts), 3)
        for part, in parts:
            self.assertIn(f"{part}_res_ids_idx", plan)

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model")
    def test_export(self):
        """The audit administrator takes rows away as a file, which is itself a row; nobody else does."""
        domain = [("model", "=", "ctsp.tag"), ("res_id", "=", self.tag.id)]
        exports = self.env["ctsp.export.job"].sudo()
        job = exports.with_user(self.role("audit_admin")).sudo().create({
            "name": "log", "res_model": "ctsp.audit.log", "domain": domain, "file_format": "csv",
            "user_id": self.role("audit_admin").id}).sudo(False)
        self.tag.name = "=new"
        self.env.cr.flush()
        with self.enter_registry_test_mode():
            job._job_start(background=False)
        text = job.sudo().attachment_id.raw.decode("utf-8-sig")
        self.assertIn("old → =new", text)
        self.assertEqual(len(list(csv.reader(io.StringIO(text)))), 3, "headers, created, changed")
        row = self.env["ctsp.audit.log"].search([("event", "=", "export")], limit=1)
        self.assertEqual((row.login, row.detail["model"]), (self.role("audit_admin").login, "ctsp.audit.log"))
        with self.assertRaises(AccessError):
            self.env["ctsp.audit.log"].with_user(self.role("system_admin")).search(domain)

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model")
    def test_nobody_changes_a_row(self):
        row = self.rows(self.tag)[:1]
        for user in (self.role("audit_admin"), self.env["res.users"].browse(SUPERUSER_ID)):
            for attack in (
                lambda r=row, u=user: r.with_user(u).write({"event": "x"}),
                lambda r=row, u=user: r.with_user(u).unlink(),
                lambda r=row, u=user: r.with_user(u).create({"event": "x"}),
            ):
                with self.assertRaises(AccessError):
                    attack()

    @mute_logger("odoo.sql_db")
    def test_the_tables_refuse_too(self):
        columns = {"ctsp_audit_entry": "login", "ctsp_audit_log": "login", "ctsp_audit_seal": "digest",
                   "ctsp_audit_seal_row": "mac", "ctsp_audit_archive": "file_name"}
        for table, column in columns.items():
            for statement in (f"UPDATE {table} SET {column} = ''", f"DELETE FROM {table}"):
                with self.assertRaises(psycopg2.errors.InsufficientPrivilege), self.cr.savepoint():
                    self.cr.execute(SQL(statement))

    def test_list_takes_few_queries(self):
        self.env["ctsp.tag"].create([{"name": f"t{n}", "res_model": "res.partner"} for n in range(80)])
        self.env.cr.flush()
        log = self.env["ctsp.audit.log"].with_user(self.role("audit_admin"))
        spec = {"date": {}, "event": {}, "login": {}, "model": {}, "record_name": {}, "summary": {}}
        log.web_search_read([], spec, limit=80)
        self.env.invalidate_all()
        with self.assertQueryCount(4):
            log.web_search_read([], spec, limit=80)
