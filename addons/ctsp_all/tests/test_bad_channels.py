import base64
import csv
import io
import json
import re
import xmlrpc.client
from datetime import datetime, timedelta

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_base.tests.common import CtspCase

from .bad_inputs import BAD, BASE, CIRCLES
from .bad_world import BadWorld

CHINESE = re.compile(r"[\u4e00-\u9fff]")
TECHNICAL = re.compile(
    r"Traceback|psycopg2|File \"|\b(the|is not|must|cannot|can't|invalid|already|record|Wrong|Error|value for|DETAIL|"
    r"constraint|null value|ctsp\.|odoo)\b", re.IGNORECASE)
QUIET = ("odoo.http", "odoo.sql_db", "odoo.addons.rpc.controllers.xmlrpc", "odoo.addons.ctsp_base.controllers.desk_rpc",
         "odoo.addons.rpc.controllers.jsonrpc", "odoo.models", "odoo.addons.base.models.ir_rule")


@tagged("post_install", "-at_install")
class TestBadChannels(CtspCase, HttpCase):
    """The table of bad inputs through every door: a Chinese sentence with field and reason, and nothing changed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, lang="zh_CN"))
        cls.world = BadWorld(cls.env)
        cls.users, cls.keys = {}, {}
        for role in {bad.role for bad in BAD}:
            user = cls.users[role] = cls.role(role, personal=True)
            user.sudo().lang = "zh_CN"
            cls.keys[role] = cls.env["res.users.apikeys"].with_user(user).sudo()._generate(
                "rpc", "test", datetime.now() + timedelta(hours=1))
        for bad in BAD:
            if bad.write:
                cls.world.record(bad.model)
        cls.picture = cls.world.picture()

    def judge(self, bad, door, message):
        """The message is one for people and names what is wrong."""
        where = f"{door}: {bad.model} {str(bad.values)[:80]}"
        self.assertIsNotNone(message, f"{where}: was not refused")
        self.assertRegex(message, CHINESE, where)
        self.assertNotRegex(message, TECHNICAL, where)
        self.assertIn(bad.words, message, where)

    def unchanged(self):
        """No column of any row differs from before, in business data, messages, tasks and files alike."""
        now = self.world.picture()
        self.assertEqual({name for name in now if now[name] != self.picture[name]}, set())

    def each(self, check, allowed=lambda bad: True):
        """Run ``check`` for each row of the table that ``allowed`` admits."""
        rows = [bad for bad in BAD if allowed(bad)]
        self.assertGreaterEqual(len(rows), 40)
        for bad in rows:
            with self.subTest(model=bad.model, values=str(bad.values)[:80]), mute_logger(*QUIET):
                check(bad)
                self.unchanged()

    # -- the web client -----------------------------------------------------------------------------

    def call(self, model, method, args, **kwargs):
        """Call as the web client does; return ``(result, message)``."""
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": {
            "model": model, "method": method, "args": args, "kwargs": {"context": {"lang": "zh_CN"}, **kwargs}}})
        answer = self.url_open(f"/web/dataset/call_kw/{model}/{method}", body.encode(), headers={
            "Content-Type": "application/json"})
        self.assertEqual(answer.status_code, 200)
        content = answer.json()
        error = content.get("error")
        if error:
            self.assertFalse(error["data"]["debug"], "a traceback was sent")
            return None, error["data"]["message"]
        return content.get("result"), None

    def test_forms(self):
        """A form reports the change and saves, as the role in question, for new and old records."""
        for role in self.users:
            self.authenticate(self.users[role].login, self.users[role].login)
            rows = [bad for bad in BAD if bad.role == role]
            for bad in rows:
                with self.subTest(model=bad.model, values=str(bad.values)[:80]), mute_logger(*QUIET):
                    self.check_form(bad)
                    self.unchanged()

    def check_form(self, bad):
        values = self.world.values({**BASE[bad.model], **bad.values})
        spec = {name: {} for name in values if name in self.env[bad.model]._fields}
        _result, message = self.call(bad.model, "onchange", [[], values, list(bad.values), spec])
        if message:
            self.judge(bad, "onchange", message)
        _result, message = self.call(bad.model, "web_save", [[], values], specification={})
        self.judge(bad, "web_save", message)
        if bad.write:
            record = self.world.record(bad.model)
            _result, message = self.call(
                bad.model, "web_save", [record.ids, self.world.values(bad.values)], specification={})
            self.judge(bad, "web_save of an old record", message)

    # -- machines -------------------------------------------------------------------------------------

    def xml_rpc(self, role, *call):
        try:
            self.xmlrpc_object.execute_kw(self.env.cr.dbname, self.users[role].id, self.keys[role], *call)
        except xmlrpc.client.Fault as fault:
            return fault.faultString
        return None

    def test_xml_rpc(self):
        """With a key and no language given, the answer is in the user's own language."""
        self.each(self.check_xml_rpc, lambda bad: bad.xml)

    def check_xml_rpc(self, bad):
        values = self.world.values({**BASE[bad.model], **bad.values})
        self.judge(bad, "create", self.xml_rpc(bad.role, bad.model, "create", [values]))
        if bad.write:
            ids = self.world.record(bad.model).ids
            message = self.xml_rpc(bad.role, bad.model, "write", [ids, self.world.values(bad.values)])
            self.judge(bad, "write", message)

    def json_2(self, role, model, method, **arguments):
        answer = self.url_open(
            f"/json/2/{model}/{method}", json.dumps(arguments).encode(), headers={
                "Authorization": f"Bearer {self.keys[role]}", "Content-Type": "application/json"})
        self.assertLess(answer.status_code, 500, answer.text[:300])
        if answer.status_code == 200:
            return None
        self.assertFalse(answer.json()["debug"], "a traceback was sent")
        return answer.json()["message"]

    def test_json_2(self):
        """As over XML-RPC, and never as an error of the server."""
        self.each(self.check_json_2)

    def check_json_2(self, bad):
        values = self.world.values({**BASE[bad.model], **bad.values})
        self.judge(bad, "create", self.json_2(bad.role, bad.model, "create", vals_list=[values]))
        if bad.write:
            ids = self.world.record(bad.model).ids
            message = self.json_2(bad.role, bad.model, "write", ids=ids, vals=self.world.values(bad.values))
            self.judge(bad, "write", message)

    # -- files ------------------------------------------------------------------------------------------

    def refusal_of_file(self, bad):
        """Bring the input as the only row of a csv file; return why it is refused."""
        values = {**BASE[bad.model], **bad.values}
        cells = {name: bad.cells.get(name, self.world.cell(bad.model, name, value)) for name, value in values.items()}
        stream = io.StringIO()
        csv.writer(stream).writerows([list(cells), list(cells.values())])
        jobs = self.env["ctsp.import.job"].with_user(self.users[bad.role]).with_context(lang="zh_CN")
        job = jobs.create({
            "res_model": bad.model, "file": base64.b64encode(stream.getvalue().encode()), "file_name": "a.csv"})
        try:
            job.action_read()
            job.action_test()
        except UserError as error:
            return str(error)
        if job.bad_count == 1:
            job.action_run()
            self.assertEqual(job.state, "tested", "a file with a bad row was imported")
        return job.row_ids.message or None

    def test_files(self):
        """The dry run names the field, and an import of the row leaves nothing."""
        self.each(lambda bad: self.judge(bad, "file", self.refusal_of_file(bad)), lambda bad: bad.file)

    # -- what is no single value ------------------------------------------------------------------------

    def test_circles(self):
        """Nothing stands below itself, directly or through others."""
        self.authenticate(self.users["data_steward"].login, self.users["data_steward"].login)
        for model, link, words in CIRCLES:
            values = self.world.values(BASE[model])
            top = self.env[model].create({**values, "code": "97"})
            below = self.env[model].create({**values, "code": "97.01", "name": "其下", link: top.id})
            self.env.flush_all()
            for record, parent in ((top, top), (top, below)):
                with self.subTest(model=model), mute_logger(*QUIET):
                    _result, message = self.call(model, "web_save", [record.ids, {link: parent.id}], specification={})
                    self.assertRegex(message or "", CHINESE)
                    self.assertNotRegex(message, TECHNICAL)
            self.assertFalse(top[link], words)

    def test_calls_that_make_no_sense(self):
        """Wrong arguments, ids and conditions end in one Chinese sentence, never in a traceback."""
        self.authenticate(self.users["data_steward"].login, self.users["data_steward"].login)
        model = "ctsp.institution"
        for method, args in (
            ("write", [["x"], {"name": "甲"}]), ("write", [[2**40], {"name": "甲"}]), ("web_save", [[], ["甲"]]),
            ("create", ["甲"]), ("create", [["甲"]]), ("search_read", [[["bed_count", "=", "很多"]]]),
            ("search", [[["first_filed_date", ">", "2026-02-30"]]]), ("search", [[["no_such_field", "=", 1]]]),
            ("search", ["nonsense"]), ("read", [[1], ["no_such_field"]]), ("read", [["x"]]), ("copy", []),
            ("search_count", [[["name", "=", "甲\0"]]]), ("web_read", [[1], "x"]), ("name_search", [{"a": 1}]),
            ("search", [[], "x", "y"]), ("formatted_read_group", [[], ["no_such_field"], ["__count"]]),
        ):
            with self.subTest(method=method, args=args), mute_logger(*QUIET):
                result, message = self.call(model, method, args)
                if message is not None:
                    self.assertRegex(message, CHINESE)
                    self.assertNotRegex(message, r"Traceback|psycopg2|File \"")
                if str(2**40) not in str(args):  # XML has no such number
                    fault = self.xml_rpc("data_steward", model, method, args)
                    self.assertNotRegex(fault or "", r"Traceback|psycopg2|File \"")
                self.assertTrue(message or result is not None)
        self.unchanged()
