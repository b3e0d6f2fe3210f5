import threading
import time
from unittest.mock import patch

from passlib.hash import pbkdf2_sha512

from odoo.exceptions import AccessDenied
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.ctsp_auth.tools import verifier
from odoo.addons.ctsp_crypto.tools.failure import CryptoUnavailable

from .common import SECRET, AuthCase


@tagged("post_install", "-at_install")
class TestVerifier(AuthCase):
    """Passwords are digested slowly under a key that the database does not hold, for one user each."""

    def test_form(self):
        text = self.stored()
        self.assertTrue(text.startswith("$ctsp-argon2id$k=1,m=19456,p=1,t=2$") or verifier.parse(text), text)
        self.assertEqual(self.check(SECRET)["auth_method"], "password")
        with self.assertRaises(AccessDenied):
            self.check(SECRET + "x")

    def test_core_lets_it_be_at_an_update(self):
        """``res.users.init()`` runs with each update of base: it must not digest the digest."""
        before = self.stored()
        self.env["res.users"].init()
        self.assertEqual(self.stored(), before)
        self.check(SECRET)

    def test_put_in_in_clear(self):
        """A password in clear that SQL put in is no wish that an update fulfils: it is emptied, the evidence stays."""
        self.env.cr.flush()
        self.store("known-to-me-1")
        with self.assertLogs("odoo.addons.ctsp_auth.models.res_users_verifier", "ERROR"):
            self.env["res.users"].init()
        self.assertIsNone(self.stored())
        findings = self.env["ctsp.integrity"]._check("res.users", self.user.ids)
        self.assertEqual([found.name for found in findings], ["password"])

    def test_copied_to_another_user(self):
        """Somebody with SQL copies the verifier of a password that he knows to the account of another."""
        other = self.role("leader")
        other.password = "Another-own-4-word"
        self.store(self.stored(), other)
        for password in (SECRET, "Another-own-4-word"):
            with self.assertRaises(AccessDenied):
                self.check(password, other)

    def test_a_stock_digest_put_in_by_sql(self):
        """Nobody comes in with a digest that was made without the key, unless the policy says so for a while."""
        self.store(pbkdf2_sha512.using(rounds=1000).hash("known-to-me-1"))
        with self.assertRaises(AccessDenied):
            self.check("known-to-me-1")
        self.policy("bare_hashes", "是")
        self.check("known-to-me-1")
        self.assertTrue(self.stored().startswith("$ctsp-argon2id$"))

    def test_old_ones_go_on_and_are_replaced(self):
        """An upgrade brings the digests of before under the key; the next sign-in makes them Argon2id."""
        self.store(pbkdf2_sha512.using(rounds=1000).hash(SECRET))
        self.user._wrap_old_verifiers()
        self.assertTrue(self.stored().startswith("$ctsp-pbkdf2$"))
        with self.assertRaises(AccessDenied):
            self.check(SECRET + "x")
        self.check(SECRET)
        self.assertTrue(self.stored().startswith("$ctsp-argon2id$"))
        self.check(SECRET)

    def test_key_rotation(self):
        """The old version of the key holds until its user signs in; then it is the new one."""
        before = verifier.parse(self.stored()).key
        self.env["ctsp.crypto.key"]._rotate("data/auth.password")
        self.check(SECRET)
        after = verifier.parse(self.stored()).key
        self.assertEqual(int(after), int(before) + 1)
        self.check(SECRET)

    def test_provider_down(self):
        """No key service: nobody signs in, nobody is counted as guessing, and the reason is in the log."""
        with patch.object(
            type(self.env["ctsp.crypto"]), "_mac", side_effect=CryptoUnavailable("down"), autospec=True,
        ):
            refused = self.refusal(self.user.login, SECRET)
        self.assertFalse(refused.counted)
        self.assertIn("provider", str(self.failure().detail))

    def test_no_password(self):
        self.store(None)
        for password in ("", SECRET):
            with self.assertRaises(AccessDenied):
                self.check(password)

    def test_unknown_accounts_cost_the_same(self):
        self.policy("argon2", '{"m": 20480, "t": 3, "p": 1}')
        self.user.password = SECRET
        with patch.object(verifier, "digest", wraps=verifier.digest) as digest:
            for login in ("nobody-here", self.user.login):
                digest.reset_mock()
                self.refusal(login, "wrong")
                (call,) = digest.call_args_list
                self.assertEqual(call.args[3], {"m": 20480, "t": 3, "p": 1}, login)

    def test_unknown_accounts_answer_the_same(self):
        """Whatever a sign-in begins with, and however busy it is."""
        login = self.user.login
        for kind in ("totp", "nonsense"):
            said = []
            for one in (login, "nobody-here"):
                with self.assertRaises(AccessDenied) as caught:
                    self.env["res.users"].sudo(False)._login({"login": one, "type": kind, "token": 1}, {})
                said.append(str(caught.exception))
            self.assertEqual(*said)
        with patch.object(verifier, "_turns", **{"acquire.return_value": False}):
            busy = [self.refusal(one, "wrong") for one in (login, "nobody-here")]
        self.assertEqual(str(busy[0]), str(busy[1]))
        self.assertEqual({one.detail["reason"] for one in busy}, {"busy"})

    def test_a_storm_is_bounded(self):
        """However many come at once, no more are digested at a time than there are cores; the others wait."""
        present, most, lock = [0], [0], threading.Lock()

        def slow(*_args):
            with lock:
                present[0] += 1
                most[0] = max(most[0], present[0])
            time.sleep(.01)
            with lock:
                present[0] -= 1
            return bytes(32)

        with patch.object(verifier.low_level, "hash_secret_raw", slow):
            threads = [threading.Thread(target=verifier.spend, args=("x",)) for _n in range(20)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertLessEqual(most[0], verifier._turns._initial_value)

    def test_nothing_secret_in_the_table(self):
        self.env.cr.execute(SQL("SELECT string_agg(verifier, '') FROM ctsp_auth_password"))
        self.assertNotIn("pbkdf2-sha512", self.env.cr.fetchone()[0] or "")
