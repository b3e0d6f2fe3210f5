import json
from unittest.mock import patch

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .personal_case import PersonalCase


@tagged("post_install", "-at_install")
class TestPersonalLog(PersonalCase):
    """Reading in clear is logged: one row per call."""

    def test_calls(self):
        person = self.as_clear()
        organisation = self.as_clear(self.organisation)
        for number, (call, records) in enumerate([
            (lambda: person.read(["mobile", "id_number", "code"]), person),
            (lambda: person.web_read({"mobile": {}}), person),
            (lambda: person.search_read([], ["mobile"]), self.person + self.other),
            (lambda: person.web_search_read([], {"mobile": {}}), self.person + self.other),
            (lambda: organisation.web_read({"person_ids": {"fields": {"mobile": {}}}}), self.person + self.other),
            (lambda: organisation.web_read({"lead_id": {"fields": {"display_name": {}}}}), self.person),
            (lambda: person.copy_data(), person),
            (lambda: person.name_search("P1"), person),
        ]):
            with self.subTest(number):
                self.env.invalidate_all()
                before = self.events("personal.read")
                self.env.cr.cache.clear()
                call()
                row = self.events("personal.read") - before
                self.assertEqual(len(row), 1)
                self.assertEqual((row.model, sorted(row.res_ids)), ("ctsp.test.person", records.ids))
                self.assertTrue(row.detail["fields"])
                self.assertEqual(row.login, self.clear_user.login)

    def test_grouping(self):
        self.as_clear().formatted_read_group([], ["mobile"], ["__count"])
        self.as_clear().formatted_read_group([], ["post"], ["id_number:array_agg"])
        self.assertEqual(
            self.events("personal.group").mapped("detail"), [{"fields": ["id_number"]}, {"fields": ["mobile"]}]
        )

    def test_export(self):
        self.as_clear(self.organisation).export_data(["name", "person_ids/mobile"])
        row = self.events("export")
        self.assertEqual(row.detail, {"fields": ["name", "person_ids/mobile"], "personal": ["person_ids/mobile"]})
        self.assertEqual(row.res_ids, self.organisation.ids)

    def test_what_is_not_logged(self):
        """Masked reads, the superuser's work and outside users on what is theirs leave no row."""
        before = self.env["ctsp.audit.event"].search([])
        self.as_masked().read(["mobile_masked", "display_name"])
        self.person.read(["mobile"])
        self.as_clear().sudo().read(["mobile"])
        self.person.with_user(self.outsider).read(["mobile"])
        self.as_clear().read(["code"])
        self.assertEqual(self.env["ctsp.audit.event"].search([]), before)

    def test_read_only_cursor(self):
        """Where a read got a read-only cursor all the same, its row is written on a cursor of its own."""
        person = self.as_clear()
        port = type(self.env["ctsp.audit.port"])
        with (
            self.enter_registry_test_mode(),
            patch.object(type(self.env.cr), "readonly", True),
            patch.object(port, "_write_row", autospec=True) as write,
        ):
            person.read(["mobile"])
        self.assertIsNot(write.call_args.args[1], self.env.cr)
        self.assertEqual(write.call_args.args[2]["event"], "personal.read")


@tagged("post_install", "-at_install")
class TestPersonalHttp(HttpCase):
    """The same over the wire, where Odoo routes reads to a read-only cursor."""

    def test_rpc(self):
        groups = "ctsp_base.group_inspector,ctsp_base.group_personal_data"
        clear = new_test_user(self.env, "personal_clear", groups=groups, password="personal_clear")
        new_test_user(self.env, "personal_masked", groups="ctsp_base.group_inspector", password="personal_masked")
        person = self.env["ctsp.test.person"].create({"name": "张三", "mobile": "13812345678"})
        organisation = self.env["ctsp.test.organisation"].create({"lead_id": person.id})
        calls = [
            (person, {"mobile": {}}),
            (organisation, {"lead_id": {"fields": {"mobile": {}}}}),
        ]
        self.authenticate("personal_clear", "personal_clear")
        for record, spec in calls:
            self.assertIn("13812345678", str(self._web_read(record, spec)))
        rows = self.env["ctsp.audit.event"].search([("user_id", "=", clear.id), ("event", "=", "personal.read")])
        self.assertEqual(len(rows), 2)
        self.assertEqual(len(set(rows.mapped("request_id"))), 2)
        self.assertTrue(all(rows.mapped("ip")))
        self.authenticate("personal_masked", "personal_masked")
        for record, spec in calls:
            with mute_logger("odoo.http", "odoo.models", "odoo.orm.models"):
                answer = self._web_read(record, spec)
            self.assertIn("error", answer)
            self.assertNotIn("13812345678", str(answer))

    def _web_read(self, record, spec):
        params = {"model": record._name, "method": "web_read", "args": [record.ids, spec], "kwargs": {}}
        return self.url_open(
            "/web/dataset/call_kw", data=json.dumps({"params": params}), headers={"Content-Type": "application/json"}
        ).json()
