from types import SimpleNamespace
from unittest.mock import MagicMock, patch

from odoo.exceptions import AccessDenied
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.ctsp_auth.tools import aside

from .common import AppCase


@tagged("post_install", "-at_install")
class TestTicket(AppCase):
    """A ticket of the APP opens the account of its holder, once; nothing else does."""

    def refused(self, ticket, reason, **more):
        response = self.enter(ticket, **more)
        self.assertEqual((response.status_code, self.reason()), (403, reason))
        self.assertIsNone(self.who())
        return response

    def test_good(self):
        self.bind(self.user)
        response = self.enter(target="/odoo/action-1")
        self.assertEqual((response.status_code, response.headers["Location"]), (303, "/odoo/action-1"))
        self.assertEqual(
            (response.headers["Cache-Control"], response.headers["Referrer-Policy"]), ("no-store", "no-referrer"))
        self.assertEqual(self.who(), self.user.login)
        session = self.env["ctsp.auth.session"].search([("user_id", "=", self.user.id), ("date_end", "=", False)])
        self.assertEqual(session.method, "app_ticket")

    def test_lands_here_only(self):
        self.bind(self.user)
        for target in ("https://example.org/", "//example.org", "/%09/example.org"):
            self.assertEqual(self.enter(target=target).headers["Location"], "/odoo")

    def test_by_post(self):
        self.bind(self.user)
        self.env.flush_all()
        response = self.url_open("/ctsp/app", data={"ticket": self.app.ticket()}, allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        as_file = self.url_open("/ctsp/app", files={"ticket": ("t.txt", b"x" * 20)}, allow_redirects=False)
        self.assertEqual((as_file.status_code, self.reason()), (403, "app_form"))

    def test_a_preview_uses_nothing_up(self):
        self.bind(self.user)
        ticket = self.app.ticket()
        self.env.flush_all()
        self.assertEqual(self.opener.head(f"{self.base_url()}/ctsp/app?ticket={ticket}").status_code, 405)
        self.assertEqual(self.enter(ticket).status_code, 303)

    def test_bad_tickets(self):
        self.bind(self.user)
        good = self.app.ticket()
        self.enter(good)
        self.url_open("/web/session/logout")
        self.app.tickets[good] = self.app.tickets[self.app.ticket()]  # even if the APP would give it out again
        self.refused(good, "replayed")
        self.refused("", "app_form")
        self.refused("x" * 600, "app_form")
        self.refused("a" * 15, "app_form")
        self.refused("unknown-ticket-0000", "app_ticket")
        self.assertEqual(len(self.app.asked), 2)

    def test_answers_that_are_not_believed(self):
        self.bind(self.user)
        for reason, facts in (
            ("app_signature", {"sign": "0" * 64}), ("app_signature", {"sign": "签"}),
            ("app_other", {"changed": {"nonce": "another"}}), ("app_other", {"changed": {"ticket": "0" * 64}}),
            ("app_late", {"changed": {"time": 1}}), ("app_form", {"changed": {"subject": "a b"}}),
        ):
            with self.subTest(reason):
                self.refused(self.app.ticket(**facts), reason)
        self.app.ours = (self.app.theirs[0], self.app.theirs[1])
        self.refused(self.app.ticket(), "app_signature")

    def test_the_app_does_not_answer(self):
        """It counts against nobody, rests after some failures, and goes on by itself."""
        self.bind(self.user)
        self.backend.write({"threshold": 2, "rest_seconds": 600})
        self.app.down = "timeout"
        for _n in range(2):
            self.refused(self.app.ticket(), "app_down")
        self.app.down = None
        self.refused(self.app.ticket(), "app_down")
        self.assertEqual(len(self.app.asked), 2)
        self.backend.with_user(self.role("data_steward")).sudo().action_resume()
        self.assertEqual(self.enter().status_code, 303)
        self.assertEqual(self.backend.failures, 0)

    def test_not_set_up(self):
        self.bind(self.user)
        for change in ({"state": "paused"}, {"active": False}):
            before = self.backend.read([*change])[0]
            self.backend.write(change)
            self.refused(self.app.ticket(), "app_off")
            self.backend.write({name: before[name] for name in change})
        self.env["ctsp.exchange.credential"].search([("backend_id", "=", self.backend.id), ("use", "=", "out")])._end()
        self.refused(self.app.ticket(), "app_off")

    def test_strangers_wait(self):
        response = self.refused(self.app.ticket(), "app_pending")
        self.assertIn("安全管理员", response.text)
        person = self.person()
        self.assertEqual((person.state, person.name, person.posts), ("pending", "赵示例（示例）", "检查员"))
        cards = {card["key"]: card for card in self.env["ctsp.home"].with_user(self.guardian)._cards()}
        self.assertEqual(cards["app_pending"]["count"], 1)
        self.refused(self.app.ticket(), "app_pending")
        self.assertEqual(len(self.person()), 1)

    def test_a_stranger_twice_at_once(self):
        """Two tickets of one stranger at the same moment: the second looks behind the gate, and he is kept once."""
        facts = {"subject": "u7007", "name": "钱示例（示例）"}
        gate = MagicMock()
        gate.__enter__().execute.side_effect = lambda _query: self.people.create(facts)  # the first one was quicker
        said = SimpleNamespace(**facts, organisation="", organisation_name="", posts=[], roles=[])
        with patch.object(aside, "cursor", lambda _env: gate):
            self.people._note_stranger(said)
        self.assertEqual(self.people.search_count([("subject", "=", "u7007")]), 1)

    def test_a_guesser_waits(self):
        self.policy("lock_address_after", "5")
        self.policy("lock_address_exempt", "[]")
        for number in range(5):
            self.enter(f"guess-{number:020}")
        self.refused(self.app.ticket(), "locked")

    def test_administrators_never(self):
        self.bind(self.user)
        self.user.group_ids = [(4, self.env.ref("ctsp_base.group_audit_admin").id)]
        self.refused(self.app.ticket(), "app_privileged")

    def test_a_row_changed_by_sql(self):
        person = self.bind(self.user)
        other = self.role("leader")
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE ctsp_app_person SET user_id = %s WHERE id = %s", other.id, person.id))
        self.env.invalidate_all()
        self.refused(self.app.ticket(), "altered")

    def test_another_site_signs_nobody_in(self):
        self.bind(self.user)
        ticket, away = self.app.ticket(), {"Sec-Fetch-Site": "cross-site", "Referer": "https://evil.example.org/x"}
        self.refused(ticket, "app_origin", headers=away)
        self.env["ctsp.parameter"].search([("code", "=", "app.origins")]).value_ids.write(
            {"value": '["https://evil.example.org"]'})
        self.env.flush_all()
        self.assertEqual(self.enter(ticket, headers=away).status_code, 303)

    def test_it_is_one_factor(self):
        """Whose role asks for two shows the second one afterwards."""
        self.bind(self.user)
        self.env["ctsp.auth.rule"].create({
            "role_id": self.env.ref("ctsp_base.group_filing_officer").id, "factor": "two"})
        self.env.flush_all()
        self.assertEqual(self.enter().status_code, 303)
        response = self.url_open("/odoo", allow_redirects=False)
        self.assertEqual((response.status_code, response.headers["Location"].endswith("/ctsp/outside/security")),
                         (303, True))

    def test_nobody_says_it_himself(self):
        person = self.bind(self.user)
        users = self.env["res.users"].sudo(False)
        for proof in (None, 5, person, {"person": person}):
            with self.assertRaises(AccessDenied):
                users.browse(self.user.id).with_user(self.user)._check_credentials(
                    {"type": "app_ticket", "login": self.user.login, "person": proof}, {})

    def test_one_browser_one_person(self):
        """Entering as somebody else ends the session there was."""
        self.bind(self.user)
        self.bind(self.role("planner"), "u2002")
        self.enter()
        self.enter(self.app.ticket(subject="u2002", name="钱示例（示例）"))
        self.assertEqual(self.who(), self.role("planner").login)
        open_rows = self.env["ctsp.auth.session"].search([("user_id", "=", self.user.id), ("date_end", "=", False)])
        self.assertFalse(open_rows)

    def test_signing_out(self):
        self.bind(self.user)
        self.enter()
        response = self.url_open("/web/session/logout", allow_redirects=False)
        self.assertTrue(response.headers["Location"].endswith("/ctsp/app/closed"))
        self.assertIn("AppBridge", self.url_open("/ctsp/app/closed").text)
        self.assertIn("APP", self.url_open("/web/login").text)

    def test_signed_out_in_the_app(self):
        """What the APP tells ends what its tickets opened, and nothing else."""
        person = self.bind(self.user)
        self.enter()
        handler = self.env["ctsp.connector.app.signout"]
        self.assertEqual(handler._receive(None, {"subject": "nobody"}), {"sessions": 0})
        self.assertEqual(handler._receive(None, {"subject": "u1001"}), {"sessions": 1})
        self.env.flush_all()
        self.assertIsNone(self.who())
        self.assertEqual(person.state, "active")

    def test_ended_before_it_began(self):
        """A session that owed its second step when access ended does not begin afterwards."""
        person = self.bind(self.user)
        self.enter()
        self.env["ctsp.auth.session"].search([("user_id", "=", self.user.id)]).unlink()  # as if no request had come
        person.with_user(self.guardian).action_end()
        self.env.flush_all()
        self.assertIsNone(self.who())

    def test_embedding(self):
        self.bind(self.user)
        self.enter()
        page = self.url_open("/odoo")
        self.assertNotIn("X-Ctsp-Frame-Ancestors", page.headers)
        self.env["ctsp.parameter"].search([("code", "=", "app.embed_origins")]).value_ids.write(
            {"value": '["https://app.example.org"]'})
        self.env.flush_all()
        page = self.url_open("/odoo")
        self.assertEqual(page.headers["Content-Security-Policy"], "frame-ancestors 'self' https://app.example.org")
        self.assertNotIn("X-Frame-Options", page.headers)
        self.authenticate(self.user.login, self.user.login)
        self.assertNotIn("X-Ctsp-Frame-Ancestors", self.url_open("/odoo").headers)
