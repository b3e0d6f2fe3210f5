from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_base.tests.import_common import ImportCase, gbk, xlsx

from .common import TrialCase

A, B = "示例甲医院（示例）", "示例乙医院（示例）"
PI = "示例研究者（示例）"


@tagged("post_install", "-at_install")
class TestImport(ImportCase, TrialCase):
    """Lines of trials come from files: the trial by its register number, what an institution brings by its names."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one = cls.trial("示例试验一（示例）", ctr_no="CTR20990001")
        cls.two = cls.trial("示例试验二（示例）", (cls.a,), ctr_no="CTR20990002")

    def test_sites(self):
        """Specialty and investigator are those of the row's institution; others are rows with a name only."""
        specialty = self.specialty_a.name
        rows = [["登记号", "备案号", "参加单位", "承担专业", "主要研究者", "角色", "计划例数", "伦理批准日期"],
                ["CTR20990001", A, None, specialty, PI, "组长单位", 20, "2024-01-05"],
                ["CTR20990001", "药临床机构备字2099900002", None, specialty, PI, "参加单位", 10, None],
                ["示例试验一（示例）", None, "外省示例医院（示例）", None, None, "参加单位", None, None]]
        job = self.imported("ctsp.trial.site", *rows)
        sites = self.one.site_ids
        self.assertEqual((job.new_count, sites.mapped("name")), (3, sites.mapped("name")))
        self.assertEqual(set(sites.mapped("name")), {A, B, "外省示例医院（示例）"})
        self.assertEqual(sites.filtered(lambda site: site.institution_id == self.b).pi_id, self.pi_b)
        self.assertEqual(sites.filtered(lambda site: site.institution_id == self.a).owner_partner_id, self.company_a)
        self.assertEqual(self.counts(self.tried("ctsp.trial.site", *rows)), (0, 0, 3, 0))
        job.action_undo()
        self.assertFalse(self.one.site_ids)

    def test_bad_sites(self):
        """Every bad row is named with field and reason: unknown trial, foreign specialty, doubles, a second leader."""
        other = self.env["ctsp.discipline"].create({"code": "T98", "name": "乙独有专业（示例）"})
        self.env["ctsp.specialty"].create({"institution_id": self.b.id, "discipline_id": other.id})
        specialty = self.specialty_a.name
        job = self.tried(
            "ctsp.trial.site", ["登记号", "机构", "承担专业", "角色", "计划入组例数", "启动日期"],
            ["CTR20999999", A, specialty, "参加单位", 1, None], ["CTR20990001", A, "乙独有专业（示例）", None, 1, None],
            ["CTR20990001", A, specialty, "总负责", -1, None],
            ["CTR20990001", B, specialty, "参加单位", 1, "2026-02-30"],
            ["CTR20990002", B, specialty, "参加单位", 1, None], ["CTR20990002", B, specialty, "参加单位", 1, None],
            ["CTR20990002", B, None, "组长单位", 1, None], [None, None, None, None, None, None])
        reasons = self.reasons(job)
        self.assertIn("试验项目：", reasons[2])
        self.assertIn(f"专业：“乙独有专业（示例）”在“{A}”中未找到", reasons[3])
        self.assertIn("角色：", reasons[4])
        self.assertIn("2026-02-30", reasons[5])
        self.assertIn("第 6 行", reasons[7])
        self.assertIn("组长", reasons[8])
        self.assertEqual(job.new_count, 1)

    def test_parties(self):
        job = self.job("ctsp.trial.party", gbk(
            ["登记号", "参与方名称", "参与方角色", "职责"], ["CTR20990001", self.sponsor.name, "申办者", "全部"],
            ["CTR20990001", self.sponsor.name, "数据管理", None], ["CTR20990001", "没有的公司", "申办者", None]),
            "参与方.csv", mode="good")
        job.action_test()
        job.action_run()
        self.assertEqual(self.counts(job), (2, 0, 0, 1))
        self.assertEqual((self.one.sponsor_names, len(self.one.party_ids)), (self.sponsor.name, 2))

    def test_protocols(self):
        """A version belongs to one trial; an ethics approval before the version's own date is refused."""
        head = ["登记号", "方案版本号", "版本日期", "伦理批准日期", "修订内容"]
        job = self.tried("ctsp.trial.protocol", head, ["CTR20990001", "1.0", "2024-01-01", "2023-01-01", None],
                         ["CTR20990001", "2.0", None, None, None], ["CTR20990001", 3, "2024年3月1日", None, "样本量"])
        reasons = self.reasons(job)
        self.assertEqual((sorted(reasons), job.new_count), ([2, 3], 1))
        self.assertIn("版本日期：必填", reasons[3])
        self.imported("ctsp.trial.protocol", head, ["CTR20990001", 3, "2024年3月1日", None, "样本量"])
        self.assertEqual(self.one.protocol_ids.version, "3")

    def test_contracts(self):
        """A contract belongs to one institution in one trial, found by both; of two rows the specialty decides."""
        head = ["登记号", "机构", "合同编号", "签订日期", "合同金额", "签约单位"]
        rows = [head, ["CTR20990002", A, "HT-1", "2024-01-01", "1,000.50", self.sponsor.name]]
        self.imported("ctsp.trial.contract", *rows)
        contract = self.two.contract_ids
        self.assertEqual((contract.amount, contract.institution_id), (1000.5, self.a))
        self.assertEqual(contract.site_id.trial_id, self.two)
        self.assertEqual(self.counts(self.tried("ctsp.trial.contract", *rows)), (0, 0, 1, 0))
        with mute_logger("odoo.sql_db"):
            job = self.tried(
                "ctsp.trial.contract", head, ["CTR20990002", B, "HT-2", "2024-01-01", 1, None],
                ["CTR20990002", A, "HT-3", "2999-01-01", 1, None], ["CTR20990002", A, "HT-4", "2024-01-01", -1, None],
                ["CTR20990002", A, "HT-5", "2024-01-01", "一千", None], [None, None, "HT-6", "2024-01-01", 1, None])
        reasons = self.reasons(job)
        self.assertEqual(sorted(reasons), [2, 3, 4, 5, 6])
        self.assertTrue(reasons[2].startswith("参加机构："), reasons[2])
        self.assertIn(B, reasons[2])
        self.assertIn("金额：", reasons[5])
        self.assertIn("参加机构：必填", reasons[6])
        self.env["ctsp.trial.site"].create({"trial_id": self.two.id, "institution_id": self.a.id})
        job = self.tried("ctsp.trial.contract", *rows)
        self.assertIn("专业", self.reasons(job)[2])

    def test_undo_spares_what_came_later(self):
        """A trial that got lines since its import is archived by the undo, with its lines, and not deleted."""
        job = self.imported("ctsp.trial", ["登记号", "题目"], ["CTR20990008", "导入甲"], ["CTR20990009", "导入乙"])
        first, second = self.env["ctsp.trial"].search(
            [("ctr_no", "in", ("CTR20990008", "CTR20990009"))], order="ctr_no")
        job.sudo().imported_at = "2000-01-01 00:00:00"  # whatever this transaction makes comes after it
        self.env["ctsp.trial.protocol"].create({"trial_id": first.id, "version": "1", "date": "2024-01-01"})
        job.action_undo()
        self.assertEqual((first.active, len(first.protocol_ids), second.exists()), (False, 1, self.env["ctsp.trial"]))

    def test_queries(self):
        """Twenty times the rows do not take twenty times the queries."""
        def queries(count):
            rows = [["CTR20990001", f"外省示例医院{number}", "参加单位"] for number in range(count)]
            job = self.job("ctsp.trial.site", xlsx(["登记号", "参加单位", "角色"], *rows))
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            job.action_test()
            self.assertEqual(self.counts(job), (count, 0, 0, 0))
            return self.env.cr.sql_log_count - before
        few = queries(10)
        self.assertLess(queries(200), few + 60)
