import base64
import json
import xmlrpc.client
from datetime import datetime, timedelta

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_base.tests.common import CtspCase

from .access import OUTSIDE, ROLES, read_table
from .test_access_rpc import QUIET as QUIET_RPC
from .world import World

QUIET = (*QUIET_RPC, "odoo.sql_db")
OPERATIONS = ("w", "c", "u")
FORBIDDEN = 403
ACCESS_FAULT = 4


@tagged("post_install", "-at_install")
class TestAccessWire(CtspCase, HttpCase):
    """Writing, creating and deleting by XML-RPC and JSON-2: refused wherever the table has no letter for it.

    Institutions try everything on every model, on their own record and on another's. The regulator's roles try one
    operation on every other model by one protocol, in turn, so that all models meet all operations and protocols.
    What everybody may make for himself (a query, an import) is not tried.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world_a = World(cls.env, *cls.outside("Hospital A"), "A")
        cls.world_b = World(cls.env, *cls.outside("Hospital B"), "B")
        cls.table = read_table()
        cls.keys = {}

    def key(self, user):
        if user not in self.keys:
            self.keys[user] = self.env["res.users.apikeys"].with_user(user).sudo()._generate(
                "rpc", "test", datetime.now() + timedelta(hours=1))
        return self.keys[user]

    def by_xml_rpc(self, user, model, operation, ids):
        call = {"w": ("write", [ids, {}]), "c": ("create", [{}]), "u": ("unlink", [ids])}[operation]
        try:
            self.xmlrpc_object.execute_kw(self.env.cr.dbname, user.id, self.key(user), model, *call)
        except xmlrpc.client.Fault as fault:
            return "forbidden" if fault.faultCode == ACCESS_FAULT else "refused"
        return "done"

    def by_json_2(self, user, model, operation, ids):
        method, body = {
            "w": ("write", {"ids": ids, "vals": {}}), "c": ("create", {"vals_list": [{}]}),
            "u": ("unlink", {"ids": ids})}[operation]
        answer = self.url_open(f"/json/2/{model}/{method}", json.dumps(body).encode(), headers={
            "Authorization": f"Bearer {self.key(user)}", "Content-Type": "application/json"})
        self.assertLess(answer.status_code, 500, answer.text[:300])
        return {200: "done", FORBIDDEN: "forbidden"}.get(answer.status_code, "refused")

    def attempt(self, door, user, model, record, operation, letters):
        """Try one operation that the table does not allow: it is refused."""
        with self.subTest(user=user.login, model=model, operation=operation, door=door.__name__), mute_logger(*QUIET):
            if operation not in letters:
                self.assertNotEqual(door(user, model, operation, record.ids), "done")

    def there(self):
        """Return the ids of all records of both worlds that exist."""
        self.env.invalidate_all()
        return {
            model: record.with_context(active_test=False).search([("id", "in", record.ids)]).ids
            for world in (self.world_a, self.world_b) for model, record in world.records.items()}

    def test_institutions(self):
        before, user = self.there(), self.world_a.user
        for column, world in zip(OUTSIDE, (self.world_a, self.world_b), strict=True):
            for number, (model, record) in enumerate(world.records.items()):
                for turn, operation in enumerate(OPERATIONS):
                    door = (self.by_xml_rpc, self.by_json_2)[(number + turn) % 2]
                    # what is made new is the caller's own, whichever record is looked at
                    letters = self.table[model][OUTSIDE[0] if operation == "c" else column]
                    self.attempt(door, user, model, record, operation, letters)
        self.assertEqual(self.there(), before)

    def test_roles(self):
        before = self.there()
        for turn, role in enumerate(ROLES):
            user = self.role(role)
            for number, (model, record) in enumerate(self.world_b.records.items()):
                operation = OPERATIONS[(number + turn) % 3]
                door = (self.by_xml_rpc, self.by_json_2)[(number // 3 + turn) % 2]
                if (number + turn) % 2 and not (operation == "c" and model in self.world_b.personal):
                    self.attempt(door, user, model, record, operation, self.table[model][role])
        self.assertEqual(self.there(), before)

    def test_files(self):
        """No address hands an institution a file of another's, nor of what the supervision keeps to itself."""
        user = self.world_a.user
        self.authenticate(user.login, user.login)
        for column, world in zip(OUTSIDE, (self.world_a, self.world_b), strict=True):
            for model, record in world.records.items():
                files = [name for name, field in record._fields.items() if field.type in ("binary", "image")]
                for name in files if "r" not in self.table[model][column] else ():
                    with self.subTest(column=column, model=model, name=name), mute_logger(*QUIET):
                        self.no_file(record, name)

    def no_file(self, record, name):
        """Neither the address of files nor that of pictures gives the content; that of pictures gives a placeholder."""
        content = base64.b64decode(record.sudo()[name] or b"")
        place = f"{record._name}/{record.id}/{name}"
        self.assertNotEqual(self.url_open(f"/web/content/{place}", allow_redirects=False).status_code, 200)
        answer = self.url_open(f"/web/image/{place}", allow_redirects=False)
        self.assertFalse(content and content in answer.content)
