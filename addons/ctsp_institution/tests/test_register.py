from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import RegistryCase


@tagged("post_install", "-at_install")
class TestRegister(RegistryCase):
    """The public register of Shanghai, loaded the way a steward loads it."""

    def load(self):
        steward = self.role("data_steward")
        return self.env["ctsp.institution"].with_user(steward)._load_public_register()

    def test_real_file(self):
        """All 74 institutions of 2026-09 come in with their sites, are found by pinyin, and leave one version each."""
        filed = self.env["ctsp.institution"].search([("record_no", "not like", "药临床机构备字2099")])
        jobs = self.load()
        self.assertEqual([(job.new_count + job.unchanged_count, job.bad_count) for job in jobs], [(74, 0), (87, 0)])
        self.end_transaction()
        tongji = self.env["ctsp.institution"].search([("pinyin", "=", "shstjyy")])
        self.assertEqual(tongji.record_no, "药临床机构备字2019000067")
        self.assertEqual(tongji.district_id.code, "310107")
        self.assertEqual(tongji.site_ids.mapped("is_main"), [True])
        if tongji not in filed:
            self.assertEqual((len(tongji.version_ids), tongji.version_ids.kind), (1, "import"))
            self.assertEqual(len(tongji.version_ids.content["children"]["site_ids"]), 1)

    def test_again_changes_nothing(self):
        """A second load finds every row unchanged and makes no version."""
        self.load()
        self.end_transaction()
        versions = self.env["ctsp.institution.version"].search_count([])
        self.assertEqual([job.new_count + job.changed_count for job in self.load()], [0, 0])
        self.end_transaction()
        self.assertEqual(self.env["ctsp.institution.version"].search_count([]), versions)

    def test_bad_row_names_field_and_reason(self):
        """A wrong filing number refuses the file, names row and field, and leaves nothing behind."""
        before = self.env["ctsp.institution"].search_count([])
        content = "备案号,机构名称,备案状态\n药临床机构备字20990,示例坏行医院（示例）,已备案\n".encode()
        job = self.env["ctsp.import.job"].with_user(self.role("data_steward")).with_context(lang="zh_CN")
        with self.assertRaisesRegex(UserError, "备案号"):
            job._load_file("ctsp.institution", content, filename="bad.csv")
        self.assertEqual(self.env["ctsp.institution"].search_count([]), before)

    def test_steward_only(self):
        """An inspector cannot import into the registry."""
        with self.assertRaises(UserError):
            self.env["ctsp.institution"].with_user(self.role("inspector"))._load_public_register()
