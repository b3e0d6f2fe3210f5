import base64
import os
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.ctsp_crypto.models.ir_attachment import SEALED
from odoo.addons.ctsp_crypto.tools import files
from odoo.addons.ctsp_crypto.tools.failure import CryptoAltered

from .common import SecretCase

CONTENT = "身份证号 11010119900307765X, plain enough to be indexed".encode()


@tagged("post_install", "-at_install")
class TestEncryptedFiles(SecretCase):
    """Files of our models lie encrypted; everything that shows them shows them as ever."""

    def attach(self, content=CONTENT, model="ctsp.test.secret", **more):
        return self.env["ir.attachment"].create({
            "name": "a.txt", "raw": content, "res_model": model, "res_id": self.secret.id, **more})

    def on_disk(self, attachment):
        self.env.flush_all()
        with open(attachment._full_path(attachment.store_fname), "rb") as stream:
            return stream.read()

    def test_stored_encrypted(self):
        made = self.attach()
        self.assertNotIn(b"11010119900307765X", self.on_disk(made))
        self.assertTrue(files.is_sealed(made.store_fname))
        self.assertFalse(made.index_content)
        self.assertEqual(made.file_size, len(CONTENT))
        self.assertEqual(made.mimetype, "text/plain")
        self.assertNotEqual(made.checksum, self.env["ir.attachment"]._compute_checksum(CONTENT))
        self.env.invalidate_all()
        self.assertEqual(made.raw, CONTENT)
        self.assertEqual(base64.b64decode(made.datas), CONTENT)

    def test_kept_whatever_sizes_are_shown(self):
        """Whoever reads sizes in place of contents (`bin_size`) keeps the content none the less, encrypted once."""
        attachments, calls = type(self.env["ir.attachment"]), []
        write = attachments._file_write

        def counted(model, content, checksum):
            calls.append(content)
            return write(model, content, checksum)

        for name, value in (("raw", CONTENT), ("datas", base64.b64encode(CONTENT))):
            with self.subTest(name), patch.object(attachments, "_file_write", counted):
                calls.clear()
                made = self.env["ir.attachment"].with_context(bin_size=True).create({
                    "name": "a.txt", name: value, "res_model": "ctsp.test.secret", "res_id": self.secret.id})
                self.env.invalidate_all()
                self.assertEqual(calls, [CONTENT])
                self.assertTrue(files.is_sealed(made.store_fname))
                self.assertEqual((made.file_size, made.with_context(bin_size=False).raw), (len(CONTENT), CONTENT))
        made = made.with_context(bin_size=True)
        made.raw = b"other"
        self.env.invalidate_all()
        self.assertEqual((made.file_size, made.with_context(bin_size=False).raw), (5, b"other"))

    def test_others_stay_clear(self):
        """What belongs to no model of ours is Odoo's matter: assets, pictures of companies."""
        made = self.attach(model="res.partner", res_id=self.env.user.partner_id.id)
        self.assertEqual(self.on_disk(made), CONTENT)

    def test_mixed_creation_keeps_order(self):
        made = self.env["ir.attachment"].create([
            {"name": "1", "raw": b"1", "res_model": "ctsp.test.secret", "res_id": self.secret.id},
            {"name": "2", "raw": b"2"},
            {"name": "3", "raw": b"3", "res_model": "ctsp.test.secret", "res_id": self.secret.id},
        ])
        self.assertEqual(made.mapped("name"), ["1", "2", "3"])
        self.assertEqual([files.is_sealed(one.store_fname) for one in made], [True, False, True])

    def test_equal_files_are_stored_once(self):
        self.assertEqual(self.attach().store_fname, self.attach().store_fname)

    def test_written_and_copied(self):
        made = self.attach()
        before = made.store_fname
        made.raw = b"other"
        self.assertNotEqual(made.store_fname, before)
        self.assertTrue(files.is_sealed(made.store_fname))
        self.assertEqual(made.copy().raw, b"other")

    def test_empty_and_large(self):
        """From nothing to several pieces, to the byte."""
        for size in (1, files.PIECE - 1, files.PIECE, files.PIECE + 1, 2 * files.PIECE + 7):
            content = os.urandom(16) * (size // 16 + 1)
            made = self.attach(content[:size])
            self.env.invalidate_all()
            self.assertEqual(made.raw, content[:size])
        self.assertEqual(self.attach(b"").raw or b"", b"")

    def test_altered(self):
        """A file that was altered, cut, lengthened or exchanged does not open."""
        made, other = self.attach(os.urandom(files.PIECE + 50)), self.attach(b"other")
        good = self.on_disk(made)
        path = made._full_path(made.store_fname)
        changes = (good[:-1] + b"x", good[:-1], good + b"x", good[:files.HEAD.size + files.PIECE + files.OVERHEAD],
                   self.on_disk(other), b"CTSPF1", b"\0" * 40)
        for stored in changes:
            files.write(path, stored)
            self.env.invalidate_all()
            with self.subTest(stored[:20]), self.assertRaises(CryptoAltered):
                made.mapped("raw")
        files.write(path, good)

    def test_moved_to_a_model_of_ours(self):
        """A draft's file that is attached to a record of ours is encrypted then."""
        made = self.attach(model=False, res_id=False)
        self.assertFalse(files.is_sealed(made.store_fname))
        made.write({"res_model": "ctsp.test.secret", "res_id": self.secret.id})
        self.assertTrue(files.is_sealed(made.store_fname))
        self.assertFalse(made.index_content)
        self.assertEqual(made.raw, CONTENT)

    def test_existing_files(self):
        """What an older release left in clear is encrypted, and its clear file goes."""
        made = self.attach(model=False, res_id=False)
        self.env.cr.execute(
            "UPDATE ir_attachment SET res_model = 'ctsp.test.secret', res_id = %s WHERE id = %s",
            [self.secret.id, made.id])
        self.env.invalidate_all()
        clear = made._full_path(made.store_fname)
        self.env["ir.attachment"]._crypto_encrypt_waiting(commit=lambda: None)
        self.env.invalidate_all()
        self.assertTrue(files.is_sealed(made.store_fname))
        self.assertFalse(made.index_content)
        self.assertEqual(made.raw, CONTENT)
        self.assertFalse(os.path.exists(clear))
        self.assertNotIn(made.id, self.env["ir.attachment"]._crypto_clear_ids())

    def test_rotation(self):
        content = os.urandom(99)  # of no other test: the new key is rolled back, the file stays
        made = self.attach(content)
        before = self.on_disk(made)
        self.env["ctsp.crypto.key"]._rotate(f"data/{files.PURPOSE}")
        self.assertEqual(made._file_read(made.store_fname), content)
        last, done = 0, 0
        while last is not None:
            count, broken, last = self.env["ir.attachment"]._crypto_rewrap(last)
            done += count
            self.assertFalse(broken)
        self.assertTrue(done)
        self.assertNotEqual(files.head(before)[0], files.head(self.on_disk(made))[0])
        self.assertEqual(made._file_read(made.store_fname), content)

    def test_stored_anew(self):
        """Content whose file does not open any more is stored anew when it comes again."""
        content = os.urandom(99)
        made = self.attach(content)
        files.write(made._full_path(made.store_fname), b"CTSPF1 nonsense")
        self.assertEqual(self.attach(content).store_fname, made.store_fname)
        self.env.invalidate_all()
        self.assertEqual(made.raw, content)

    def test_context_from_outside(self):
        """The switch is an object that no caller can send."""
        self.assertEqual(self.env["ir.attachment"].with_context(crypto_file=str(SEALED))._compute_checksum(b""),
                         self.env["ir.attachment"]._compute_checksum(b""))
