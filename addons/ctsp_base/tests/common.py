from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

from ..tools import clock


class CtspCase(TransactionCase):
    """Base of the platform's tests: users of real roles, made on demand.

    The day in China stands still from the beginning of a class to its end: midnight there, in the middle of a run,
    changes no comparison.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        day = clock.today()
        cls.startClassPatcher(patch.object(clock, "today", lambda: day))
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
