import base64
import io
from unittest.mock import patch

import openpyxl

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.ctsp_base.tests.common import CtspCase

from ..models import dataset as shipping
from .sample_definition import DATA


class DatasetCase(CtspCase):
    """A draft of a data set, its author and somebody who reviews."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.author = cls.role("data_steward")
        cls.reviewer = new_test_user(cls.env, "second_steward", groups="ctsp_base.group_data_steward")
        datasets = cls.env["ctsp.dataset"].with_user(cls.author)
        cls.dataset = datasets.create({"code": "test_trials", "name": "Test Trials"})
        cls.version = datasets.env["ctsp.dataset.version"]._from_data(cls.dataset, {**DATA, "code": "test_trials"})

    def publish(self, version=None):
        version = version or self.version
        version.run_transition("submit")
        version.with_user(self.reviewer).run_transition("publish")
        return version


@tagged("post_install", "-at_install")
class TestVersion(DatasetCase):
    """Written, reviewed by somebody else, fixed once published."""

    def test_definition(self):
        """Rows on the screen say what the plain definition says, inner fields included."""
        data = self.version._definition()
        self.assertEqual([item.code for item in data.fields], [item["code"] for item in DATA["fields"]])
        self.assertEqual(data.field("members").fields[0].personal, "name")
        self.assertEqual((data.keys, len(data.rules), self.version.field_count), (["ctr_no"], 3, 14))
        self.assertFalse(self.version.problems)

    def test_four_eyes(self):
        """Whoever wrote, submitted or touched a version does not publish it."""
        self.version.run_transition("submit")
        for user, waiting in ((self.author, 0), (self.reviewer, 1)):
            cards = {card["key"]: card["count"] for card in self.env["ctsp.home"].with_user(user)._cards()}
            self.assertEqual(cards["dataset_review"], waiting, "for somebody else to review")
        with self.assertRaises(UserError):
            self.version.run_transition("publish")
        self.version.with_user(self.reviewer).run_transition("return", "please mend")
        self.version.with_user(self.reviewer).field_ids[0].definition = "mended by the reviewer"
        self.version.run_transition("submit")
        with self.assertRaises(UserError):
            self.version.with_user(self.reviewer).run_transition("publish")
        third = new_test_user(self.env, "third_steward", groups="ctsp_base.group_data_steward")
        for number, action in enumerate((
            lambda version: version.write({"mode": "whole"}), lambda version: version.rule_ids[0].unlink(),
        )):
            writer = new_test_user(self.env, f"steward_{number}", groups="ctsp_base.group_data_steward")
            self.version.with_user(writer).run_transition("return", "once more")
            action(self.version.with_user(writer))
            self.version.with_user(self.author).write({"mode": "partial"})  # written over
            self.version.run_transition("submit")
            with self.assertRaises(UserError):
                self.version.with_user(writer).run_transition("publish")
        self.version.with_user(third).run_transition("publish")
        self.assertEqual((self.version.published_by, self.dataset.current_id), (third, self.version))

    def test_immutable(self):
        """Nothing of a published version changes: not its head, its fields, inner fields or rules."""
        self.publish()
        inner = self.version.all_field_ids.filtered("parent_id")[0]
        for action in (
            lambda: self.version.write({"mode": "whole"}), lambda: self.version.field_ids[0].write({"required": False}),
            lambda: inner.write({"name": "x"}), lambda: self.version.rule_ids[0].write({"expression": "1 = 1"}),
            lambda: self.version.field_ids[0].unlink(), lambda: self.version.rule_ids.unlink(), self.version.unlink,
            lambda: self.version.field_ids.create({"version_id": self.version.id, "code": "x", "name": "x"}),
            lambda: self.version._fill(DATA), lambda: self.version.write({"state": "draft"}),
        ):
            with self.assertRaises(UserError):
                action()
        self.assertTrue(self.version.digest and self.version.definition)
        other = dict(self.version.definition, mode="whole")
        draft = self.version.browse(self.version.action_next_version()["res_id"])
        for action in (
            lambda: self.version.write({"definition": other}), lambda: self.version.write({"digest": "0" * 64}),
            lambda: draft.write({"definition": other}),
            lambda: draft.create({"dataset_id": self.dataset.id, "number": "9", "definition": other}),
        ):
            with self.assertRaises(AccessError):
                action()
        self.version._definition()
        self.version.sudo().definition = other
        with self.assertRaises(UserError):
            self.version._definition()

    def test_problems_block(self):
        """A definition that cannot work is not handed in; a rule that cannot be read is not even kept."""
        with self.assertRaises(ValidationError):
            self.version.rule_ids[0].expression = "__import__('os')"
        self.version.key_codes = "nothing"
        self.assertTrue(self.version.problems)
        with self.assertRaises(UserError):
            self.version.run_transition("submit")

    def test_next_version(self):
        """The next version begins with everything; both are accepted until the older is retired."""
        self.publish()
        new = self.version.browse(self.version.action_next_version()["res_id"])
        self.assertEqual((new.number, new.previous_id, new.field_count), ("1.1", self.version, 14))
        new.field_ids.filtered(lambda item: item.code == "title").length = 10
        wizard = self.env["ctsp.dataset.compare"].with_user(self.role("inspector")).create(
            {"left_id": self.version.id, "right_id": new.id})
        self.assertEqual(wizard.breaking_count, 1)
        self.assertIn("<del>20</del>", wizard.result)
        self.publish(new)
        find = self.dataset._find
        self.assertEqual((find("test_trials"), find("test_trials", "1.0")), (new, self.version))
        self.version.run_transition("retire", "replaced")
        self.assertFalse(find("test_trials", "1.0"))

    def test_shipped(self):
        """What the platform ships anew is in force at once, and told; beside an administrator's own it is a draft."""
        company, _user = self.outside("Hospital")
        datasets, notices = self.env["ctsp.dataset"], self.env["ctsp.desk.notice"]
        data = {**DATA, "code": "shipped", "version": "1.0"}

        def ship(version, **changes):
            file = {**data, "version": version, **changes}
            with patch.object(shipping, "_shipped", lambda addon, name: (file, {"expected_days": 7}, "单位改名")):
                datasets._load_files("ctsp_dataset", ["shipped"])
            return datasets.search([("code", "=", "shipped")])

        dataset = ship("1.0")
        first = dataset.current_id
        self.assertEqual((first.state, first.change_note, dataset.expected_days), ("published", False, 7))
        self.env["ctsp.dataset.conformance"]._of(company, dataset)._set_state("signed", "test")
        second = ship("1.1", fields=[{**item, "unit": "人"} for item in DATA["fields"]]).current_id
        self.assertEqual((second.number, second.previous_id, second.change_note, first.state),
                         ("1.1", first, "单位改名", "published"))
        self.assertIn("版本1.1", notices.search([("owner_partner_id", "=", company.id)]).mapped("display_name")[0])
        ship("1.1", name="else")
        self.assertEqual((dataset.name, dataset.version_count), ("项目", 2), "a number that is there is left alone")
        own = second.browse(second.with_user(self.author).action_next_version()["res_id"]).with_user(self.author)
        self.publish(own)
        last = ship("1.5").version_ids.filtered(lambda version: version.number == "1.5")
        self.assertEqual((dataset.current_id, last.previous_id, last.state), (own.sudo(), own.sudo(), "draft"))
        (first + second + own.sudo()).with_user(self.author).run_transition("retire", "not asked for any more")
        ship("1.6")
        self.assertFalse(dataset.current_id, "what was taken out of use stays so")

    def test_import(self):
        """A draft takes over the workbook of a version that people changed."""
        from ..tools import workbook
        book = openpyxl.load_workbook(io.BytesIO(workbook.write(self.version._definition())))
        book["字段"]["C3"] = "新题目"
        stream = io.BytesIO()
        book.save(stream)
        self.env["ctsp.dataset.import"].with_user(self.author).create({
            "version_id": self.version.id, "file": base64.b64encode(stream.getvalue())}).action_apply()
        self.assertEqual(self.version._definition().field("title").name, "新题目")
        self.assertEqual((self.version.field_count, len(self.version.rule_ids)), (14, 3))
        with self.assertRaises(UserError):
            self.env["ctsp.dataset.import"].with_user(self.author).create({
                "version_id": self.version.id, "file": base64.b64encode(b"PK no workbook")}).action_apply()

    def test_rights(self):
        """Regulators read, stewards write; institutions see what is published and nothing else."""
        with self.assertRaises(AccessError):
            self.version.with_user(self.role("inspector")).write({"source": "x"})
        _company, outside = self.outside("Outside Hospital")
        for model in ("ctsp.dataset.version", "ctsp.dataset.field", "ctsp.dataset.rule"):
            own = [("dataset_id", "=", self.dataset.id)] if model.endswith("version") else [
                ("version_id", "=", self.version.id)]
            self.assertFalse(self.env[model].with_user(outside).search(own), model)
        self.publish()
        version = self.version.with_user(outside)
        self.assertEqual(version.all_field_ids.mapped("code")[0], "ctr_no")
        with self.assertRaises(AccessError):
            version.write({"source": "x"})
        with self.assertRaises(AccessError):
            version.action_next_version()

    def test_list_queries_are_constant(self):
        """Many versions cost as many queries as few."""
        versions = self.env["ctsp.dataset.version"]
        for place in range(12):
            dataset = self.dataset.create({"code": f"bulk_{place}", "name": f"Bulk {place}"})
            versions |= versions.create({"dataset_id": dataset.id})
        spec = {name: {} for name in ("number", "is_current", "field_count", "rule_count", "state", "published_at")}
        spec["dataset_id"] = {"fields": {"display_name": {}}}
        model, counts = self.env["ctsp.dataset.version"].with_user(self.reviewer), []
        for limit in (4, 4, 8):  # rights and names are cached from the second time on
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            model.web_search_read([("id", "in", versions.ids[:limit])], spec)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])


@tagged("post_install", "-at_install")
class TestDownload(DatasetCase, HttpCase):
    def test_downloads(self):
        """Each form is served to who may read the version; drafts are nothing for institutions."""
        _company, outside = self.outside("Outside Hospital")
        self.env.cr.flush()
        self.authenticate(outside.login, f"outside_{_company.id}")
        url = f"/ctsp/outside/dataset/{self.version.id}"
        self.assertEqual(self.url_open(f"{url}/pdf").status_code, 404)
        self.publish()
        for kind, head in (("xlsx", b"PK"), ("template", b"PK"), ("docx", b"PK"), ("pdf", b"%PDF-"), ("schema", b"{"),
                           ("sample", b"[")):
            response = self.url_open(f"{url}/{kind}")
            self.assertEqual(response.status_code, 200, kind)
            self.assertTrue(response.content.startswith(head), kind)
        self.assertEqual(self.url_open(f"{url}/nothing").status_code, 404)
