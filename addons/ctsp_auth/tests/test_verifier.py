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
        with patch.object(verifier, "digest", wraps=verifier.digest) as digest:
            for login in ("nobody-here", self.user.login):
                digest.reset_mock()
                self.refusal(login, "wrong")
                self.assertEqual(digest.call_count, 1, login)

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
