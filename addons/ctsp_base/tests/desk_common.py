"""Attacks of one outside organisation on another, for every owned model to stand.

Use::

    from odoo.addons.ctsp_base.tests.desk_common import DeskAttacks, DeskCase

    @tagged("post_install", "-at_install")
    class TestFilingDesk(DeskAttacks, DeskCase):
        @classmethod
        def _desk_record(cls, user, label):
            return cls.env["ctsp.filing"].with_user(user).create({"name": label, ...})
"""

import contextlib
import datetime
import inspect
import json
import xmlrpc.client

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command
from odoo.service.model import get_public_method
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


class DeskAttacks:
    """The attacks. Each goes at B's record, lines and files as a user of A; none may read or change anything."""

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

    # ---- ORM ------------------------------------------------------------------------------------------------------

    def test_reading(self):
        """No way of reading the ORM has shows a record of B, its name or its number."""
        for part in self.targets:
            model, ids = part.browse(), part.ids
            for what, attempt in {
                "read": lambda part=part: part.read(),
                "web_read": lambda part=part: part.web_read({"display_name": {}}),
                "attribute": lambda part=part: part[0].display_name,
                "export_data": lambda part=part: part.export_data(["id", "display_name"]),
            }.items():
                self._must_fail(f"{part._name}.{what}", attempt)
            domains = ([("id", "in", ids)], [("owner_partner_id", "=", self.company_b.id)])
            for domain in domains:
                self.assertFalse(model.search(domain))
                self.assertFalse(model.search_count(domain))
                self.assertFalse(model.search_read(domain, ["id"]))
                self.assertFalse(model.web_search_read(domain, {"id": {}})["records"])
                counts = model.formatted_read_group(domain, [], ["__count"])
                self.assertFalse(sum(group["__count"] for group in counts))
                groups = model.web_read_group(domain, ["create_date:month"], ["__count"])
                self.assertFalse(groups["groups"])
            self.assertFalse({found[0] for found in model.name_search(SECRET, limit=None)} & set(ids))
            self.assertNotIn(SECRET, repr(model.name_search("", limit=None)))

    def test_oracles(self):
        """Sorting, searching along paths and unreadable fields give nothing away about B."""
        for part in self.targets:
            model = part.browse()
            for name, field in model._fields.items():
                if field.type == "char" and field.store and model._has_field_access(field, "read"):
                    self.assertFalse(model.search([(name, "like", SECRET)]))
            self.assertFalse(model.search_count([("owner_partner_id.name", "like", SECRET)]))

    def test_writing(self):
        """B's records are neither written, deleted, copied nor taken over; A's do not move to B."""
        for part in self.targets:
            name = next(iter(part._desk_fields), "owner_partner_id")
            self._must_fail(f"{part._name}.write", lambda part=part, name=name: part.write({name: False}))
            self._must_fail(f"{part._name}.unlink", lambda part=part: part.unlink())
            self._must_fail(f"{part._name}.copy", lambda part=part: part[0].copy())
            self._must_fail(
                f"{part._name}.web_save", lambda part=part, name=name: part[0].web_save({name: False}, {"id": {}}),
            )
            with self._refused(f"{part._name}.take over"):
                part.write({"owner_partner_id": self.company_a.id})
        self._must_fail("give away", lambda: self.record_a.write({"owner_partner_id": self.company_b.id}))
        self.assertEqual(self.record_a.sudo().owner_partner_id, self.company_a)

    def test_children(self):
        """Lines and files of B are not reached through A's record, nor A's moved into B's."""
        for name, field in self.record_a._fields.items():
            if field.type != "one2many" or "owner_partner_id" not in self.env[field.comodel_name]._fields:
                continue
            for theirs in self.record_b.sudo()[name]:
                for command in (Command.link(theirs.id), Command.update(theirs.id, {}), Command.delete(theirs.id)):
                    with self._refused(f"{name} {command[0]}"):
                        self.record_a.write({name: [command]})
            for ours in self.record_a.sudo()[name].with_user(self.user_a):
                self._must_fail(name, lambda ours=ours, f=field: ours.write({f.inverse_name: self.record_b.id}))

    def test_internal_fields(self):
        """Nothing off the allow-list is written on an own record, by value or by default_* context."""
        for part in (self.record_a, *self._desk_children(self.record_a.sudo())):
            part = part.with_user(self.user_a)[:1]
            allowed = set(part._desk_fields) | part._frozen_keys()
            for name, field in part._fields.items():
                if name in allowed or name in ("id", "display_name") or not part:
                    continue
                self._must_fail(f"{part._name}.{name}", lambda part=part, name=name: part.write({name: False}))
                if field.store and name not in ("create_date", "write_date", "create_uid", "write_uid"):
                    described = part.fields_get([name], ["readonly"])
                    self.assertTrue(not described or described[name]["readonly"], f"{name} looks writable")

    def test_public_methods(self):
        """Every public method that can be called with no argument leaves B alone and tells nothing of it."""
        for part in self.targets:
            for name in dir(type(part)):
                method = self._callable(part, name)
                if method is None:
                    continue
                with self._refused(f"{part._name}.{name}") as answer:
                    result = method(part)
                    # what comes back must be readable by A: B's records as a mere recordset tell nothing
                    answer.append(result.exists() and "" if hasattr(result, "_name") else result)

    @staticmethod
    def _callable(part, name):
        try:
            method = get_public_method(part, name)
            needed = [
                it for it in list(inspect.signature(method).parameters.values())[1:]
                if it.default is it.empty and it.kind in (it.POSITIONAL_ONLY, it.POSITIONAL_OR_KEYWORD, it.KEYWORD_ONLY)
            ]
        except (AccessError, AttributeError, ValueError, TypeError):
            return None
        return None if needed or isinstance(method, type) else method

    # ---- over the wire --------------------------------------------------------------------------------------------

    def test_session_rpc(self):
        """The web client's own routes refuse what the ORM refuses."""
        self._sign_in(self.user_a)
        for part in self.targets:
            for method, args in (
                ("read", [part.ids]), ("web_read", [part.ids, {"display_name": {}}]), ("unlink", [part.ids]),
                ("write", [part.ids, {}]), ("copy", [part.ids]), ("export_data", [part.ids, ["display_name"]]),
                ("onchange", [part.ids[:1], {}, [], {"display_name": {}}]),
            ):
                for route in ("/web/dataset/call_kw", "/web/dataset/call_button"):
                    answer = self._rpc(route, model=part._name, method=method, args=args, kwargs={})
                    self.assertNotIn(SECRET, json.dumps(answer), f"{route} {part._name}.{method}")
                    if method not in ("onchange", "write"):
                        self.assertIn("error", answer, f"{route} {part._name}.{method}")

    def test_xml_rpc(self):
        """XML-RPC with A's password stops at the same fence."""
        key = self._password(self.user_a)
        for part in self.targets:
            for method, args in (("read", [part.ids]), ("unlink", [part.ids]), ("copy", [part.ids])):
                with self.subTest(method), mute_logger(*QUIET), self.assertRaises(xmlrpc.client.Fault) as caught:
                    self.xmlrpc_object.execute_kw(
                        self.env.cr.dbname, self.user_a.id, key, part._name, method, args,
                    )
                self.assertNotIn(SECRET, str(caught.exception))
            with mute_logger(*QUIET):
                found = self.xmlrpc_object.execute_kw(
                    self.env.cr.dbname, self.user_a.id, key, part._name, "search", [[("id", "in", part.ids)]],
                )
            self.assertEqual(found, [])

    def test_json_2(self):
        """JSON-2 with a key of A's stops there too (A cannot make one himself)."""
        later = datetime.datetime.now() + datetime.timedelta(days=1)
        # superuser: share users may not have keys; the attack supposes that one got hold of one
        key = self.env(user=self.user_a)["res.users.apikeys"].sudo()._generate("rpc", "attack", later)
        headers = {"Authorization": f"bearer {key}"}
        for part in self.targets:
            for method, body in (
                ("read", {"ids": part.ids, "fields": ["display_name"]}), ("unlink", {"ids": part.ids}),
                ("copy", {"ids": part.ids}), ("write", {"ids": part.ids, "vals": {"owner_partner_id": 1}}),
            ):
                with mute_logger(*QUIET):
                    response = self.url_open(f"/json/2/{part._name}/{method}", json=body, headers=headers)
                self.assertGreaterEqual(response.status_code, 400, f"{part._name}.{method}")
                self.assertNotIn(SECRET, response.text)
            with mute_logger(*QUIET):
                found = self.url_open(f"/json/2/{part._name}/search", json={"domain": []}, headers=headers)
            self.assertFalse(set(found.json()) & set(part.ids))

    def test_foreign_models(self):
        """Public methods of models A has no right on are not called at all, by no protocol."""
        self._sign_in(self.user_a)
        arguments = [self.env.cr.dbname, self.user_a.id, self._password(self.user_a)]
        for model, method in (("mail.thread", "message_process"), ("discuss.channel", "create"), ("ir.cron", "x")):
            answer = self._rpc("/web/dataset/call_kw", model=model, method=method, args=[[]], kwargs={})
            self.assertEqual(answer["error"]["data"]["name"], "odoo.exceptions.AccessError")
            answer = self._rpc("/jsonrpc", service="object", method="execute_kw", args=[*arguments, model, method, []])
            self.assertEqual(answer["error"]["data"]["name"], "odoo.exceptions.AccessError")
            with mute_logger(*QUIET), self.assertRaises(xmlrpc.client.Fault):
                self.xmlrpc_object.execute_kw(*arguments, model, method, [])

    def test_content_urls(self):
        """No address delivers B's files or pictures; A's own come."""
        self._sign_in(self.user_a)
        # superuser: finds the attachments behind the binary fields, which A may not see
        attachments = self.env["ir.attachment"].sudo().search([
            ("res_model", "in", [part._name for part in self.targets]), ("res_field", "!=", False),
        ])
        for attachment in attachments:
            model, res_id, field = attachment.res_model, attachment.res_id, attachment.res_field
            own = self.env[model].browse(res_id).sudo().owner_partner_id == self.company_a
            with mute_logger(*QUIET):
                direct = self.url_open(f"/web/content/{model}/{res_id}/{field}?download=1")
                by_id = self.url_open(f"/web/content/{attachment.id}?download=1")
            self.assertEqual(direct.status_code, 200 if own else 404)
            self.assertNotEqual(by_id.status_code, 200)
            if not own:
                self.assertNotIn(attachment.raw, direct.content)

    def test_other_doors(self):
        """Routes, keys, channels and people that are none of A's business stay shut."""
        self._sign_in(self.user_a)
        with mute_logger(*QUIET):
            for route in (
                "/web/export/xlsx", "/web/export/csv", "/web/binary/upload_attachment", "/mail/message/post",
                "/mail/attachment/upload", "/my/address", "/my/account", "/my/security", "/web/become",
                "/discuss/channel/1", "/report/pdf/base.report_irmodeloverview/1", "/web/webclient/load_menus",
            ):
                self.assertIn(self.url_open(route, allow_redirects=False).status_code, (404, 405), route)
            self.assertIn("/my/desk", self.url_open("/odoo").url)
        self.assertEqual(self._rpc("/web/session/modules")["result"], [])
        for action in ("base.action_res_users", "base.open_module_tree", 1):
            self.assertIn("error", self._rpc("/web/action/load", action_id=action))
        for route, params in (
            ("/web/action/run", {"action_id": 1}),
            ("/mail/thread/messages", {"thread_model": self.record_b._name, "thread_id": self.record_b.id}),
            ("/mail/message/post", {"thread_model": "res.partner", "thread_id": 1, "post_data": {"body": "x"}}),
            ("/mail/data", {"fetch_params": ["systray_get_activities"]}),
        ):
            answer = self._rpc(route, **params)
            self.assertNotIn("result", answer, route)
            self.assertFalse(answer["error"]["data"]["debug"], "a traceback was sent outside")
        as_a = self.env(user=self.user_a)
        self._must_fail("key", lambda: as_a["res.users.apikeys.description"].create({"name": "x"}).make_key())
        self._must_fail("another name", lambda: as_a.user.sudo(False).write({"name": "x"}))
        self._must_fail("the mailbox of another", lambda: as_a.user.sudo(False).write({"email": "x@example.org"}))
        self.assertEqual(as_a["res.users"].search([]), self.user_a)
        self.assertFalse(as_a["res.partner"].search([]) & self.company_b)
        self.assertFalse(as_a["ir.attachment"].search([("public", "=", False)]))
        for model in (
            "mail.message", "discuss.channel", "ir.model.data", "ir.config_parameter", "ir.rule",
            "res.groups", "bus.bus", "mail.followers", "mail.activity", "ir.cron", "ir.actions.server", "ir.ui.view",
            "ir.model", "ir.model.fields", "res.users.log", "res.users.apikeys", "ctsp.desk.entry",
        ):
            self._must_fail(model, lambda model=model: as_a[model].search_read([], limit=1))

    def test_messages(self):
        """Outside users neither post, read nor change messages and followers, on own records either."""
        for part in (self.record_a, *self.targets):
            if not hasattr(part, "message_post"):
                continue
            record = part[0]
            self._must_fail("post", lambda record=record: record.message_post(body="x"))
            self._must_fail("log", lambda record=record: record.message_ids.read(["body"]) or record.fail())
            self._must_fail("follow", lambda record=record: record.message_subscribe(self.user_a.partner_id.ids))
            self._must_fail("invite", lambda record=record: record.message_subscribe(self.company_b.ids))
            self._must_fail("notify", lambda record=record: record.message_notify(body="x", partner_ids=[3]))
            self._must_fail("mail", lambda record=record: record.message_process(record._name, "From: a@b.cn\n\nx"))
            self._must_fail("leave", lambda record=record: record.message_unsubscribe(self.user_a.partner_id.ids))
