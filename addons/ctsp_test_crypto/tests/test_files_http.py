import base64
import io

from PIL import Image

from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.ctsp_crypto.tools import files


@tagged("post_install", "-at_install")
class TestEncryptedFilesOverHttp(HttpCase):
    """Browsers get encrypted files as they get clear ones: whole, in part, as pictures, from their cache."""

    def setUp(self):
        super().setUp()
        new_test_user(self.env, "reader", password="reader-reader-1A", groups="ctsp_base.group_filing_officer")
        stream = io.BytesIO()
        Image.new("RGB", (64, 48), "red").save(stream, "PNG")
        self.picture = stream.getvalue()
        self.secret = self.env["ctsp.test.secret"].create({"name": "A"})
        self.text, self.image = self.env["ir.attachment"].create([
            {"name": "a.txt", "raw": b"0123456789", "res_model": "ctsp.test.secret", "res_id": self.secret.id},
            {"name": "a.png", "raw": self.picture, "res_model": "ctsp.test.secret", "res_id": self.secret.id},
        ])
        self.authenticate("reader", "reader-reader-1A")

    def test_content(self):
        self.assertTrue(files.is_sealed(self.text.store_fname))
        answer = self.url_open(f"/web/content/{self.text.id}?download=1")
        self.assertEqual(answer.content, b"0123456789")
        self.assertEqual(answer.headers["Content-Length"], "10")
        self.assertIn("a.txt", answer.headers["Content-Disposition"])
        part = self.url_open(f"/web/content/{self.text.id}", headers={"Range": "bytes=2-4"})
        self.assertEqual((part.status_code, part.content), (206, b"234"))
        again = self.url_open(f"/web/content/{self.text.id}", headers={"If-None-Match": answer.headers["ETag"]})
        self.assertEqual(again.status_code, 304)

    def test_picture(self):
        answer = self.url_open(f"/web/image/{self.image.id}")
        self.assertEqual(answer.headers["Content-Type"], "image/png")
        self.assertEqual(answer.content, self.picture)
        small = self.url_open(f"/web/image/{self.image.id}/16x12")
        self.assertEqual(Image.open(io.BytesIO(small.content)).size, (16, 12))
        self.assertEqual(base64.b64decode(self.image.datas), self.picture)
