import io
import json

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..controllers import answers
from ..tools import room
from ..tools.readers import rows_of
from .common import FAILED, PREFIX, OpenApiCase
from .sample_definition import DATA, row


@tagged("post_install", "-at_install")
class TestOpenApi(OpenApiCase):
    """What institutions' systems send is checked row by row and receipted; nobody sees another one's."""

    def test_submit(self):
        """Good rows are kept, bad ones named; the receipt and the whole report can be asked for again."""
        status, body = self.submit([row(1), row(2, phase="9"), row(3, colour=1)])
        self.assertEqual((status, body["code"]), (200, 0))
        data = body["data"]
        self.assertEqual((data["state"], data["acceptedRows"], data["refusedRows"]), ("partial", 1, 2))
        self.assertEqual([(item["row"], item["path"]) for item in data["findings"]], [(2, "phase"), (3, "colour")])
        submission = self.env["ctsp.dataset.submission"].search([("number", "=", data["number"])])
        self.assertEqual([number for number, _row in submission._accepted_rows()], [1])
        self.assertEqual(submission.owner_partner_id, self.company)
        self.assertEqual(submission.create_uid, self.env.ref("base.user_root"), "one author, at once or later")
        self.assertEqual(self.call(f"/submissions/{data['number']}")[1]["data"]["score"], data["score"])
        report = self.call(f"/submissions/{data['number']}/findings?offset=1")[1]["data"]
        self.assertEqual((report["total"], [item["path"] for item in report["items"]]), (2, ["colour"]))
        self.assertEqual(self.call("/submissions")[1]["data"]["items"][0]["number"], data["number"])

    def test_logged(self):
        """Every signed call is a row of the log: which key, of whom, what for, how answered; refused ones too."""
        number = self.submit([row(1)])[1]["data"]["number"]
        self.call(f"/submissions/{number}")
        with mute_logger(*FAILED):
            self.call("/submissions/HZ2099-99999999")
        self.env.cr.flush()
        rows = self.env["ctsp.audit.event"].search([("event", "=", "call"), ("login", "=", self.key.key)], order="id")
        self.assertEqual(rows.mapped("success"), [True, True, False])
        self.assertEqual(rows.mapped("model"), ["ctsp.dataset.submission"] * 2 + [False])
        self.assertFalse(rows.user_id)
        for text in ("Hospital A", f"/submissions/{number}"):
            self.assertIn(text, str(rows[1].detail))

    def test_forms(self):
        """One object, NDJSON and csv in GBK are read; an unknown type is told."""
        self.assertEqual(self.submit(row(1))[1]["data"]["rows"], 1)
        lines = "\n".join(json.dumps(row(number)) for number in range(1, 4)).encode()
        self.assertEqual(
            self.submit(lines, "request-0002", kind="application/x-ndjson")[1]["data"]["acceptedRows"], 3)
        table = "登记号,题目,分期\nCTR20260001,某药,Ⅰ期\n".encode("gbk")
        self.assertEqual(self.submit(table, "request-0003", kind="text/csv")[1]["data"]["acceptedRows"], 1)
        self.assertEqual(self.submit(b"x", "request-0004", kind="text/plain")[0], 415)
        self.assertEqual(self.submit(b"{", "request-0005")[0], 422)
        self.assertEqual(self.submit(b"[]", "request-0006")[0], 422)

    def test_twice(self):
        """The same request again has the same receipt; other content under its id is a conflict."""
        first = self.submit([row(1)])[1]["data"]
        again = self.submit([row(1)])[1]["data"]
        self.assertEqual((again["number"], again["duplicate"], first["duplicate"]), (first["number"], True, False))
        self.assertEqual(self.submit([row(2)])[0], 409)
        self.assertEqual(self.env["ctsp.dataset.submission"].search_count([("partner_id", "=", self.company.id)]), 1)

    def test_strangers(self):
        """Institution B finds nothing of institution A: by key, on its desk, by the ORM."""
        number = self.submit([row(1), row(2, phase="9")])[1]["data"]["number"]
        stranger = {"key": self.foreign, "secret": self.foreign_secret}
        self.assertEqual(self.call(f"/submissions/{number}", **stranger)[0], 404)
        self.assertEqual(self.call(f"/submissions/{number}/findings", **stranger)[0], 404)
        self.assertEqual(self.call(f"/submissions?before={number}", **stranger)[0], 404)
        self.assertFalse(self.call("/submissions", **stranger)[1]["data"]["items"])
        submission = self.env["ctsp.dataset.submission"].search([("number", "=", number)])
        self.assertTrue(submission.with_user(self.user).finding_ids)
        for model in ("ctsp.dataset.submission", "ctsp.dataset.finding"):
            self.assertFalse(self.env[model].with_user(self.stranger).search([]))
        with self.assertRaises(AccessError):
            submission.with_user(self.stranger).read(["number"])
        with self.assertRaises(AccessError):
            submission.with_user(self.user).write({"state": "accepted"})
        self.authenticate(self.stranger.login, f"outside_{self.other.id}")
        self.assertEqual(self.url_open(f"/ctsp/outside/submission/{submission.id}").status_code, 404)
        self.authenticate(self.user.login, f"outside_{self.company.id}")
        self.assertIn("分期", self.url_open(f"/ctsp/outside/submission/{submission.id}").content.decode())

    @mute_logger(*FAILED)
    def test_refused(self):
        """Without, with a wrong, an ended or a foreign key, changed or replayed: refused, and nothing is kept."""
        for status, options in (
            (401, {"secret": "x" * 40}), (400, {"sign": ""}), (400, {"nonce": "short"}), (401, {"timestamp": "1" * 13}),
            (401, {"appKey": "k" * 20}),
        ):
            self.assertEqual(self.submit([row(1)], **options)[0], status, options)
        for status, options in ((404, {"path": "/nowhere"}), (405, {"path": "/datasets", "method": "DELETE"})):
            found, answer = self.call(**options)
            self.assertEqual((found, bool(answer["requestId"])), (status, True))
        for path, offered in (("/datasets/none/schema", ["test_trials"]),
                              ("/datasets/test_trials/schema?version=9", [self.version.number])):
            self.assertEqual(self.call(path)[1]["data"]["available"], offered)
        self.assertEqual(self.call("/submissions?self=1&call=2&dataset=%00")[0], 400)
        scoped, secret = self.issue(self.company, dataset_ids=[(5, 0, 0)])
        status, answer = self.submit([row(1)], key=scoped, secret=secret)[:2]
        self.assertEqual((status, answer["code"]), (403, 40302))
        self.assertIn("test_trials", answer["message"], "what it was refused for")
        away, secret = self.issue(self.company, addresses="10.9.9.9")
        self.assertEqual(self.submit([row(1)], key=away, secret=secret)[0], 403)
        self.assertEqual(self.call("/datasets/nothing/submissions?requestId=request-0001", [row(1)])[0], 404)
        self.assertEqual(self.call("/datasets/test_trials/submissions", [row(1)])[0], 400)
        self.assertEqual(self.submit([row(1)], nonce="n" * 20)[0], 401)  # the nonce is signed, too
        self.assertFalse(self.env["ctsp.dataset.submission"].search([("partner_id", "=", self.company.id)]))

    @mute_logger(*FAILED)
    def test_quota(self):
        """More rows a day or requests a minute than the key has are refused with a time to wait."""
        self.key.daily_rows = 2
        self.assertEqual(self.submit([row(1), row(2)])[0], 200)
        status, body = self.submit([row(3)], "request-0002")
        self.assertEqual((status, body["code"], body["data"]["retryAfter"]), (429, 42901, 3600))
        self.key.write({"daily_rows": 1000, "minute_requests": 1})
        self.assertEqual(self.submit([row(3)], "request-0003")[0], 429)
        self.key.write({"daily_rows": 4, "minute_requests": 120})
        self.assertEqual(self.submit([row(3), row(4), row(5)], "request-0003")[0], 429, "two rows are left")

    @mute_logger(*FAILED)
    def test_pace(self):
        """What is refused counts for the pace of its key, and is refused before it is read; other keys go on."""
        self.key.minute_requests = 3
        for number in range(3):
            self.assertEqual(self.submit(b"{", f"request-000{number}")[0], 422)
        noted = self.env["ctsp.dataset.call"].search([("credential_id", "=", self.key.id)])
        self.assertEqual((noted.mapped("status"), set(noted.mapped("is_test"))), ([422] * 3, {False}))
        read = []
        self.patch(answers.exchange, "body", lambda limit: read.append(limit) or b"")
        for options, status in (({}, 429), ({"appKey": "k" * 20}, 401)):
            self.assertEqual(self.submit([row(1)], "request-0009", **options)[0], status)
        self.assertFalse(read)
        self.assertEqual(self.call("/submissions/HZ2099-99999999")[0], 429, "nor is anything looked up for it")
        self.assertEqual(len(self.env["ctsp.dataset.call"].search([("credential_id", "=", self.key.id)])), 3)

    @mute_logger(*FAILED)
    def test_full(self):
        """While as much is worked as may be, who reports is told when to come again, and comes again; others, questions
        and people go on. No institution takes all places."""
        everybody = room.places()
        for whose, count, status, code in (
            (room.ALL, everybody, 503, 50303), (self.company.id, room.own_places(), 429, 42901),
        ):
            with self.at_work(whose, count):
                answered, body = self.submit([row(1)])
                self.assertEqual((answered, body["code"]), (status, code))
                self.assertIn("正在处理", body["message"])
                self.assertEqual(self.told["Retry-After"], str(body["data"]["retryAfter"]))
                self.assertEqual(self.call("/submissions")[0], 200)
                self.authenticate(self.user.login, f"outside_{self.company.id}")
                self.assertEqual(self.url_open(f"/ctsp/outside/dataset/{self.version.id}/schema").status_code, 200)
        self.assertLess(room.own_places(), everybody)
        with self.at_work(self.company.id, room.own_places()):
            stranger = {"key": self.foreign, "secret": self.foreign_secret}
            self.assertEqual(self.submit([row(1)], **stranger)[0], 200, "another institution")
        self.assertFalse(self.env["ctsp.dataset.submission"].search([("partner_id", "=", self.company.id)]))
        self.assertFalse(self.env["ctsp.dataset.call"].search([("credential_id", "=", self.key.id)]))
        self.assertEqual(self.submit([row(1)])[1]["data"]["acceptedRows"], 1)

    @mute_logger(*FAILED)
    def test_accepted_rows(self):
        """Accepted rows are handed out as a table that can be reported again, and that it was taken is logged."""
        number = self.submit([row(1), row(2, phase="9"), row(3, title="=1+1")])[1]["data"]["number"]
        submission = self.env["ctsp.dataset.submission"].search([("number", "=", number)])
        url = f"/ctsp/dataset/submission/{submission.id}/accepted"
        self.authenticate(self.user.login, f"outside_{self.company.id}")
        self.assertEqual(self.url_open(url).status_code, 404)
        logged = []
        self.patch(self.env.registry["ctsp.audit.port"], "_log",
                   lambda port, event, records=None, **detail: logged.append((event, records, detail)))
        self.authenticate(self.reviewer.login, self.reviewer.login)
        self.assertEqual(self.url_open(url).status_code, 403, "a telephone is among the fields")
        self.reviewer.group_ids += self.env.ref("ctsp_base.group_personal_data")
        content = self.url_open(url).content
        self.assertEqual([(event, records.id, detail) for event, records, detail in logged if event == "export"],
                         [("export", submission.id, {"rows": 2})])
        self.assertIn("'=1+1", content.decode("utf-8-sig"))
        found, lenient = rows_of(io.BytesIO(content), "csv", self.version._definition())
        self.assertTrue(lenient)
        self.assertEqual([one["ctr_no"] for one in found], [row(1)["ctr_no"], row(3)["ctr_no"]])

    def test_sandbox(self):
        """A test key's data lie apart: not in the statistics, not among the real ones, never carried on."""
        test_key, secret = self.issue(self.company, is_sandbox=True)
        data = self.submit([row(1)], key=test_key, secret=secret)[1]["data"]
        self.assertTrue(data["test"])
        self.assertFalse(self.call("/submissions")[1]["data"]["items"])
        self.assertEqual(self.submit([row(1)])[1]["data"]["duplicate"], False)
        self.assertEqual(self.env["ctsp.dataset.report"].search_count([("partner_id", "=", self.company.id)]), 1)

    def test_quality(self):
        """The quality of an institution is that of its rows: a large bad submission is not made good by a small one."""
        self.submit([row(1)])
        self.submit([row(number, phase="9") for number in range(1, 10)], "request-0002")
        for model in ("ctsp.dataset.report", "ctsp.dataset.submission"):
            [(score,)] = self.env[model]._read_group(
                [("dataset_id", "=", self.dataset.id)], [], ["score:avg"])
            self.assertEqual(score, 10, model)

    def test_lists(self):
        """Lists of submissions and calls cost as many queries for many rows as for few."""
        self.env["ctsp.dataset.submission"].create([{
            "partner_id": (self.company if number % 2 else self.other).id, "version_id": self.version.id,
            "request_id": f"listed-{number:04d}", "number": f"HZ2098-{number:08d}", "kind": "json", "digest": "0" * 64,
            "state": "accepted", "credential_id": self.key.id} for number in range(12)])
        self.env["ctsp.dataset.call"].create([{
            "partner_id": (self.company if number % 2 else self.other).id, "target": "/", "credential_id": self.key.id,
            "dataset_id": self.dataset.id} for number in range(12)])
        named = {"fields": {"display_name": {}}}
        for model, fields in (("ctsp.dataset.submission", ("number", "state", "applied", "score", "is_test")),
                              ("ctsp.dataset.call", ("target", "status", "message", "is_test"))):
            listed = self.env[model].with_user(self.reviewer)
            asked = {**{name: {} for name in fields}, "owner_partner_id": named, "dataset_id": named}
            costs = []
            for limit in (12, 2, 12):  # the first one warms the caches
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self.assertEqual(len(listed.web_search_read([], asked, limit=limit)["records"]), limit)
                costs.append(self.env.cr.sql_log_count - before)
            self.assertEqual(costs[1], costs[2], model)

    def test_document(self):
        """The OpenAPI document is open to everybody and names what is published."""
        document = self.url_open(f"{PREFIX}/openapi.json").json()
        answers_of = document["paths"][f"{PREFIX}/datasets/test_trials/submissions"]["post"]["responses"]
        self.assertEqual([code for code, one in answers_of.items() if "Retry-After" in one.get("headers", {})],
                         ["429", "503"])
        self.assertEqual(self.call("/datasets")[1]["data"]["items"][0]["code"], "test_trials")
        self.assertIn("rapi-doc", self.url_open(f"{PREFIX}/docs").text)
        self.assertEqual(self.call("/datasets/test_trials/schema")[1]["data"]["x-keys"], DATA["keys"])

    def test_versions(self):
        """Every version that is accepted is documented with its own schema, and rows that name it are checked by it."""
        action = self.version.with_user(self.author).action_next_version()
        newer = self.env["ctsp.dataset.version"].browse(action["res_id"])
        newer.with_user(self.author).all_field_ids.filtered(lambda one: one.code == "title").name = "新题目"
        newer.with_user(self.author).run_transition("submit")
        newer.with_user(self.reviewer).run_transition("publish")
        old, new = self.version.number, newer.number
        document = self.url_open(f"{PREFIX}/openapi.json").json()
        operation = document["paths"][f"{PREFIX}/datasets/test_trials/submissions"]["post"]
        [asked] = [one for one in operation["parameters"] if one["name"] == "version"]
        self.assertEqual((asked["schema"]["enum"], asked["schema"]["default"]), ([new, old], new))
        for number, name, title in ((new, "TestTrials", "新题目"), (old, f"TestTrials_{old}", "题目")):
            self.assertEqual(document["components"]["schemas"][name]["properties"]["title"]["title"], title)
            address = f"/datasets/test_trials/schema?version={number}"
            self.assertIn(address, asked["description"])
            self.assertEqual(self.call(address)[1]["data"]["properties"]["title"]["title"], title)
            self.assertEqual(self.call(
                f"/datasets/test_trials/submissions?requestId=request-{number}&version={number}",
                [row(1)])[1]["data"]["version"], number)
        self.version.with_user(self.reviewer).run_transition("retire", "old")
        document = self.url_open(f"{PREFIX}/openapi.json").json()
        operation = document["paths"][f"{PREFIX}/datasets/test_trials/submissions"]["post"]
        [asked] = [one for one in operation["parameters"] if one["name"] == "version"]
        self.assertEqual(asked["schema"]["enum"], [new])
