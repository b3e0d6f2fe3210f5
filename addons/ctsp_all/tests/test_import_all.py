import base64
import io

import openpyxl

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.ctsp_base.tests.import_common import ImportCase, xlsx

KEEPERS = ("data_steward", "filing_officer", "planner")
EXPECTED = {
    "ctsp.dictionary", "ctsp.dictionary.item", "ctsp.district", "ctsp.discipline", "ctsp.institution",
    "ctsp.institution.former.name", "ctsp.site", "ctsp.licence", "ctsp.specialty", "ctsp.person", "ctsp.person.post",
    "ctsp.person.gcp", "ctsp.person.experience", "ctsp.ethics.committee", "ctsp.ethics.member", "ctsp.organization",
    "ctsp.trial", "ctsp.trial.site", "ctsp.trial.party", "ctsp.trial.protocol", "ctsp.trial.contract",
    "ctsp.clause.library", "ctsp.clause", "ctsp.checklist", "ctsp.decision.rule", "ctsp.finding.phrase", "ctsp.law",
}
"""what a data steward brings as a file"""


@tagged("post_install", "-at_install")
class TestImportAll(ImportCase):
    """Every kind of data that can be imported at all, whatever addon it is of."""

    def models(self, role):
        jobs = self.env["ctsp.import.job"].with_user(self.role(role)).with_context(lang="zh_CN")
        return [name for name, _label in jobs._selection_models()]

    def test_a_steward_brings_all_data(self):
        self.assertFalse(EXPECTED - set(self.models("data_steward")))

    def test_choices_cost_one_query(self):
        """The web client asks for these at each sign-in and each time such a form is opened."""
        steward = self.env(user=self.role("data_steward").id, context={"lang": "zh_CN"})
        for model, choice in (
                ("ctsp.export.job", "_selection_models"), ("ctsp.import.job", "_selection_models"),
                ("ctsp.tag", "_selection_res_model"), ("ctsp.workflow.rule", "_selection_model"),
                ("ctsp.check", "_selection_target"), ("ctsp.risk.rule", "_selection_target")):
            with self.subTest(model=model):
                ask = getattr(steward[model], choice)
                self.assertGreater(len(ask()), 2)
                self.env.invalidate_all()
                with self.assertQueryCount(1):
                    ask()

    def test_templates(self):
        """Each template names its columns in Chinese, no two alike, and every one is matched when it comes back."""
        for role in KEEPERS:
            jobs = self.env["ctsp.import.job"].with_user(self.role(role)).with_context(lang="zh_CN")
            for model in self.models(role):
                with self.subTest(role=role, model=model):
                    name, content = jobs._template_file(model)
                    book = openpyxl.load_workbook(io.BytesIO(content))
                    heads = [cell.value for cell in book.active[1]]
                    self.assertEqual(len(set(heads)), len(heads), heads)
                    self.assertRegex("".join(heads), "[\u4e00-\u9fff]")
                    book.active["A3"] = "甲"
                    stream = io.BytesIO()
                    book.save(stream)
                    job = jobs.create({
                        "res_model": model, "file": base64.b64encode(stream.getvalue()), "file_name": name})
                    job.action_read()
                    self.assertEqual(
                        job.column_ids.mapped("target_id.field_name"), self.env[model].with_user(
                            self.role(role))._import_field_names())

    def test_nonsense(self):
        """A row of nonsense in every column is refused cell by cell, in Chinese, by every kind of data."""
        for model in self.models("data_steward"):
            jobs = self.env["ctsp.import.job"].with_user(self.role("data_steward")).with_context(lang="zh_CN")
            paths = self.env[model].with_user(self.role("data_steward"))._import_field_names()
            with self.subTest(model=model):
                job = jobs.create({"res_model": model, "file": base64.b64encode(
                    xlsx(paths, ["胡言\u2028乱语"] * len(paths))), "file_name": "a.xlsx", "mode": "good"})
                job.action_read()
                before = self.env[model].search_count([])
                job.action_test()
                row = job.row_ids
                self.assertEqual((len(row), self.env[model].search_count([])), (1, before))
                self.assertNotRegex(row.message or "", r"(?i)\b(the|is not|cannot|invalid|error)\b|Traceback")

    def test_a_file_is_no_way_around_rights(self):
        """Whoever may not create a kind of data is not offered it, and is refused when he asks for it."""
        jobs = self.env["ctsp.import.job"].with_user(self.role("planner")).with_context(lang="zh_CN")
        for model in EXPECTED:
            with self.subTest(model=model), self.assertRaises(UserError), self.env.cr.savepoint():
                jobs.create({
                    "res_model": model, "file": base64.b64encode(xlsx(["名称"], ["甲"])), "file_name": "a.xlsx",
                }).action_read()
