import gzip
import io
import json
import zipfile

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_exchange.models import exchange_admission
from odoo.addons.ctsp_exchange.tools import signing
from odoo.addons.ctsp_exchange.tools.counted import Counted

from .common import FAILED, PREFIX, OpenApiCase
from .sample_definition import row

TARGET = f"{PREFIX}/datasets/test_trials/submissions?requestId=request-0001"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GOOD = json.dumps([row(1)]).encode()


def bomb():
    """A workbook whose sheet unpacks to a thousand times its size."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (64 << 20))
    return stream.getvalue()


#: what is sent, how it differs from a good request, HTTP status, whether a log of refusals names it
ATTACKS = (
    ("no key at all", {"appKey": ""}, 400, "header_missing"),
    ("unknown key", {"appKey": "k" * 21}, 401, "key_unknown"),
    ("wrong secret", {"secret": "x" * 43}, 401, "signature"),
    ("key with SQL in it", {"appKey": "k' OR '1'='1"}, 400, "header_missing"),
    ("stale time", {"now": 1_700_000_000_000}, 401, "stale"),
    ("time to come", {"now": 4_000_000_000_000}, 401, "stale"),
    ("tampered body", {"sent": GOOD.replace(b"2026", b"2025")}, 401, "signature"),
    ("tampered address", {"asked": TARGET.replace("0001", "0002")}, 401, "signature"),
    ("packed body", {"sent": gzip.compress(GOOD), "Content-Encoding": "gzip"}, 415, None),
    ("zip bomb", {"body": bomb(), "kind": XLSX}, 422, None),
    ("no workbook", {"body": b"PK\x03\x04" + b"\0" * 100, "kind": XLSX}, 422, None),
    ("deep JSON", {"body": b"[" + b'{"title":' * 5000 + b"1" + b"}" * 5000 + b"]"}, 422, None),
    ("deep list", {"body": b"[" * 100_000}, 422, None),
    ("endless number", {"body": b'[{"planned": ' + b"9" * 9000 + b"}]"}, 422, None),
    ("one key twice", {"body": b'[{"ctr_no": 1, "ctr_no": 2}]'}, 422, None),
    ("not UTF-8", {"body": '[{"title": "试验药物"}]'.encode("gbk")}, 422, None),
    ("another charset", {"kind": "application/json; charset=gbk"}, 415, None),
    ("a form", {"body": b"a=1", "kind": "application/x-www-form-urlencoded"}, 415, None),
    ("xml with entities", {"body": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "kind": "application/xml"}, 415, None),
    ("request id with SQL", {"target": TARGET.replace("request-0001", "%27%3B--aaaaaa")}, 400, None),
    ("data set with SQL", {"target": TARGET.replace("test_trials", "x%27%20OR%201%3D1")}, 404, None),
)


@tagged("post_install", "-at_install")
class TestDefence(OpenApiCase):
    """What must not come in: each attack is refused with its status, logged where it is about keys, and writes nothing.

    SSRF through callbacks: ``test_webhook``.
    """

    def attack(self, body=GOOD, secret=None, kind="application/json", target=TARGET, asked=None, **changes):
        """Send a request that is signed for ``target``, to ``asked`` where that is another address."""
        return self.send("POST", target, body, self.key, secret or self.secret, kind, asked=asked, **changes)

    def setUp(self):
        super().setUp()
        self.logged = []
        # every refusal a row: how those of one kind are counted is the exchange's own test
        self.patch(exchange_admission, "REFUSALS", Counted(0))
        self.patch(
            self.env.registry["ctsp.audit.port"], "_log_failure",
            lambda port, event, records=None, **detail: self.logged.append((event, detail["reason"])))

    @mute_logger(*FAILED)
    def test_attacks(self):
        """Each row of the table."""
        for name, changes, status, reason in ATTACKS:
            with self.subTest(name):
                self.logged.clear()
                found, body = self.attack(**changes)
                self.assertEqual(found, status, body)
                self.assertNotEqual(body["code"], 0)
                wanted = [("exchange.refused", reason)] if reason else []
                self.assertEqual(self.logged, wanted, "refused keys are logged")
        self.assertFalse(self.env["ctsp.dataset.submission"].search([("partner_id", "=", self.company.id)]))
        self.assertFalse(self.env["ctsp.dataset.upload"].search([("partner_id", "=", self.company.id)]))

    @mute_logger(*FAILED)
    def test_replayed(self):
        """The very bytes of a good request again are refused: the nonce was used."""
        sent = []
        request = self.opener.request
        self.patch(self.opener, "request", lambda *args, **options: sent.append((args, options)) or request(
            *args, **options))
        self.assertEqual(self.submit([row(1)])[0], 200)
        args, options = sent[0]
        again = request(*args, **options)
        self.assertEqual((again.status_code, again.json()["code"]), (401, 40104))
        self.assertEqual(self.logged, [("exchange.refused", "replayed")])

    @mute_logger(*FAILED)
    def test_too_large(self):
        """More than the limit is refused before it is read."""
        parameter = self.env.ref("ctsp_dataset.parameter_max_megabytes_value")
        parameter.value = "1"
        self.assertEqual(self.attack(body=b"[" + b" " * (1 << 20) + b"]")[0], 413)
        self.assertFalse(self.env["ctsp.dataset.submission"].search([("partner_id", "=", self.company.id)]))

    def test_content_stays_content(self):
        """Formulas and SQL in texts are texts: kept as they came, harmless in what is handed out."""
        evil = ["=cmd|'/c calc'!A0", "'; DROP TABLE x; --", "+1+1", "@SUM(1)"]
        rows = [row(1, title=evil[1]), *(row(number, note=text) for number, text in enumerate(evil, 2))]
        number = self.submit(rows)[1]["data"]["number"]
        submission = self.env["ctsp.dataset.submission"].search([("number", "=", number)])
        self.assertEqual(next(iter(submission._accepted_rows()))[1]["title"], evil[1])
        self.authenticate(self.user.login, f"outside_{self.company.id}")
        report = self.url_open(f"/ctsp/outside/submission/{submission.id}").content.decode("utf-8-sig")
        self.assertIn("'=cmd", report)
        self.assertIn("'+1+1", report)
        self.assertNotIn(",=cmd", report)

    @mute_logger(*FAILED)
    def test_foreign(self):
        """Another institution's receipts, reports, files and replays do not exist for the caller."""
        number = self.submit([row(1)])[1]["data"]["number"]
        upload = self.call("/uploads", {
            "dataset": "test_trials", "requestId": "upload-0001", "contentType": "text/csv", "size": 3,
            "digest": signing.digest(b"a,b")})[1]["data"]["upload"]
        stranger = {"key": self.foreign, "secret": self.foreign_secret}
        for path, method in ((f"/submissions/{number}", "GET"), (f"/submissions/{number}/findings", "GET"),
                             (f"/uploads/{upload}", "GET"), (f"/uploads/{upload}/complete", "POST"),
                             (f"/submissions?before={number}", "GET")):
            self.assertEqual(self.call(path, None if method == "GET" else b"", method=method, **stranger)[0], 404, path)
