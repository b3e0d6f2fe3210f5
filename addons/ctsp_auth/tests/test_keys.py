from datetime import timedelta
from unittest.mock import patch
from xmlrpc.client import Fault

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, HttpCase, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.ctsp_auth.models.auth_attempt import AuthAttempt
from odoo.addons.ctsp_auth.tools import key_scope

from .common import AuthCase


@tagged("post_install", "-at_install")
class TestScope(BaseCase):
    """Which calls a key covers."""

    def test_covers(self):
        for text, model, method, covered in (
            ("", "any.model", "anything", True), ("a.b", "a.b", "write", True), ("a.b", "a.c", "read", False),
            ("a.b:read", "a.b", "search_read", True), ("a.b:read", "a.b", "write", False),
            ("a.b:submit, a.c", "a.b", "submit", True), ("a.b:submit", "a.b", "read", False),
            ("a.b", "a.b", "_private", False), ("a.b:read，a.c", "a.c", "unlink", True),
        ):
            self.assertEqual(key_scope.covers(text, model, method), covered, (text, model, method))

    def test_nonsense(self):
        for text in ("A.B", "a b:", "a:b:c", "a.b:Read"):
            with self.assertRaises(ValueError):
                key_scope.items(text)


@tagged("post_install", "-at_install")
class TestKeys(AuthCase, HttpCase):
    """Keys of interface accounts: for named calls, from named addresses, with an end, and as they were issued."""

    def issue(self, **values):
        self.machine = self.role("interface")
        wizard = self.env["ctsp.auth.key.new"].with_user(self.role("security_admin")).create({
            "user_id": self.machine.id, "name": "CTMS（示例）", "addresses": "127.0.0.1", **values})
        key = wizard.action_issue()["context"]["default_key"]
        self.env.flush_all()
        return key

    def status(self, key, call="ctsp.dictionary/search_count", **params):
        url, headers = f"{self.base_url()}/json/2/{call}", {"Authorization": f"Bearer {key}"}
        with mute_logger("odoo.http"):
            return self.opener.post(url, json=params or {"domain": []}, headers=headers).status_code

    def rpc(self, key, model="ctsp.dictionary", method="search_count", args=None):
        with mute_logger("odoo.http"):
            return self.xmlrpc_object.execute_kw(
                self.env.cr.dbname, self.machine.id, key, model, method, [[]] if args is None else args)

    def test_good(self):
        key = self.issue()
        self.assertEqual(self.status(key), 200)
        self.assertGreater(self.rpc(key), 0)

    def test_addresses(self):
        key = self.issue(addresses="10.1.2.3, 10.2.0.0/16")
        self.assertEqual(self.status(key), 401)
        keys = self.env["res.users.apikeys"]
        with patch.object(AuthAttempt, "_address", lambda _self: "10.2.7.7"):
            self.assertEqual(keys._check_credentials(scope="rpc", key=key), self.machine.id)
        with patch.object(AuthAttempt, "_address", lambda _self: "10.1.2.4"):
            self.assertFalse(keys._check_credentials(scope="rpc", key=key))
        self.assertIn("key_address", str(self.failure().detail))
        with self.assertRaises(Fault):
            self.rpc(key)

    def test_calls(self):
        key = self.issue(calls="ctsp.dictionary:read")
        self.assertEqual(self.status(key), 200)
        self.assertEqual(self.status(key, "ctsp.dictionary.item/search_count"), 403)
        self.assertEqual(self.status(key, "ctsp.dictionary/write", ids=[1], vals={}), 403)
        self.assertGreater(self.rpc(key), 0)
        others = (("ctsp.dictionary.item", "search_count", None), ("ctsp.dictionary", "write", [[1], {}]))
        for model, method, args in others:
            with self.assertRaises(Fault):
                self.rpc(key, model, method, args)

    def test_other_routes(self):
        """A key for named calls opens no route where no call is named; one for all calls does."""
        path = "/json/1/ctsp_base.ctsp_account_action"
        for calls, refused in (("ctsp.dictionary:read", True), (False, False)):
            key = self.issue(calls=calls)
            with mute_logger("odoo.http"):
                answer = self.url_open(path, headers={"Authorization": f"Bearer {key}"})
            self.assertEqual(answer.status_code, 403, "an interface account has no screens in any case")
            self.assertEqual(path in answer.text, refused, answer.text)

    def test_the_end(self):
        key = self.issue()
        self.assertGreater(self.rpc(key), 0)
        self.env.cr.execute(SQL(
            "UPDATE res_users_apikeys SET expiration_date = %s", fields.Datetime.now() - timedelta(days=1)))
        with self.assertRaises(Fault):
            self.rpc(key)
        self.assertEqual(self.status(key), 401)

    def test_changed_by_sql(self):
        key = self.issue()
        self.env.cr.execute(SQL("UPDATE res_users_apikeys SET expiration_date = '2099-01-01'"))
        self.assertEqual(self.status(key), 401)
        self.assertFalse(self.env["res.users.apikeys"]._check_credentials(scope="rpc", key=key))
        self.assertIn("key_seal", str(self.failure().detail))

    def test_revoked(self):
        key = self.issue()
        self.assertGreater(self.rpc(key), 0)
        row = self.env["ctsp.auth.key"].search([("user_id", "=", self.machine.id)])
        for role in ("system_admin", "audit_admin"):
            with self.assertRaises(AccessError):
                row.with_user(self.role(role)).action_revoke()
        row.with_user(self.role("security_admin")).action_revoke()
        self.assertEqual(self.status(key), 401)
        with self.assertRaises(Fault):
            self.rpc(key)

    def test_what_is_asked_for(self):
        for values in ({"days": 0}, {"days": 366}, {"addresses": "nonsense"}, {"calls": "NO"}):
            with self.assertRaises(ValidationError):
                self.issue(**values)
        with self.assertRaises(UserError):
            self.issue(user_id=self.user.id)

    def test_people_have_none(self):
        wizard = self.env["res.users.apikeys.description"].with_user(self.user)
        with self.assertRaises(AccessError):
            wizard.check_access_make_key()
        with self.assertRaises(AccessError):
            self.env["ctsp.auth.key.new"].with_user(self.role("system_admin")).create(
                {"user_id": self.user.id, "name": "x", "addresses": "127.0.0.1"})
