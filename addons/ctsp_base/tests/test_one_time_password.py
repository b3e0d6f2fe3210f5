from xmlrpc.client import Fault

from odoo.exceptions import AccessDenied, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_base.tests.common import CtspCase

CALL = "/web/dataset/call_kw/ctsp.district/search_count"
PARAMS = {"model": "ctsp.district", "method": "search_count", "args": [[]], "kwargs": {}}


@tagged("post_install", "-at_install")
class TestOneTimePassword(CtspCase, HttpCase):
    """A one-time password opens the page that changes it, and nothing else, whichever way one comes."""

    def setUp(self):
        super().setUp()
        self.user = self.role("filing_officer")
        accounts = self.env["ctsp.account"].with_user(self.role("system_admin"))
        action = accounts.browse(self.user.id).action_one_time_password()
        self.given = action["context"]["default_password"]
        self.env.flush_all()

    def send(self, page, **values):
        """Fill in the form of a page as a browser does; return what comes then."""
        token = self.url_open(page).text.split('name="csrf_token" value="')[1].split('"')[0]
        return self.url_open(page, {"csrf_token": token, **values})

    def sign_in(self, user, password):
        self.authenticate(None, None)
        return self.send("/web/login", login=user.login, password=password)

    def change(self, password, again=None):
        return self.send("/ctsp/password", password=password, again=password if again is None else again)

    def test_only_the_page_is_reachable(self):
        self.assertTrue(self.sign_in(self.user, self.given).url.endswith("/ctsp/password"))
        for path in ("/odoo", "/web", "/my", "/web/action/load", "/web/content/1", "/web/session/get_session_info"):
            answer = self.url_open(path, allow_redirects=False)
            self.assertIn(answer.status_code, (303, 405, 415, 400), path)
            if answer.status_code == 303:
                self.assertTrue(answer.headers["Location"].endswith("/ctsp/password"), path)
        with mute_logger("odoo.http"):
            answer = self.opener.post(self.base_url() + CALL, json={"params": PARAMS}).json()
        self.assertEqual(answer["error"]["data"]["name"], "odoo.exceptions.AccessDenied")
        self.assertIn("/ctsp/password", self.url_open("/ctsp/password").text)

    def test_changed_once_it_opens_everything(self):
        self.assertTrue(self.sign_in(self.user, self.given).url.endswith("/ctsp/password"))
        self.assertIn("/odoo", self.change("an-own-secret-7").url)
        answer = self.opener.post(self.base_url() + CALL, json={"params": PARAMS}).json()
        self.assertIn("result", answer, "the session stays open")
        self.assertNotIn("/ctsp/password", self.url_open("/ctsp/password").url, "the page is for nothing else")
        self.assertIn("/odoo", self.sign_in(self.user, "an-own-secret-7").url)
        with self.assertRaises(AccessDenied):
            self.user.with_user(self.user)._check_credentials(
                {"login": self.user.login, "password": self.given, "type": "password"}, {"interactive": True})

    def test_weak_ones_are_refused(self):
        self.assertTrue(self.sign_in(self.user, self.given).url.endswith("/ctsp/password"))
        for password, again in (
            ("short-1", None), ("onlyletters", None), ("1234567890", None), (f"{self.user.login}-2026", None),
            (self.given, None), ("an-own-secret-7", "another-secret-7"),
        ):
            self.assertIn("alert-danger", self.change(password, again).text, password)
        self.assertTrue(self.user._owes_password())
        with self.assertRaises(UserError):
            self.user._replace_one_time_password("short-1")

    def test_outside_users_too(self):
        _company, user = self.outside("A")
        user.write({"password": "one-time-word-1", "password_is_one_time": True})
        self.sign_in(user, "one-time-word-1")
        self.assertTrue(self.url_open("/my/desk").url.endswith("/ctsp/password"))
        self.assertTrue(self.change("an-own-secret-7").url.endswith("/my/desk"))

    def test_calls_are_refused(self):
        objects = self.xmlrpc_object
        self.assertFalse(self.xmlrpc_common.authenticate(self.env.cr.dbname, self.user.login, self.given, {}))
        failure = self.env["ctsp.audit.event"].search([("event", "=", "sign_in"), ("success", "=", False)], limit=1)
        self.assertEqual(failure.login, self.user.login, "a refused remote sign-in is logged, too")
        with mute_logger("odoo.http"), self.assertRaises(Fault) as refused:
            objects.execute_kw(self.env.cr.dbname, self.user.id, self.given, "ctsp.district", "search_count", [[]])
        self.assertEqual(refused.exception.faultCode, 3, "access denied")
        self.user.password = "an-own-secret-7"
        self.env.flush_all()
        self.assertTrue(objects.execute_kw(
            self.env.cr.dbname, self.user.id, "an-own-secret-7", "ctsp.district", "search_count", [[]]) >= 0)

    def test_keys_are_refused(self):
        key = self.env["res.users.apikeys"].with_user(self.user).sudo()._generate("rpc", "key", None)
        url, headers = f"{self.base_url()}/json/2/ctsp.district/search_count", {"Authorization": f"Bearer {key}"}
        with mute_logger("odoo.http"):
            self.assertEqual(self.opener.post(url, json={"domain": []}, headers=headers).status_code, 403)
        self.user.password = "an-own-secret-7"
        self.env.flush_all()
        self.assertEqual(self.opener.post(url, json={"domain": []}, headers=headers).status_code, 200)
