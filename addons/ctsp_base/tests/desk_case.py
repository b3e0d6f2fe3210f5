"""Two outside organisations, and the tools to set one on the other."""

import contextlib

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import HttpCase
from odoo.tools import mute_logger

from .common import CtspCase

REFUSALS = (AccessError, MissingError, UserError, ValueError, TypeError)
QUIET = (
    "odoo.addons.rpc.controllers.jsonrpc", "odoo.http", "odoo.addons.rpc",
    "odoo.addons.rpc.controllers.xmlrpc", "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_model", "odoo.sql_db", "odoo.models", "py.warnings",
)
SECRET = "Jz7Qw"
"""Part of B's texts that must never reach A."""


class DeskCase(CtspCase, HttpCase):
    """Two outside organisations, a user each, and a record of each made by :meth:`_desk_record`."""

    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a, cls.user_a = cls.outside("示例甲医院（示例）")
        cls.company_b, cls.user_b = cls.outside(f"示例乙医院{SECRET}（示例）")
        cls.record_a = cls._desk_record(cls.user_a, "A").with_user(cls.user_a)
        cls.record_b = cls._desk_record(cls.user_b, SECRET).with_user(cls.user_a)
        cls.targets = [
            part.with_user(cls.user_a) for part in (cls.record_b, *cls._desk_children(cls.record_b.sudo())) if part
        ]
        cls.env.flush_all()

    @classmethod
    def _desk_record(cls, user, label):
        """Make a record of the user's organisation with as many children and files as it can have.

        :param label: to be part of its texts; B's is :data:`SECRET`
        """
        raise NotImplementedError

    @classmethod
    def _desk_children(cls, record):
        """Return the owned recordsets below a record; found by its one2many fields."""
        return [
            record[name] for name, field in record._fields.items()
            if field.type == "one2many" and "owner_partner_id" in cls.env[field.comodel_name]._fields
        ]

    @staticmethod
    def _password(user):
        """Return the password :meth:`CtspCase.outside` gave to a user."""
        return user.login

    def _sign_in(self, user):
        self.authenticate(user.login, self._password(user))

    def _rpc(self, route, **params):
        """Call a JSON-RPC route with the session; return the whole answer."""
        with mute_logger(*QUIET):
            response = self.url_open(route, json={"jsonrpc": "2.0", "method": "call", "params": params})
        return response.json()


class Attacks:
    """What every attack needs: B's rows are compared before and after, and no text of B may come out."""

    def setUp(self):
        super().setUp()
        self.before = self._snapshot()

    def tearDown(self):
        self.assertEqual(self._snapshot(), self.before, "an attack changed a record of the other organisation")
        super().tearDown()

    def _snapshot(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return [
            part.sudo().search_read([("owner_partner_id", "=", self.company_b.id)], self._stored(part), load=None)
            for part in self.targets
        ]

    @staticmethod
    def _stored(part):
        return [name for name, field in part._fields.items() if field.store]

    @contextlib.contextmanager
    def _refused(self, what):
        """Run an attack that may fail or come to nothing, and look for the other's texts in what it returned."""
        answer = []
        with self.subTest(what), mute_logger(*QUIET):
            try:
                with self.env.cr.savepoint():
                    yield answer
            except (*REFUSALS, AssertionError) as error:  # some of Odoo's methods assert
                answer.append(str(error))
            self.assertNotIn(SECRET, repr(answer), "the other organisation's text came out")

    def _must_fail(self, what, attempt):
        with self.subTest(what), mute_logger(*QUIET):
            try:
                with self.env.cr.savepoint():
                    attempt()
            except REFUSALS as error:
                self.assertNotIn(SECRET, str(error), "the refusal tells the other organisation's text")
            else:
                self.fail(f"{what} was not refused")
