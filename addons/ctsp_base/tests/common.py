from unittest.mock import patch

from argon2 import low_level

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

from ..tools import clock

DIGEST = low_level.hash_secret_raw


def quick(secret, salt, _passes, _memory, lanes, *form):
    """A digest of a password that costs little, as Odoo's tests make their own: people are made by the hundred."""
    return DIGEST(secret, salt, 1, 8 * lanes, lanes, *form)


class CtspCase(TransactionCase):
    """Base of the platform's tests: users of real roles, made on demand.

    The day in China stands still from the beginning of a class to its end: midnight there, in the middle of a run,
    changes no comparison.
    """

    slow_passwords = False
    """with digests that take as long as in production: for tests that are about passwords"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        day = clock.today()
        cls.startClassPatcher(patch.object(clock, "today", lambda: day))
        if not cls.slow_passwords:
            cls.startClassPatcher(patch.object(low_level, "hash_secret_raw", quick))
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True, lang="en_US"))
        cls._role_users = {}

    @classmethod
    def role(cls, *roles, personal=False):
        """Return a user who holds ``roles`` (names without ``group_``) and nothing else."""
        key = (roles, personal)
        if key not in cls._role_users or not cls._role_users[key].exists():  # a test rolls its own users back
            groups = [f"ctsp_base.group_{role}" for role in roles]
            if personal:
                groups.append("ctsp_base.group_personal_data")
            login = "test_" + "_".join(roles) + ("_clear" if personal else "")
            user = new_test_user(  # as the platform makes accounts: nobody is invited by mail
                cls.env, login, groups=",".join(groups), context={"no_reset_password": True})
            cls.env.cr.flush()  # with what is noted of it: no test takes that for its own
            cls._role_users[key] = user.with_env(cls.env)
        return cls._role_users[key]

    @classmethod
    def outside(cls, name):
        """Return ``(company, user)``: an outside organisation's partner and a share user of it."""
        company = cls.env["res.partner"].create({"name": name, "is_company": True})
        user = cls.env["res.users"].create({
            "name": f"{name} user",
            "login": f"outside_{company.id}",
            "password": f"outside_{company.id}",
            "group_ids": [Command.set(cls.env.ref("ctsp_base.group_institution_user").ids)],
        })
        user.partner_id.parent_id = company
        return company, user
