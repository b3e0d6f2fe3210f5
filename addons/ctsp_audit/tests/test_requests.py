import xmlrpc.client
from unittest.mock import patch

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestRequests(HttpCase):
    """Refusals, sign-outs and calls are logged, on a cursor of their own.

    In a test all cursors share one connection, and a refused request rolls the row back with itself: what is handed to
    the writer is looked at instead. ``tests/tamper`` sees the rows in a real server's database.
    """

    def setUp(self):
        super().setUp()
        self.rows = []
        port = type(self.env["ctsp.audit.port"])
        write = port._write_rows

        def keep(this, cr, rows, **how):
            self.rows += [dict(row) for row in rows]
            return write(this, cr, rows, **how)

        patcher = patch.object(port, "_write_rows", keep)
        patcher.start()
        self.addCleanup(patcher.stop)

    def last(self, event):
        return next(row for row in reversed(self.rows) if row["event"] == event)

    def person(self, login):
        return new_test_user(self.env, login, groups="ctsp_base.group_inspector", password=login * 2)

    @mute_logger("odoo.http", "odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model")
    def test_refused_access(self):
        user = self.person("curious")
        self.authenticate("curious", "curious" * 2)
        response = self.url_open("/web/dataset/call_kw/ctsp.audit.log/search_read", json={"jsonrpc": "2.0", "params": {
            "model": "ctsp.audit.log", "method": "search_read", "args": [[]], "kwargs": {}}})
        self.assertIn("error", response.json())
        row = self.last("denied")
        self.assertEqual((row["user_id"], row["model"], row["success"]), (user.id, "ctsp.audit.log", False))
        self.assertIn("search_read", row["detail"])

    @mute_logger("odoo.http")
    def test_refused_input(self):
        """A value that the platform refuses: who and where is logged, the value is not."""
        user = self.person("clumsy")
        self.authenticate("clumsy", "clumsy" * 2)
        self.url_open("/web/dataset/call_kw/res.users/change_password", json={"jsonrpc": "2.0", "params": {
            "model": "res.users", "method": "change_password", "args": ["clumsy" * 2, " "], "kwargs": {}}})
        row = self.last("refused")
        self.assertEqual((row["user_id"], row["model"], row["success"]), (user.id, "res.users", False))
        self.assertNotIn("clumsyclumsy", str(row["detail"]))

    def test_sign_out(self):
        user = self.person("leaving")
        self.authenticate("leaving", "leaving" * 2)
        self.url_open("/web/session/logout", allow_redirects=False)
        self.assertEqual((self.last("sign_out")["user_id"], self.last("sign_out")["channel"]), (user.id, "web"))

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.xmlrpc", "odoo.addons.rpc.controllers.jsonrpc",
                 "odoo.addons.base.models.ir_model", "odoo.models", "odoo.orm.models",
                 "odoo.addons.ctsp_base.controllers.desk_rpc")
    def test_failures_of_interfaces(self):
        """What other systems ask for in vain is logged by all three protocols: who, what, why; not the values."""
        user = self.person("machine")
        call = [self.env.cr.dbname, user.id, "machine" * 2, "ctsp.audit.log", "search", [[]]]
        with self.assertRaises(xmlrpc.client.Fault):
            self.xmlrpc_object.execute_kw(*call)
        self.assertRefused(user, "denied", "ctsp.audit.log", "search", "AccessError")
        self.url_open("/jsonrpc", json={"jsonrpc": "2.0", "method": "call", "params": {
            "service": "object", "method": "execute_kw", "args": [*call[:3], "res.users", "unheard_of", []]}})
        self.assertRefused(user, "refused", "res.users", "unheard_of", "Error")
        key = self.env(user=user)["res.users.apikeys"].sudo()._generate("rpc", "machine", None)
        headers = {"Authorization": f"Bearer {key}"}
        self.url_open("/json/2/ctsp.audit.log/search", json={"domain": []}, headers=headers)
        self.assertRefused(user, "denied", "ctsp.audit.log", "search", "AccessError")
        self.url_open("/json/2/res.users/read", json={"ids": [user.id], "nonsense": 1}, headers=headers)
        self.assertRefused(user, "refused", "res.users", "read", "UnprocessableEntity")
        self.url_open("/json/2/res.users/read", json={"ids": [1]}, headers={"Authorization": "Bearer " + "0" * 40})
        row = self.last("sign_in")
        self.assertEqual((row["user_id"], row["success"], row["channel"]), (None, False, "json2"))

    def assertRefused(self, user, event, model, method, error):  # pylint: disable=invalid-name
        row = next(one for one in reversed(self.rows) if not one["success"])
        self.assertEqual((row["user_id"], row["event"], row["model"]), (user.id, event, model))
        for text in (method, error):
            self.assertIn(text, str(row["detail"]))
        self.assertTrue(row["request_id"])

    def test_interface_call(self):
        user = self.person("machine")
        self.xmlrpc_object.execute_kw(
            self.env.cr.dbname, user.id, "machine" * 2, "res.users", "read", [[user.id], ["login"]])
        row = self.last("call")
        self.assertEqual((row["user_id"], row["model"], row["channel"]), (user.id, "res.users", "rpc"))
        self.assertIn("read", row["detail"])
