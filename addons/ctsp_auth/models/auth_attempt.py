from contextlib import nullcontext
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.ctsp_base.tools import caller
from odoo.addons.ctsp_base.tools.address import line

from ..tools import aside
from ..tools.lockout import Policy, within
from ..tools.refusal import SignInRefused

KEPT_DAYS = 7
LONGEST_LOGIN = 128
LOCK = 7_202_643  # of pg_try_advisory_xact_lock: an account that has waited already


class AuthAttempt(models.Model):
    """A sign-in that failed. How many of an account and of an address there were lately says how long they wait.

    Rows are only added, on a cursor of their own: a storm of wrong passwords makes nobody wait for a lock. The account
    is what was typed, whether there is such an account or not: the wait tells nothing. The address is its line
    (``tools.address``); the log holds it in full. GB/T 22239-2019 8.1.4.1 b.
    """

    _name = "ctsp.auth.attempt"
    _description = "Failed Sign-in"
    _order = "id desc"
    _log_access = False

    login = fields.Char(readonly=True)
    address = fields.Char(readonly=True)
    date = fields.Datetime(readonly=True, required=True)

    _login_date = models.Index("(login, date)")
    _address_date = models.Index("(address, date)")

    @api.model
    def _check(self, login, address):
        """Let go on or refuse.

        :raise SignInRefused: the account or the address has to wait
        """
        now, policy = fields.Datetime.now(), self._account_policy()
        failures = self._count(SQL("login = %s", self._key(login)), self._since(now))
        left = max(policy.left(*failures, now), self._address_left(address, now))
        if policy.wait(failures[0]) and not left and not self._is_alone(login):
            left = policy.seconds
        if left:
            raise SignInRefused(
                self.env._("Too many failed attempts. Please try again in %s minutes.", -(-left // 60)),
                counted=False, reason="locked")

    @api.model
    def _is_alone(self, login):
        """Say whether nobody else tries this account at this moment: after a wait there is one guess, not one for each
        process.
        """
        self.env.cr.execute(SQL("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", LOCK, self._key(login)))
        return self.env.cr.fetchone()[0]

    @api.model
    def _add(self, login, address):
        """Count a failure, whatever becomes of the transaction."""
        with aside.cursor(self.env) as cr:
            cr.execute(SQL(
                "INSERT INTO ctsp_auth_attempt (login, address, date) VALUES (%s, %s, %s)",
                self._key(login), line(address), fields.Datetime.now()))

    @api.model
    def _forgive(self, login):
        """Forget the failures of an account; those of an address stay: one good account must not wash it clean."""
        self.env.cr.execute(SQL("SELECT 1 FROM ctsp_auth_attempt WHERE login = %s LIMIT 1", self._key(login)))
        if self.env.cr.rowcount:
            with aside.cursor(self.env) if self.env.cr.readonly else nullcontext(self.env.cr) as cr:
                cr.execute(SQL("DELETE FROM ctsp_auth_attempt WHERE login = %s", self._key(login)))

    @api.model
    def _key(self, login):
        return str(login or "").strip().casefold()[:LONGEST_LOGIN]

    @api.model
    def _since(self, now):
        return now - timedelta(hours=self.env["ctsp.parameter"]._get("auth.lock_forget_hours"))

    @api.model
    def _account_policy(self):
        return self._policy("auth.lock_after")

    @api.model
    def _policy(self, code):
        get = self.env["ctsp.parameter"]._get
        return Policy(get(code), get("auth.lock_seconds"), get("auth.lock_max_minutes") * 60)

    @api.model
    def _address_left(self, address, now):
        exempt = (*self.env["ctsp.parameter"]._get("auth.lock_address_exempt"),
                  *self.env["ctsp.auth.gateway"]._all_networks())
        if not address or within(address, exempt):
            return 0
        failures = self._count(SQL("address = %s", line(address)), now - timedelta(hours=1))
        return self._policy("auth.lock_address_after").left(*failures, now)

    @api.model
    def _count(self, condition, since):
        self.env.cr.execute(SQL(
            "SELECT count(*), max(date) FROM ctsp_auth_attempt WHERE %s AND date > %s", condition, since))
        return self.env.cr.fetchone()

    @api.model
    def _address(self):
        return caller.facts().get("ip")

    @api.autovacuum
    def _gc_old(self):
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.env.cr.execute(SQL("DELETE FROM ctsp_auth_attempt WHERE date < %s", limit))
