import os

from psycopg2 import DatabaseError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_base.tests.common import CtspCase

from .access import OUTSIDE, ROLES, business_models, dialogs, letters, read_table, write_table
from .test_access_rpc import QUIET
from .world import World
from .world_platform import WITHOUT, may_lack


@tagged("post_install", "-at_install")
class TestAccessMatrix(CtspCase):
    """Every role, every model, four operations, own and other institution: as the committed table says.

    Run with CTSP_ACCESS_TABLE=<path> to write what is observed there, for review.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world_a = World(cls.env, *cls.outside("Hospital A"), "A")
        cls.world_b = World(cls.env, *cls.outside("Hospital B"), "B")

    def observe(self, model):
        own = self.world_a.records.get(model, self.env[model])
        other = self.world_b.records.get(model, self.env[model])
        seen = {}
        for role in ROLES:
            user = self.role(role)
            seen[role] = letters(own, user)
            self.assertEqual(letters(other, user), seen[role], f"{role} must not tell institutions apart: {model}")
        for column, record in zip(OUTSIDE, (own, other), strict=True):
            seen[column] = letters(record, self.world_a.user)
        return seen

    def test_matrix(self):
        table = read_table()
        models = business_models(self.env) + dialogs(self.env)
        observed = {model: self.observe(model) for model in models}
        if path := os.environ.get("CTSP_ACCESS_TABLE"):
            write_table(observed, path)
        self.assertEqual(
            set(table) ^ set(models), set(), "the table names every model of the platform, and no other")
        for model in models:
            with self.subTest(model=model):
                self.assertEqual(observed[model], table[model])

    def test_every_model_has_a_record(self):
        """Rights on a record are seen only where there is one: a model without says why."""
        models = set(business_models(self.env))
        for world in (self.world_a, self.world_b):
            missing = {model for model in models if not world.records.get(model) and not may_lack(model)}
            self.assertEqual(missing, set(), "give it a record, or say in WITHOUT why not")
        self.assertEqual(set(WITHOUT) - models, set())

    def test_dialogs_show_nothing_of_the_other_institution(self):
        """A dialog that is opened on a record its user may not read is refused, or says nothing of it.

        Every dialog an outside user or an inspector may open, with each of its links to the other institution's record.
        """
        stranger, tried = self.role("inspector"), 0
        for user in (self.world_a.user, stranger):
            for model in dialogs(self.env):
                dialog = self.env[model].with_user(user)
                if not dialog.has_access("create"):
                    continue
                for name, field in dialog._fields.items():
                    record = field.type == "many2one" and self.world_b.records.get(field.comodel_name)
                    title = record and not field.related and record.sudo().display_name
                    if not title or record.with_user(user).has_access("read"):
                        continue
                    tried += 1
                    with self.subTest(user=user.login, dialog=model, field=name), mute_logger(*QUIET, "odoo.sql_db"):
                        self.assertNotIn(title, self.said(dialog, {name: record.id}))
        self.assertGreater(tried, 0)

    def said(self, dialog, values):
        """Return all that a dialog says when it is made with ``values``; nothing when it is refused."""
        try:
            with self.env.cr.savepoint():
                made = dialog.create(values)
                return str(made.read()) + str(made.web_read({name: {} for name in made._fields}))
        except (UserError, ValidationError, DatabaseError):
            return ""

    def test_nothing_of_the_other_institution_is_visible(self):
        """Whatever the table says, an outside user never sees a row of another institution."""
        for model, record in self.world_b.records.items():
            with self.subTest(model=model):
                if model in self.world_b.shared:
                    continue
                self.assertEqual(letters(record, self.world_a.user), "-")
