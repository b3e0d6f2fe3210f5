import json
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_base.tools.digest import sm3

from ..models import dataset_upload
from .common import FAILED, OpenApiCase
from .sample_definition import row

SIZE = 4000


@tagged("post_install", "-at_install")
class TestUpload(OpenApiCase):
    """A file in parts: broken off and gone on with, put together, received like one that came at once."""

    def setUp(self):
        super().setUp()
        self.patch(dataset_upload, "PART", SIZE)
        self.content = "\n".join(json.dumps(row(number)) for number in range(1, 151)).encode()
        self.pieces = [self.content[start:start + SIZE] for start in range(0, len(self.content), SIZE)]
        self.announced = {
            "dataset": "test_trials", "requestId": "upload-0001", "contentType": "application/x-ndjson",
            "size": len(self.content), "digest": sm3(self.content)}

    def begin(self, **changes):
        return self.call("/uploads", {**self.announced, **changes})

    def part(self, upload, number, content, **options):
        return self.call(f"/uploads/{upload}/parts/{number}", content, method="PUT", kind="application/octet-stream",
                         **options)

    @mute_logger(*FAILED)
    def test_resumed(self):
        """Parts come in any order, twice, after a break; the receipt is that of the whole file."""
        status, body = self.begin()
        self.assertEqual((status, body["data"]["parts"], body["data"]["received"]), (200, len(self.pieces), []))
        upload = body["data"]["upload"]
        self.assertEqual(self.part(upload, 2, self.pieces[1])[0], 200)
        with patch.object(dataset_upload, "take_turns", wraps=dataset_upload.take_turns) as taken:
            self.assertEqual(self.part(upload, 2, self.pieces[1])[0], 200)
        self.assertTrue(taken.called, "the same part at the same moment is kept once")
        self.assertEqual(self.part(upload, 2, b"x" * SIZE)[0], 409)
        self.assertEqual(self.part(upload, 1, b"short")[0], 400)
        self.assertEqual(self.part(upload, 99, b"x")[0], 400)
        self.assertEqual(self.call(f"/uploads/{upload}/complete", b"", method="POST")[0], 409)
        self.assertEqual(self.begin()[1]["data"]["received"], [2])  # begun again: goes on
        self.assertEqual(self.begin(size=5)[0], 409)
        stranger = {"key": self.foreign, "secret": self.foreign_secret}
        self.assertEqual(self.call(f"/uploads/{upload}", **stranger)[0], 404)
        for number in self.call(f"/uploads/{upload}")[1]["data"]["missing"]:
            self.part(upload, number, self.pieces[number - 1])
        status, body = self.call(f"/uploads/{upload}/complete", b"", method="POST")
        self.assertEqual((status, body["data"]["acceptedRows"], body["data"]["duplicate"]), (200, 150, False))
        self.assertTrue(self.call(f"/uploads/{upload}/complete", b"", method="POST")[1]["data"]["duplicate"])
        kept = self.env["ir.attachment"].search_count([("res_model", "=", "ctsp.dataset.upload")])
        self.assertFalse(kept, "parts are thrown away")
        found = self.env["ctsp.dataset.upload"].search([("upload", "=", upload)])
        self.assertEqual(found.submission_id.digest, sm3(self.content))

    @mute_logger(*FAILED)
    def test_refused(self):
        """What is too long, unknown, or not the file that was announced is refused; what nobody finishes goes."""
        limit = self.env["ctsp.parameter"]._get("dataset.max_upload_megabytes") << 20
        for status, changes in ((422, {"size": 0}), (413, {"size": limit + 1}), (404, {"dataset": "nothing"}),
                                (422, {"digest": "x"}), (422, {"contentType": "text/plain"}), (422, {"more": 1})):
            self.assertEqual(self.begin(**changes)[0], status, changes)
        upload = self.begin(digest="0" * 64)[1]["data"]["upload"]
        for number, piece in enumerate(self.pieces, 1):
            self.part(upload, number, piece)
        self.assertEqual(self.call(f"/uploads/{upload}/complete", b"", method="POST")[0], 422)
        self.assertFalse(self.env["ctsp.dataset.submission"].search([("partner_id", "=", self.company.id)]))
        with patch.object(dataset_upload, "OPEN", 1):
            self.assertEqual(self.begin(requestId="upload-0002")[0], 429)
        found = self.env["ctsp.dataset.upload"].search([("upload", "=", upload)])
        found.expires_at = "2020-01-01"
        self.assertEqual(self.call(f"/uploads/{upload}")[0], 404)
        self.env["ctsp.dataset.upload"]._gc_expired()
        self.assertFalse(found.exists())
