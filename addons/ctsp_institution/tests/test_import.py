from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.ctsp_base.tests.import_common import ImportCase, gbk

from .common import RegistryCase

NUMBER = "药临床机构备字2099000001"
HOME = "示例第一医院（示例）"
PERSON = "张示例（示例）"


class Bar:
    """Progress that nobody watches."""

    def step(self, n=1, message=None):
        pass


@tagged("post_install", "-at_install")
class TestImport(ImportCase, RegistryCase):
    """What belongs to institutions and people comes from files; parents are found by the words of the trade."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._institution("示例第二医院（示例）", "药临床机构备字2099000002", uscc="12310000425006790X")
        cls.namesake = cls.env["ctsp.person"].create({
            "name": PERSON, "institution_id": cls.second.id, "practice_no": "PR-2"})
        cls.end_transaction()

    def test_licences(self):
        """The institution is found by name, 备案号 or 信用代码; kind and number tell licences of one apart."""
        rows = [
            ["机构名称", "证照种类", "证照编号", "发证机关", "有效期至"],
            [HOME, "医疗机构执业许可证", "L-1", "示例局", "2030年1月1日"],
            ["12310000425006790X", "医疗机构执业许可证", "L-1", None, 47484],
            [NUMBER, "医疗机构执业许可证", "L-2", None, None]]
        job = self.imported("ctsp.licence", *rows)
        self.assertEqual((job.new_count, len(self.institution.licence_ids)), (3, 2))
        self.assertEqual(self.counts(self.tried("ctsp.licence", *rows)), (0, 0, 3, 0))
        job.action_undo()
        self.assertFalse(self.institution.licence_ids | self.second.licence_ids)

    def test_versions_name_their_own_import(self):
        """Two imports and a correction in one transaction: each version names what caused it."""
        head = ["机构名称", "证照种类", "证照编号"]
        first = self.imported("ctsp.licence", head, [HOME, "医疗机构执业许可证", "L-1"])
        second = self.imported("ctsp.licence", head, ["示例第二医院（示例）", "医疗机构执业许可证", "L-2"])
        third = self._institution("示例第三医院（示例）", "药临床机构备字2099000003")
        third.address = "上海市示例路3号"
        self.end_transaction()
        origins = [home._latest_version() for home in (self.institution, self.second, third)]
        self.assertEqual(
            [(version.kind, version.origin_id) for version in origins],
            [("import", first.id), ("import", second.id), ("correction", 0)])
        with self.assertRaises(UserError):  # an import explains itself, nothing after it
            self.second.with_user(self.role("data_steward")).address = "上海市示例路4号"

    def test_former_names(self):
        job = self.imported(
            "ctsp.institution.former.name", ["现用名", "曾用名", "停用日期"], [HOME, "旧名", "2001-01-01"])
        self.assertEqual((job.new_count, self.institution.former_names), (1, "旧名"))

    def test_people_of_one_name(self):
        """A person is looked up in the row's institution; without it the name must be the only one."""
        head = ["姓名", "GCP证书编号", "培训日期", "机构名称"]
        job = self.imported("ctsp.person.gcp", head, [PERSON, "G1", "2024-01-01", HOME],
                            [PERSON, "G2", "2024-02-01", "示例第二医院（示例）"], ["PR-2", "G3", "2024-03-01", None])
        self.assertEqual(self.person.gcp_ids.mapped("certificate_no"), ["G1"])
        self.assertEqual(sorted(self.namesake.gcp_ids.mapped("certificate_no")), ["G2", "G3"])
        self.assertEqual(job.new_count, 3)
        job = self.tried("ctsp.person.gcp", head, [PERSON, "G4", "2024-01-01", None],
                         ["张示", "G5", "2024-01-01", HOME],
                         ["张三", "G6", "2024-01-01", "没有的医院"], [PERSON, None, "2026-02-30", HOME])
        reasons = self.reasons(job)
        self.assertIn("还需填写：机构", reasons[2])
        self.assertIn(f"在“{HOME}”中未找到", reasons[3])
        self.assertIn(PERSON, reasons[3], "what is near is suggested")
        self.assertTrue(reasons[4].startswith("机构："))
        self.assertNotIn("人员", reasons[4], "what was looked up in the unknown is not refused again")
        self.assertIn("证书编号：必填", reasons[5])
        self.assertIn("2026-02-30", reasons[5])

    def test_posts(self):
        """A post without a beginning is found again, and is not one that began on a day."""
        rows = [["机构", "人员", "岗位", "起始日期", "截止日期"],
                [HOME, PERSON, "机构负责人", None, None], [HOME, PERSON, "机构负责人", "2020-01-01", "2021-01-01"],
                [HOME, PERSON, "主要研究者", "2022-01-01", "2021-01-01"]]
        job = self.tried("ctsp.person.post", *rows)
        self.assertEqual((job.new_count, list(self.reasons(job))), (2, [4]))
        self.assertIn("截止日期", self.reasons(job)[4])
        self.imported("ctsp.person.post", *rows[:3])
        self.assertEqual(self.institution.head_id, self.person)
        self.assertEqual(self.counts(self.tried("ctsp.person.post", *rows[:3])), (0, 0, 2, 0))

    def test_experience(self):
        """Trials a person took part in, with their proofs, count for the requirements on investigators."""
        job = self.job("ctsp.person.experience", gbk(
            ["机构名称", "姓名", "试验名称", "登记号", "承担角色", "证明材料"],
            [HOME, PERSON, "示例试验一", "CTR20990001", "主要研究者", "批件或通知书、授权分工表"],
            [HOME, PERSON, "示例试验二", None, "主要研究者", None],
            [HOME, PERSON, "示例试验三", "CTR99", "主要研究者", "不存在的证明"]), "经历.csv", mode="good")
        job.action_test()
        reasons = self.reasons(job)
        self.assertEqual(list(reasons), [4], reasons)
        self.assertIn("证明材料：", reasons[4])
        job.action_run()
        self.assertEqual((job.state, self.person.experience_count, self.person.proven_trial_count), ("done", 2, 1))

    def test_committee_members(self):
        """Members are looked up in the committee of the row's institution; a person fills in name and sex."""
        self.person.gender = "female"
        job = self.imported(
            "ctsp.ethics.member", ["机构名称", "伦理委员会", "委员", "人员", "委员会职务", "外单位委员"],
            [HOME, self.committee.name, None, PERSON, "主任委员", None],
            [HOME, self.committee.name, "李示例（示例）", None, "委员", "是"])
        self.assertEqual(job.new_count, 2)
        self.assertEqual((self.committee.chair_id.name, self.committee.chair_id.gender), (PERSON, "female"))

    def test_specialties(self):
        """The investigator of a specialty is the one of its own institution."""
        self.imported("ctsp.specialty", ["机构名称", "诊疗科目", "专业名称", "主要研究者"],
                      ["示例第二医院（示例）", "T99", "测试专业乙", PERSON])
        self.assertEqual(self.second.specialty_ids.pi_id, self.namesake)

    def test_people_by_number(self):
        """The identity number tells people of one name apart, and is not overwritten by another's."""
        head = ["机构名称", "姓名", "身份证号"]
        self.imported("ctsp.person", head, [HOME, PERSON, "310101199001011234"])
        self.assertEqual(self.person.id_number, "310101199001011234")
        job = self.tried(
            "ctsp.person", head, [HOME, PERSON, "310101199001011250"], [HOME, "新人", "310101199001011239"])
        self.assertEqual(sorted(self.reasons(job)), [2, 3])
        self.assertIn("公民身份号码", self.reasons(job)[2])
        self.assertIn("公民身份号码", self.reasons(job)[3])

    def test_versions(self):
        """An import makes one version of each institution it touches, and names itself as its origin."""
        before = len(self.institution.version_ids)
        job = self.imported("ctsp.licence", ["机构名称", "证照种类", "证照编号"], [HOME, "医疗机构执业许可证", "V-1"],
                            [HOME, "医疗机构执业许可证", "V-2"])
        self.end_transaction()
        versions = self.institution.version_ids
        self.assertEqual((job.new_count, len(versions)), (2, before + 1))

    def test_rights(self):
        """Only who may create the rows imports them."""
        with self.assertRaises(UserError):
            self.tried("ctsp.licence", ["机构名称", "证照编号"], [HOME, "X"], user=self.role("planner"))

    def test_ten_thousand(self):
        """10,000 certificates of people of 20 institutions: queries grow by the batch, not by the row."""
        people = self.env["ctsp.person"].create([
            {"name": f"示例{number}（示例）", "institution_id": (self.institution, self.second)[number % 2].id}
            for number in range(500)])
        self.end_transaction()
        rows = [[people[number % 500].institution_id.record_no, people[number % 500].name, f"G{number}", "2024-01-01"]
                for number in range(10_000)]
        job = self.job("ctsp.person.gcp", gbk(["备案号", "姓名", "证书编号", "培训日期"], *rows), "many.csv")
        self.assertEqual(job.file_rows, 10_000)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        job._execute_test(Bar())
        queries = self.env.cr.sql_log_count - before
        self.assertEqual(self.counts(job), (10_000, 0, 0, 0))
        self.assertLess(queries, 50 * 60 + 200, "50 batches")
