import io

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .import_common import ImportCase, gbk


@tagged("post_install", "-at_install")
class TestImportDictionary(ImportCase):
    """Dictionaries, disciplines and districts come from files, with what they belong to."""

    def test_items_of_several_dictionaries(self):
        """Items are known by dictionary and code; the dictionary by its code or name; a second file changes nothing."""
        self.imported("ctsp.dictionary", ["代码", "名称"], ["t_one", "导入字典甲"], ["t_two", "导入字典乙"])
        rows = [["所属字典", "代码", "名称", "标记"], ["t_one", "a", "甲项", "senior"],
                ["导入字典乙", "a", "乙项", None]]
        job = self.imported("ctsp.dictionary.item", *rows)
        self.assertEqual(self.counts(job), (2, 0, 0, 0))
        self.assertEqual(self.env["ctsp.dictionary.item"]._item("t_one", "a").mark, "senior")
        self.assertEqual(self.counts(self.tried("ctsp.dictionary.item", *rows)), (0, 0, 2, 0))
        rows[1][2] = "甲项（改）"
        self.assertEqual(self.imported("ctsp.dictionary.item", *rows).row_ids.difference, "名称：甲项 → 甲项（改）")

    def test_parents_of_the_same_file(self):
        """A row may belong to a row below it, is created after it, and both go again with the undo."""
        self.imported("ctsp.dictionary", ["代码", "名称"], ["t_tree", "导入树"])
        job = self.imported(
            "ctsp.dictionary.item", ["字典", "上级", "代码", "名称"],
            ["t_tree", "上层", "c", "下层"], ["t_tree", None, "p", "上层"], ["t_tree", "c", "g", "再下层"])
        item = self.env["ctsp.dictionary.item"]._item
        self.assertEqual(item("t_tree", "c").parent_id, item("t_tree", "p"))
        self.assertEqual(item("t_tree", "g").parent_id, item("t_tree", "c"))
        job.action_undo()
        self.assertEqual(set(job.row_ids.mapped("undo_state")), {"removed"})
        self.assertFalse(item("t_tree", "p"))

    def test_parents_that_cannot_be(self):
        """Rows in a circle and rows below a bad one are refused by name; the others would come in."""
        self.imported("ctsp.dictionary", ["代码", "名称"], ["t_bad", "坏树"])
        job = self.tried(
            "ctsp.dictionary.item", ["字典", "代码", "名称", "上级"],
            ["t_bad", "a", "甲", "b"], ["t_bad", "b", "乙", "a"], ["t_bad", "x", None, None],
            ["t_bad", "y", "丁", "x"], ["t_bad", "z", "戊", None], ["t_bad", "u", "己", "没有的"])
        reasons = self.reasons(job)
        self.assertEqual(sorted(reasons), [2, 3, 4, 5, 7])
        self.assertIn("第 3 行", reasons[2])
        self.assertEqual(reasons[4], "名称：必填")
        self.assertIn("第 4 行", reasons[5])
        self.assertIn("没有的", reasons[7])
        self.assertEqual(job.new_count, 1)

    def test_disciplines(self):
        """诊疗科目 of two levels in one GBK file, under the headers such lists carry."""
        job = self.job("ctsp.discipline", gbk(
            ["诊疗科目代码", "诊疗科目", "上级科目"], ["97", "示例科", None], ["97.01", "示例专业", "97"]), "科目.csv")
        job.action_test()
        job.action_run()
        found = self.env["ctsp.discipline"].search([("code", "=", "97.01")])
        self.assertEqual((job.state, found.complete_name), ("done", "示例科-示例专业"))

    def test_districts(self):
        """A district's code has six digits; one of the same name elsewhere is another one."""
        job = self.tried(
            "ctsp.district", ["区划代码", "区划名称", "经度", "纬度"], ["320106", "鼓楼区", 118.77, 32.06],
            ["410204", "鼓楼区", None, None], ["3201", "短区", None, None], ["32010x", "错区", "东经", None])
        reasons = self.reasons(job)
        self.assertEqual((job.new_count, sorted(reasons)), (2, [4, 5]))
        self.assertIn("六位", reasons[4])
        self.assertIn("标注点经度：", reasons[5])

    def test_template(self):
        """The template names the columns in Chinese, and comes back as it is without a row."""
        jobs = self.env["ctsp.import.job"].with_user(self.role("data_steward")).with_context(lang="zh_CN")
        name, content = jobs._template_file("ctsp.dictionary.item")
        book = openpyxl.load_workbook(io.BytesIO(content))
        heads = [cell.value for cell in book.active[1]]
        self.assertEqual(heads, ["字典 *", "代码 *", "名称 *", "上级", "特征标记", "次序", "备注"])
        self.assertTrue(name.endswith(".xlsx"))

    def test_results_are_no_defaults(self):
        """What the engine writes down cannot be sent along with a new import, the form's own values can."""
        jobs = self.env["ctsp.import.job"].with_user(self.role("data_steward"))
        job = jobs.with_context(
            default_state="done", default_new_count=7, default_pending="undo", default_job_state="queued",
            default_user_id=self.env.ref("base.user_admin").id, default_imported_at="2020-01-01 00:00:00",
            default_row_ids=[Command.create({"number": 1})], default_notice="x", default_res_model="ctsp.district",
        ).create({})
        self.assertEqual(
            (job.state, job.new_count, job.pending, job.job_state, job.user_id, job.notice, job.res_model),
            ("upload", 0, False, "idle", jobs.env.user, False, "ctsp.district"))
        self.assertFalse(job.imported_at or job.row_ids)

    def test_rights(self):
        """Stewards and filing officers keep dictionaries; whoever may only read them imports nothing."""
        self.assertTrue(self.job("ctsp.district", gbk(["代码", "名称"], ["310199", "甲"]), "a.csv",
                                 user=self.role("filing_officer")))
        for role, refusal in (("leader", AccessError), ("planner", UserError)):
            with self.subTest(role=role), self.assertRaises(refusal), self.env.cr.savepoint():
                self.job("ctsp.district", gbk(["代码", "名称"], ["310199", "甲"]), "a.csv", user=self.role(role))
