import base64
import io
import json
import uuid

from PIL import Image

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged

from odoo.addons.ctsp_base.tests import damaging
from odoo.addons.ctsp_base.tools import digest

from ..tools import media
from .common import InspectionCase


def photo(width=640, height=480, kind="JPEG", taken=None):
    """Return the bytes of a picture, with a camera time when given."""
    stream, image = io.BytesIO(), Image.new("RGB", (width, height), (90, 140, 200))
    exif = Image.Exif()
    if taken:
        exif[0x0132] = taken
    image.save(stream, kind, exif=exif)
    return stream.getvalue()


class EvidenceCase(InspectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.inspection = cls.begun()
        cls.line = cls.inspection.line_ids[2]

    @classmethod
    def take_in(cls, content=None, name="现场.jpg", user=None, **values):
        model = cls.env["ctsp.inspection.evidence"].with_user(user or cls.inspector)
        row = model.intake(cls.inspection.id, {
            "file_name": name, "data": base64.b64encode(photo() if content is None else content),
            "line_id": cls.line.id, **values})
        return model.browse(row["id"])


@tagged("post_install", "-at_install")
class TestEvidence(EvidenceCase):
    """Intake, digest, watermark, limits, and that nothing changes afterwards."""

    def test_intake(self):
        """The original is kept byte by byte with its SM3; the shown copy differs; times and place are noted."""
        content = photo(taken="2026:03:02 09:30:00")
        row = self.take_in(
            content, latitude=31.2304, longitude=121.4737, place="药房", taken_at="2026-03-02 01:31:00")
        self.assertEqual(base64.b64decode(row.data), content)
        self.assertEqual((row.digest, row.size, row.kind), (digest.sm3(content), len(content), "photo"))
        self.assertEqual(str(row.exif_taken_at), "2026-03-02 09:30:00")
        self.assertEqual(row.author_id, self.inspector)
        shown = Image.open(io.BytesIO(base64.b64decode(row.shown)))
        self.assertGreater(shown.height, 480, "the watermark stands below the picture")
        self.assertLessEqual(max(Image.open(io.BytesIO(base64.b64decode(row.thumbnail))).size), 256)

    def test_damaged(self):
        """A damaged picture is refused for its content or its size, or shown as far as it can be read."""
        for kind, name in (("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp")):
            for content in damaging.turned(photo(16, 12, kind, taken="2026:03:02 09:30:00"), 5):
                media.exif_taken(content)
                for read, arguments in ((media.kind, (name, content)), (media.watermarked, (content, ["甲"]))):
                    try:
                        read(*arguments)
                    except ValueError as error:
                        self.assertIn(str(error), ("content", "pixels", "empty"))

    def test_watermark_says(self):
        """Server time, place, number and inspector stand on the shown copy, in type that has Chinese letters."""
        lines = self.env["ctsp.inspection.evidence"]._watermark({
            "inspection_id": self.inspection.id, "author_id": self.inspector.id,
            "received_at": self.env.cr.now(), "place": "药房", "latitude": 31.2304, "longitude": 121.4737})
        text = "".join(lines)
        for part in (self.inspection.number, self.inspector.name, "药房", "31.23040", self.a.name):
            self.assertIn(part, text)
        self.assertIn("Noto", media._font(20).path, "without this font Chinese letters would be boxes")

    def test_large_photo(self):
        """A photo of twelve megapixels is shown small; the original stays."""
        content = photo(4000, 3000)
        row = self.take_in(content)
        shown = Image.open(io.BytesIO(base64.b64decode(row.shown)))
        self.assertEqual(shown.width, 1600)
        self.assertEqual(row.digest, digest.sm3(content))
        row.invalidate_recordset()
        self.assertEqual(digest.sm3(base64.b64decode(row.data)), row.digest, "not made smaller")

    def test_refused(self):
        """Wrong type, wrong content, empty, too large, path in the name, damaged: each with a sentence."""
        executable = b"MZ" + b"\0" * 100
        for name, content in (
                ("a.exe", executable), ("a.jpg", executable), ("a.png", photo()), ("a.jpg", b""),
                ("../a.jpg", photo()), ("a.pdf", photo()), ("a.m4a", b"x" * 50), ("a", photo()), ("", photo()),
                ("a.svg", b"<svg/>"), ("a.webp", b"RIFF0000WEBP"), ("a.html", b"<html/>"), ("a.jpg", photo()[:200]),
                ("a.jpg", b"\xff\xd8\xff" + b"\0" * (media.LIMIT_MIB << 20))):
            with self.subTest(name), self.assertRaises(ValidationError):
                self.take_in(content, name)
        with self.assertRaises(ValidationError):
            self.env["ctsp.inspection.evidence"].with_user(self.inspector).intake(
                self.inspection.id, {"file_name": "a.jpg", "data": "&&&"})

    def test_accepted(self):
        """Other photos, documents and voice notes."""
        for name, content, kind in (
                ("a.PNG", photo(kind="PNG"), "photo"), ("a.webp", photo(kind="WEBP"), "photo"),
                ("a.pdf", b"%PDF-1.4\n%%EOF\n", "file"), ("a.webm", b"\x1a\x45\xdf\xa3" + b"\0" * 20, "voice"),
                ("a.m4a", b"\0\0\0\x20ftypM4A " + b"\0" * 20, "voice")):
            with self.subTest(name):
                self.assertEqual(self.take_in(content, name).kind, kind)

    def test_sent_twice(self):
        """An upload sent again is taken in once."""
        operation = str(uuid.uuid4())
        self.assertEqual(self.take_in(operation=operation), self.take_in(operation=operation))

    def test_found_out_not_told(self):
        """Digest, author and time of receipt cannot be given, nor changed afterwards."""
        row = self.take_in()
        for values in (
                {"digest": "0" * 64}, {"author_id": self.second.id}, {"received_at": "2020-01-01"}, {"shown": b"x"}):
            with self.assertRaises(AccessError):
                self.take_in(**values)
            with self.assertRaises(AccessError):
                row.write(values)
        for values in ({"data": base64.b64encode(photo())}, {"taken_at": "2020-01-01"}, {"line_id": False}):
            with self.assertRaises(AccessError):
                row.write(values)

    def test_whose(self):
        """Who took it in, or the leader, takes it away; another member does not; after handing in nobody."""
        row, other = self.take_in(user=self.second), self.take_in()
        with self.assertRaises(AccessError):
            other.with_user(self.second).unlink()
        digest_of_it = row.digest
        row.with_user(self.inspector).unlink()
        logged = self.env["ctsp.audit.event"].search([("event", "=", "evidence.delete")], limit=1)
        self.assertEqual(logged.user_id, self.inspector)
        self.assertIn(digest_of_it, str(logged.detail), "what was taken away can still be named")
        self.inspection._set_state("submitted", "test")
        for act in (other.unlink, lambda: other.write({"note": "x"}), self.take_in):
            with self.assertRaises(UserError):
                act()

    def test_of_another_inspection(self):
        """Evidence is not put on a clause of another inspection, nor on an inspection one is not on."""
        other = self.begun()
        with self.assertRaises(ValidationError):
            self.take_in(line_id=other.line_ids[0].id)
        with self.assertRaises(AccessError):
            self.take_in(user=self.stranger)
        with self.assertRaises(UserError):
            self.take_in(user=self.planner)


@tagged("post_install", "-at_install")
class TestEvidenceUrls(EvidenceCase, HttpCase):
    """Photos by their address: for who reads the inspection, and for nobody else."""

    FIELDS = ("data", "shown", "thumbnail")

    def statuses(self, row):
        paths = [f"/web/{kind}/ctsp.inspection.evidence/{row.id}/{name}" for name in self.FIELDS
                 for kind in ("content", "image")]
        attachments = self.env["ir.attachment"].sudo().search([
            ("res_model", "=", row._name), ("res_id", "=", row.id), ("res_field", "!=", False)])
        self.assertEqual(len(attachments), 3)
        paths += [f"/web/content/{attachment.id}" for attachment in attachments]
        answers = [self.url_open(path, allow_redirects=False) for path in paths]
        original = base64.b64decode(row.data)
        leaked = [path for path, answer in zip(paths, answers, strict=True) if original[:2000] in answer.content]
        return {answer.status_code for answer in answers}, leaked, [len(answer.content) for answer in answers]

    def as_user(self, user):
        user.sudo().password = user.login
        self.authenticate(user.login, user.login)

    def test_readers(self):
        """The team, a planner, a reviewer and the leader fetch; the bytes are the original's."""
        row = self.take_in(photo(taken="2026:03:02 09:30:00")).sudo()
        for user in (self.inspector, self.second, self.planner, self.reviewer, self.leader):
            with self.subTest(user.login):
                self.as_user(user)
                answer = self.url_open(f"/web/content/ctsp.inspection.evidence/{row.id}/data")
                self.assertEqual((answer.status_code, digest.sm3(answer.content)), (200, row.digest))

    def test_others(self):
        """Another inspector, an officer, the institution's user and nobody in particular get nothing."""
        row = self.take_in(photo(taken="2026:03:02 09:30:00")).sudo()
        for user in (self.stranger, self.officer, self.user_a, None):
            with self.subTest(user and user.login):
                self.authenticate(None, None) if user is None else self.as_user(user)
                _statuses, leaked, _sizes = self.statuses(row)
                self.assertFalse(leaked)
                for name in self.FIELDS:
                    answer = self.url_open(
                        f"/web/content/ctsp.inspection.evidence/{row.id}/{name}", allow_redirects=False)
                    self.assertNotEqual(answer.status_code, 200)

    def test_upload(self):
        """The upload route takes in for the team and refuses others, in a sentence, without keeping anything."""
        self.as_user(self.inspector)
        address = f"/ctsp/inspection/{self.inspection.id}/evidence"

        def send(content, name="现场.jpg", **values):
            token = self.csrf_token()
            return self.url_open(address, data={"csrf_token": token, "line_id": self.line.id, **values},
                                 files={"file": (name, content)})

        answer = send(photo(), operation=str(uuid.uuid4()))
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(json.loads(answer.text)["digest"], digest.sm3(photo()))
        answer = send(b"MZ", "a.jpg")
        self.assertEqual(answer.status_code, 400)
        self.assertIn("a.jpg", json.loads(answer.text)["error"])
        self.assertEqual(send(photo(), line_id="x").status_code, 400)
        self.assertEqual(len(self.inspection.evidence_ids), 1)
        self.as_user(self.stranger)
        self.assertEqual(send(photo()).status_code, 403)
        self.assertEqual(len(self.inspection.evidence_ids), 1)

    def csrf_token(self):
        from odoo import http
        return http.Request.csrf_token(self)
