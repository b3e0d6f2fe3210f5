import base64
import io
import os
import zipfile
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.ctsp_base.models import progress

from .common import DocumentCase

MANY = int(os.environ.get("CTSP_BATCH", "21"))  # the drill: CTSP_BATCH=100 scripts/test ctsp_test_document:TestBatch


@tagged("post_install", "-at_install")
class TestBatch(DocumentCase):

    def package(self, action):
        batch = self.env["ctsp.document.batch"].with_user(self.inspector).search([], limit=1)
        self.assertIn(f"/{batch.id}/", action["url"])
        return batch, zipfile.ZipFile(io.BytesIO(base64.b64decode(batch.with_context(bin_size=False).data)))

    def test_zip(self):
        """Final papers go in as they are stored, drafts with their mark; names can be read; the owner alone gets it."""
        final, draft = self.final(), self.draft()
        batch, package = self.package((final + draft).action_batch())
        names = package.namelist()
        self.assertIn(final.file_name, names)
        self.assertTrue(final.file_name.startswith("沪药检〔"))
        self.assertEqual(package.read(final.file_name), base64.b64decode(final.with_context(bin_size=False).data))
        self.assertEqual(len(names), 2)
        with self.assertRaises(AccessError):
            batch.with_user(self.reviewer).action_download()

    def test_foreign_papers(self):
        """Nobody packs papers he may not read."""
        document = self.final()
        other = new_test_user(self.env, "batch_inspector", groups="ctsp_base.group_inspector")
        with self.assertRaises(AccessError):
            document.with_user(other).action_batch()
        with self.assertRaises(UserError):
            document.browse().action_batch()

    def test_finalise(self):
        """A package can make drafts final; what is not complete stays a draft and is named."""
        ready, unsigned = self.signed(self.draft()), self.draft()
        batch, package = self.package((ready + unsigned).action_batch(finalise=True))
        self.assertEqual((ready.state, unsigned.state), ("final", "draft"))
        self.assertIn(unsigned.record_name, batch.failures)
        self.assertEqual(len(package.namelist()), 2)

    def test_many_in_the_background(self):
        """A large package is queued, the bar counts every paper, the zip holds them all under names of their own."""
        records = self.env["ctsp.test.papered"].with_user(self.inspector).create([
            {"name": f"示例第{number}医院（示例）", "text": "第一条：符合", "partner_id": self.company.id}
            for number in range(1, MANY + 1)])
        drafts = self.env["ctsp.document"].concat(*[self.draft(record) for record in records])
        batch = self.env["ctsp.document.batch"].browse(drafts.action_batch()["res_id"])
        self.assertEqual((batch.job_state, batch.count, batch.data), ("queued", MANY, False))
        shown = []
        bar = type(self.env["ctsp.progress"])
        with patch.object(progress, "WRITE_INTERVAL", 0), patch.object(
                bar, "_publish", lambda _self, _number, values: shown.append(values) and False):
            self.run_queue()
        self.assertEqual([row["done"] for row in shown[:-1]], list(range(1, MANY + 1)))
        self.assertEqual({row["total"] for row in shown}, {MANY})
        self.assertEqual((shown[-1]["state"], batch.job_state), ("done", "done"))
        self.assertIn(f"/{batch.id}/", shown[-1]["result_action"]["url"])
        package = zipfile.ZipFile(io.BytesIO(base64.b64decode(batch.with_context(bin_size=False).data)))
        self.assertIsNone(package.testzip())
        self.assertEqual(len(set(package.namelist())), MANY)
        self.assertTrue(all(package.read(name).startswith(b"%PDF") for name in package.namelist()))

    def run_queue(self):
        """Run the scheduled action of the queue as Odoo does."""
        self.registry_enter_test_mode()
        self.env.flush_all()
        with self.registry.cursor() as cr:
            self.env(cr=cr, user=1)["ctsp.job.mixin"]._cron_run()
        self.env.invalidate_all()
