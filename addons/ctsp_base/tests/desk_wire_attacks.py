import datetime
import json
import xmlrpc.client

from odoo.tools import mute_logger

from .desk_case import QUIET, SECRET, Attacks


class WireAttacks(Attacks):
    """Attacks by HTTP with A's session, password or key."""

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
