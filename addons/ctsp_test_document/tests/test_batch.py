import base64
import io
import zipfile

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import DocumentCase


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
