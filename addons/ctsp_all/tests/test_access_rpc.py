import xmlrpc.client
from datetime import datetime, timedelta

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_base.tests.common import CtspCase

from .access import ROLES, read_table
from .world import World

QUIET = ("odoo.http", "odoo.addons.rpc.controllers.xmlrpc", "odoo.addons.rpc.controllers", "odoo.models",
         "odoo.orm.models", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")


@tagged("post_install", "-at_install")
class TestAccessRpc(CtspCase, HttpCase):
    """What the table says holds over XML-RPC and JSON-2 as well: search, count, names, export, groups."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world_a = World(cls.env, *cls.outside("Hospital A"), "A")
        cls.world_b = World(cls.env, *cls.outside("Hospital B"), "B")
        cls.table = read_table()

    def expected(self, model, column, own, other):
        if column == "institution":
            visible = own.ids if "r" in self.table[model]["institution_own"] else []
            return sorted({*visible, *(other.ids if "r" in self.table[model]["institution_other"] else [])})
        return sorted({*own.ids, *other.ids}) if "r" in self.table[model][column] else []

    def users(self):
        yield "institution", self.world_a.user
        for role in ROLES:
            yield role, self.role(role)

    def cases(self):
        for column, user in self.users():
            for model, own in self.world_a.records.items():
                yield column, user, model, own, self.world_b.records[model]

    def test_xml_rpc_finds_what_the_table_allows(self):
        password = {user.id: user.login for _column, user in self.users()}
        for column, user, model, own, other in self.cases():
            with self.subTest(column=column, model=model), mute_logger(*QUIET):
                try:
                    found = self.xmlrpc_object.execute_kw(
                        self.env.cr.dbname, user.id, password[user.id], model, "search",
                        [[("id", "in", own.ids + other.ids)]], {"context": {"active_test": False}})
                except xmlrpc.client.Fault:
                    found = []
                self.assertEqual(sorted(found), self.expected(model, column, own, other))

    def key(self, user):
        return self.env["res.users.apikeys"].with_user(user).sudo()._generate(
            "rpc", "test", datetime.now() + timedelta(hours=1))

    def json2(self, key, model, method, **arguments):
        answer = self.url_open(
            f"/json/2/{model}/{method}", json=arguments, headers={"Authorization": f"Bearer {key}"})
        return answer.json() if answer.status_code == 200 else None

    def test_json_2_shows_names_exports_and_groups_of_nobody_else(self):
        """Roles that may not read a model get nothing by any method; outside users never the other institution's.

        Outside users try every method on every model, roles two of them in turn.
        """
        for turn, (column, user) in enumerate(self.users()):
            key = self.key(user)
            for number, (model, own) in enumerate(self.world_a.records.items()):
                other = self.world_b.records[model]
                hidden = set(own.ids + other.ids) - set(self.expected(model, column, own, other))
                if not hidden:
                    continue
                ways = self.ways(key, model, sorted(hidden))
                if column != "institution":
                    ways = [ways[(number + turn + step) % len(ways)] for step in (0, 3)]
                with self.subTest(column=column, model=model), mute_logger(*QUIET):
                    for way in ways:
                        self.assertFalse(way())

    def ways(self, key, model, hidden):
        """Return the ways to what must stay hidden; each gives nothing."""
        domain = [["id", "in", hidden]]

        def groups():
            found = self.json2(
                key, model, "formatted_read_group", domain=domain, groupby=["id"], aggregates=["__count"])
            return [group for group in found or [] if group["__count"]]

        return [
            lambda: self.json2(key, model, "search_read", domain=domain, fields=["id"]),
            lambda: self.json2(key, model, "name_search", domain=domain),
            lambda: self.json2(key, model, "search_count", domain=domain),
            lambda: self.json2(key, model, "read", ids=hidden, fields=["display_name"]) is not None,
            lambda: self.json2(
                key, model, "export_data", ids=hidden, fields_to_export=["id", "display_name"]) is not None,
            groups,
        ]
