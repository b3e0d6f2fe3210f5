import contextlib

from odoo import api, models
from odoo.exceptions import AccessDenied
from odoo.tools import SQL


class ResUsers(models.Model):
    """Whoever guesses waits: longer with each failure, per account and per address, whatever way he comes."""

    _inherit = "res.users"

    @contextlib.contextmanager
    def _assert_can_auth(self, user=None):
        """Replaces core's counter of each process by one that all processes share.

        :param user: a login as typed, or the identifier of a user
        """
        attempts, login = self.env["ctsp.auth.attempt"], self._login_of(user)
        address = attempts._address()
        attempts._check(login, address)
        try:
            yield
        except AccessDenied as refusal:
            if getattr(refusal, "counted", True):
                attempts._add(login, address)
            raise
        attempts._forgive(login)

    @api.model
    def change_password(self, old_passwd, new_passwd):
        """Whoever sits at an open screen does not guess the old password either."""
        with self._assert_can_auth(user=self.env.user.login):
            return super().change_password(old_passwd, new_passwd)

    def _login_of(self, user):
        if not isinstance(user, int):
            return user
        self.env.cr.execute(SQL("SELECT login FROM res_users WHERE id = %s", user))
        row = self.env.cr.fetchone()
        return row[0] if row else f"#{user}"
