from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.http import root
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL, mute_logger

from .common import SECRET, AuthCase

CALL = "/web/dataset/call_kw/ctsp.district/search_count"
PARAMS = {"model": "ctsp.district", "method": "search_count", "args": [[]], "kwargs": {}}


@tagged("post_install", "-at_install")
class TestSession(AuthCase, HttpCase):
    """A session ends when it was idle, when it lasted too long, and when somebody who may ends it."""

    def enter(self, password=SECRET):
        """Sign in by the login page; return the rows of the user's open sessions."""
        self.authenticate(None, None)
        page = self.url_open("/web/login").text
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        self.url_open("/web/login", {"csrf_token": token, "login": self.user.login, "password": password})
        self.env.invalidate_all()
        return self.open_sessions()

    def open_sessions(self):
        return self.env["ctsp.auth.session"].search([("user_id", "=", self.user.id), ("date_end", "=", False)])

    def works(self):
        with mute_logger("odoo.http"):
            answer = self.opener.post(self.base_url() + CALL, json={"params": PARAMS}).json()
        self.env.invalidate_all()
        return "result" in answer

    def age(self, column, minutes):
        """Time passes: the rows are as the platform would have written them that long ago."""
        self.env.cr.execute(SQL(
            "UPDATE ctsp_auth_session SET %s = %s - %s * interval '1 minute', seal = NULL",
            SQL.identifier(column), SQL.identifier(column), minutes))
        self.env["ctsp.auth.session"]._seal_open()
        self.env.invalidate_all()

    def test_a_session_is_a_row(self):
        rows = self.enter()
        self.assertEqual(len(rows), 1)
        self.assertEqual((rows.method, rows.address), ("password", "127.0.0.1"))
        self.assertTrue(self.works())
        self.assertEqual(len(self.open_sessions()), 1, "further requests belong to it")

    def test_idle(self):
        rows = self.enter()
        self.age("date_seen", 29)
        self.assertTrue(self.works())
        self.age("date_seen", 31)
        self.assertFalse(self.works())
        self.assertEqual(rows.reason, "idle")
        self.assertFalse(self.works(), "it stays ended")

    def test_what_a_page_asks_by_itself_is_no_activity(self):
        """A page that is left open and goes on asking for news grows idle like any other."""
        rows = self.enter()
        self.age("date_seen", 20)
        before = rows.date_seen
        answer = self.opener.post(f"{self.base_url()}/web/dataset/call_kw/ctsp.progress/my_jobs", json={
            "params": {"model": "ctsp.progress", "method": "my_jobs", "args": [], "kwargs": {}}}).json()
        self.env.invalidate_all()
        self.assertIn("result", answer)
        self.assertEqual(rows.date_seen, before)
        self.assertTrue(self.works())
        self.assertGreater(rows.date_seen, before)

    def test_lasted_too_long(self):
        rows = self.enter()
        self.age("date_start", 12 * 60 + 1)
        self.assertFalse(self.works())
        self.assertEqual(rows.reason, "age")

    def test_ended_at_once(self):
        rows = self.enter()
        rows.with_user(self.role("security_admin")).action_end()
        self.assertFalse(self.works())
        self.assertEqual(rows.reason, "admin")
        self.assertTrue(self.env["ctsp.audit.event"].search([("event", "=", "auth.session_end")]))

    def test_who_may_end_and_see(self):
        rows = self.enter()
        for role in ("system_admin", "audit_admin", "inspector"):
            other = rows.with_user(self.role(role))
            self.assertFalse(other.search([("id", "in", rows.ids)]))
            with self.assertRaises(AccessError):
                other.action_end()
        with self.assertRaises(AccessError):
            rows.with_user(self.role("security_admin")).write({"date_end": False})
        with self.assertRaises(AccessError):
            rows.with_user(self.role("security_admin")).read(["token"])
        self.assertEqual(rows.with_user(self.user).search([]), rows)
        rows.with_user(self.user).action_end()
        self.assertEqual(rows.reason, "owner")
        self.assertFalse(self.works())

    def test_one_for_each_user(self):
        self.policy("session_single", "是")
        first = self.enter()
        second = self.enter()
        self.assertNotEqual(first, second)
        self.assertEqual((len(second), first.reason), (1, "other"))
        self.assertTrue(self.works())

    def test_sign_out(self):
        rows = self.enter()
        self.url_open("/web/session/logout")
        self.env.invalidate_all()
        self.assertEqual(rows.reason, "logout")

    def test_archived_account(self):
        rows = self.enter()
        self.user.active = False
        self.env.flush_all()
        self.assertEqual(rows.reason, "credential")
        self.assertFalse(self.works())

    def test_sessions_from_before(self):
        """Who was signed in when the addon was installed goes on working."""
        self.authenticate(self.user.login, SECRET)
        self.assertTrue(self.works())
        self.assertEqual(len(self.open_sessions()), 1)

    def test_rows_written_by_sql(self):
        """Nobody lengthens a session, takes over another's or opens an ended one by SQL; each attempt is logged."""
        for change in (
            SQL("date_seen = date_seen + interval '1 day'"), SQL("date_start = date_start + interval '1 day'"),
            SQL("method = 'certificate'"), SQL("seal = NULL"), SQL("seal = '1:zz'"),
        ):
            rows = self.enter()
            self.env.cr.execute(SQL("UPDATE ctsp_auth_session SET %s WHERE id = %s", change, rows.id))
            self.env.invalidate_all()
            self.assertFalse(self.works(), change)
            self.assertEqual(rows.reason, "altered", change)
            logged = self.env["ctsp.audit.event"].search([("event", "=", "auth.session_end")], limit=1)
            self.assertEqual((logged.success, "session_seal" in str(logged.detail)), (False, True))
        rows = self.enter()
        before = dict(rows.read(["date_end"])[0])
        rows.with_user(self.role("security_admin")).action_end()
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE ctsp_auth_session SET date_end = NULL WHERE id = %s", rows.id))
        self.assertFalse(before["date_end"])
        self.assertFalse(self.works(), "an ended one is not opened again")

    def test_rows_altered_are_found_at_night(self):
        rows = self.enter()
        self.env.cr.execute(SQL("UPDATE ctsp_auth_session SET user_id = %s WHERE id = %s", self.env.uid, rows.id))
        self.env["ctsp.auth.session"]._gc_old()
        self.env.invalidate_all()
        self.assertEqual(rows.reason, "altered")

    def test_a_seal_is_checked_once(self):
        """One MAC for each state of a row in each process, not one for each request."""
        self.enter()
        self.works()
        crypto = type(self.env["ctsp.crypto"])
        with patch.object(crypto, "_verify_mac", autospec=True, side_effect=crypto._verify_mac) as asked:
            for _n in range(3):
                self.assertTrue(self.works())
        self.assertFalse([call for call in asked.call_args_list if call.kwargs.get("context") == "ctsp.auth.session"])

    def test_tidied(self):
        rows = self.enter()
        self.age("date_seen", 31)
        self.env["ctsp.auth.session"]._gc_old()
        self.assertEqual(rows.reason, "idle")
        self.env.cr.execute(SQL("UPDATE ctsp_auth_session SET date_end = date_end - interval '200 days'"))
        self.env["ctsp.auth.session"]._gc_old()
        self.env.invalidate_all()
        self.assertFalse(rows.exists())

    def test_nobody_registers_or_resets_by_mail(self):
        """Whatever the settings say and whatever token is brought."""
        for name, value in (("invitation_scope", "b2c"), ("reset_password", "True")):
            self.env["ir.config_parameter"].set_param(f"auth_signup.{name}", value)
        self.user.partner_id.sudo().signup_prepare(signup_type="reset")
        token = self.user.partner_id.sudo()._generate_signup_token()
        for page in ("/web/signup", "/web/reset_password", f"/web/reset_password?token={token}"):
            self.assertEqual(self.url_open(page).status_code, 404, page)

    def test_an_old_password_opens_its_page_only(self):
        self.enter()
        self.env.cr.execute(SQL("UPDATE res_users SET password_date = password_date - interval '1 year'"))
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.assertFalse(self.works())
        self.assertTrue(self.url_open("/odoo").url.endswith("/ctsp/password"))

    def test_files_go_with_the_commit(self):
        """What is rolled back has ended nobody's session."""
        self.env["ctsp.auth.session"].create({"user_id": self.user.id, "token": "t", "identifier": "i" * 42})
        self.env.flush_all()
        with patch.object(root.session_store, "delete_from_identifiers") as delete:
            self.env["ctsp.auth.session"]._end_of(self.user, "admin")
            delete.assert_not_called()
            self.env.cr.postcommit.run()
            delete.assert_called_once_with(["i" * 42])
