import csv
import datetime as dt
import io
from unittest.mock import patch

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.ctsp_base.tools import private

from .io_common import IoCase


class ExportCase(IoCase):

    def profile(self, *paths, user=None, **values):
        lines = [Command.create({"name": path, "sequence": index}) for index, path in enumerate(paths)]
        return self.env["ir.exports"].with_user(user or self.steward).create({
            "name": "P", "resource": "ctsp.test.clinic", "export_fields": lines, **values})

    def export(self, *paths, user=None, records=None, domain=None, **values):
        """Run the dialog as ``user`` and return the finished export."""
        user = user or self.regulator
        records = self.clinics if records is None and domain is None else records
        wizard = self.env["ctsp.export.wizard"].with_user(user).with_context(
            active_model="ctsp.test.clinic", active_ids=records.ids if records else [], active_domain=domain or [],
            lang="en_US", tz="Asia/Shanghai",
        ).create({"profile_id": paths and self.profile(*paths, user=user).id, **values})
        wizard.action_export()
        return self.env["ctsp.export.job"].with_user(user).search([], limit=1)


@tagged("post_install", "-at_install")
class TestExport(ExportCase):

    def test_typed_cells(self):
        """Each type of field becomes a cell of its type, under its label, in the user's time zone."""
        clinic = self.clinics[0]
        clinic.write({
            "visited_at": "2026-09-05 20:30:00", "budget": 1.5, "is_teaching": True, "note": "=1+1",
            "kind_ids": [Command.set(self.kinds[:2].ids)], "parent_id": self.clinics[1].id})
        job = self.export("name", "level", "kind_id", "kind_ids", "opened_on", "visited_at", "beds", "budget",
                          "is_teaching", "note", "parent_id.kind_id.code", records=clinic)
        title, subtitle, headers, values = self.cells(job)
        self.assertEqual(title[0], "Test Clinic")
        self.assertIn("1 rows", subtitle[0])
        self.assertEqual(headers[-1], "Parent/Kind/Code")
        self.assertEqual(values, (
            clinic.name, "Third", "综合", "综合、专科", dt.datetime(2020, 1, 2), dt.datetime(2026, 9, 6, 4, 30), 0, 1.5,
            "Yes", "=1+1", "general"))
        self.assertRegex(job.file_name, r"^Test_Clinic_\d{8}\.xlsx$")

    def test_nothing_in_clear_is_left(self):
        """While a file is written its rows wait in a folder that only this account may enter, and not in /tmp."""
        with patch("tempfile.tempdir", "/nowhere"):
            for file_format in ("xlsx", "csv"):
                self.export("name", file_format=file_format)
        self.assertEqual(private.folder().stat().st_mode & 0o777, 0o700)
        self.assertFalse(list(private.folder().iterdir()))

    def test_formulas_are_neutralised(self):
        """What a user typed is text in xlsx, and is quoted in csv, whatever sign it begins with."""
        for sign in "=+-@\t\r":
            self.clinics[0].note = f"{sign}cmd|' /C calc'!A0"
            job = self.export("note", records=self.clinics[0])
            sheet = openpyxl.load_workbook(io.BytesIO(job.sudo().attachment_id.raw)).active
            self.assertEqual(sheet["A4"].data_type, "s", repr(sign))
            job = self.export("note", records=self.clinics[0], file_format="csv")
            lines = csv.reader(io.StringIO(job.sudo().attachment_id.raw.decode("utf-8-sig"), newline=""))
            self.assertEqual([line[0][:2] for line in lines][1], f"'{sign}", repr(sign))

    def test_personal_data_is_masked(self):
        """Without the right, personal data leaves the house masked; fields of others are left out."""
        self.clinics.mobile = "13800138000"
        job = self.export("name", "mobile", "secret")
        self.assertEqual(self.cells(job)[2:4], [("Name", "Mobile"), (self.clinics[0].name, "138****8000")])
        clear = self.role("regulator", personal=True)
        self.assertEqual(self.cells(self.export("mobile", user=clear))[3], ("13800138000",))

    def test_record_rules_bind(self):
        """Records and linked records that the user may not read do not appear."""
        self.env["ir.rule"].create({
            "name": "clinics", "model_id": self.env["ir.model"]._get_id("ctsp.test.clinic"),
            "domain_force": f"[('id', '!=', {self.clinics[2].id})]"})
        self.clinics[0].parent_id = self.clinics[2]
        rows = self.cells(self.export("name", "parent_id", "parent_id.code", domain=[]))
        self.assertEqual(rows[3:], [(self.clinics[0].name, None, None), (self.clinics[1].name, None, None)])

    def test_current_search(self):
        """Without a selection the export takes what the search finds."""
        rows = self.cells(self.export("code", domain=[("beds", ">", 0)]))
        self.assertEqual([row[0] for row in rows[3:]], ["C1", "C2"])

    def test_logged(self):
        """Every export leaves a row in the log: model, rows, profile, personal columns."""
        self.export("mobile", user=self.role("regulator", personal=True))
        event = self.env["ctsp.audit.event"].search([("event", "=", "export")], limit=1)
        self.assertIn("ctsp.test.clinic", str(event.detail))
        self.assertIn("mobile", str(event.detail))

    def test_own_files_only(self):
        """An export and its file belong to the one who made it."""
        job = self.export("name")
        other = job.with_user(self.steward)
        for access in (lambda: other.read(["name"]), lambda: other.attachment_id.name, other.action_download):
            with self.assertRaises(AccessError):
                access()
        with self.assertRaises(AccessError):
            self.env["ir.attachment"].with_user(self.steward).browse(job.sudo().attachment_id.id).read(["datas"])
        with self.assertRaises(AccessError):
            job.write({"row_count": 0})

    def test_other_models_are_refused(self):
        with self.assertRaises(UserError):
            self.env["ctsp.export.wizard"].with_user(self.regulator).with_context(active_model="res.users").create({})
        with self.assertRaises(UserError):
            self.env["ctsp.export.wizard"].with_user(self.regulator).with_context(
                active_model="ctsp.test.clinic").create({"res_model": "res.users"}).action_export()

    def test_profiles(self):
        """Own profiles are one's own; shared ones are kept by administrators only."""
        own = self.profile("name", user=self.regulator)
        self.assertFalse(self.env["ir.exports"].with_user(self.role("inspector")).search([("id", "=", own.id)]))
        shared = self.profile("name", is_shared=True)
        with self.assertRaises(AccessError):
            shared.with_user(self.regulator).export_fields[0].header = "x"
        with self.assertRaises(AccessError):
            own.is_shared = True
        self.profile("name", user=self.role("system_admin"), is_shared=True, is_default=True)
        wizard = self.env["ctsp.export.wizard"].with_user(self.regulator).with_context(active_model="ctsp.test.clinic")
        self.assertTrue(wizard.create({}).profile_id.is_default)

    def test_binding(self):
        """Every model with the mixin offers the export in its lists and forms, others do not."""
        action = self.env.ref("ctsp_base.export_wizard_action")
        bindings = self.env["ir.actions.actions"].with_user(self.regulator).get_bindings
        self.assertIn(action.id, [item["id"] for item in bindings("ctsp.test.clinic")["action"]])
        self.assertNotIn(action.id, [item["id"] for item in bindings("res.partner").get("action", [])])

    def test_queries_do_not_grow(self):
        """Following relations costs the same number of queries for two hundred rows as for twenty, each its own."""
        parents = self.Clinic.create([
            {"name": f"上级{index}", "kind_id": self.kinds[index % 3].id, "active": False} for index in range(200)])
        self.Clinic.create([
            {"name": f"示例{index}", "kind_id": self.kinds[index % 3].id, "parent_id": parent.id}
            for index, parent in enumerate(parents)])
        counts = []
        for limit in (20, 20, 200):
            records = self.Clinic.search([("parent_id", "!=", False)], limit=limit)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.export("name", "kind_id.code", "parent_id", "parent_id.kind_id", records=records)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2] - counts[1], 4)


@tagged("post_install", "-at_install")
class TestExportDownload(HttpCase):

    def test_download_checks_owner(self):
        """The address of a file serves its owner alone."""
        groups = [Command.set([self.env.ref("ctsp_base.group_regulator").id])]
        users = {name: self.env["res.users"].create({
            "name": name, "login": name, "password": name, "group_ids": groups}) for name in ("own_r", "other_r")}
        self.env["ctsp.test.clinic"].create({"name": "示例医院（示例）"})
        wizard = self.env["ctsp.export.wizard"].with_user(users["own_r"]).with_context(active_model="ctsp.test.clinic")
        url = wizard.create({}).action_export()["url"]
        attachment = self.env["ctsp.export.job"].search([], limit=1).attachment_id
        self.authenticate("own_r", "own_r")
        answer = self.url_open(url)
        self.assertEqual((answer.status_code, answer.content[:2]), (200, b"PK"))
        self.authenticate("other_r", "other_r")
        self.assertEqual(self.url_open(url).status_code, 404)
        self.assertEqual(self.url_open(f"/web/content/{attachment.id}").status_code, 404)
