import xmlrpc.client
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

QUIET = ("odoo.http", "odoo.addons.rpc.controllers.xmlrpc", "odoo.addons.rpc.controllers.jsonrpc")


@tagged("post_install", "-at_install")
class TestRpc(HttpCase):
    """Both old protocols pass the platform's fence and are told to the audit port, address and all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(cls.env, "rpc_caller", groups="ctsp_base.group_inspector", password="rpc_caller_rpc")

    def arguments(self):
        return [self.env.cr.dbname, self.user.id, "rpc_caller_rpc", "res.users", "read", [[self.user.id], ["login"]]]

    def json_rpc(self):
        body = {"jsonrpc": "2.0", "method": "call", "id": 1, "params": {
            "service": "object", "method": "execute_kw", "args": self.arguments()}}
        answer = self.url_open("/jsonrpc", json=body).json()
        return answer.get("result") or answer["error"]["data"]["message"]

    @mute_logger(*QUIET)
    def test_fence(self):
        def refuse(_desk, model):
            raise AccessError(f"no {model}")

        with patch.object(type(self.env["ctsp.desk"]), "_check_rpc", refuse):
            with self.assertRaises(xmlrpc.client.Fault):
                self.xmlrpc_object.execute_kw(*self.arguments())
            self.assertEqual(self.json_rpc(), "no res.users")
        self.assertEqual(self.xmlrpc_object.execute_kw(*self.arguments())[0]["login"], "rpc_caller")
        self.assertEqual(self.json_rpc(), [{"id": self.user.id, "login": "rpc_caller"}])

    @mute_logger(*QUIET)
    def test_told_to_the_port(self):
        calls = []
        port = type(self.env["ctsp.audit.port"])

        def keep(this, model, method):
            row = this._row("call", None, {}, success=True)
            calls.append((row["user_id"], row["ip"], bool(row["request_id"]), model, method))

        with patch.object(port, "_log_call", keep):
            self.xmlrpc_object.execute_kw(*self.arguments())
            self.json_rpc()
        self.assertEqual(calls, [(self.user.id, "127.0.0.1", True, "res.users", "read")] * 2)
