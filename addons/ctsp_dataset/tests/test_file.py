import base64
import io
import json

import openpyxl

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_base.tests.desk_common import DeskAttacks, DeskCase

from ..models import dataset_submission_desk
from ..tools import workbook
from .common import FAILED, HEAD, FileCase
from .sample_definition import row, xlsx
from .test_version import DatasetCase


@tagged("post_install", "-at_install")
class TestFile(FileCase):
    """A person of an institution sends a file on the desk: received as from a program, checked as often as wanted."""

    def test_check_then_send(self):
        """The check writes nothing into the registry and tells of every row; sent, good rows are received."""
        file = self.file(self.table("CTR20260001,某药,Ⅰ期", "CTR20260002,某药,九期"))
        opened = file.action_check()
        check = self.env["ctsp.dataset.submission"].with_user(self.user).browse(opened["res_id"])
        self.assertEqual((check.is_test, check.applied, check.accepted, check.refused), (True, "none", 1, 1))
        self.assertIn("试校验", check.outcome)
        self.assertTrue(check.finding_ids.hint)
        self.assertEqual((file.state, file.check_id, check.is_sendable), ("draft", check, True))
        self.assertFalse(self.env["ctsp.dataset.report"].search([("partner_id", "=", self.company.id)]))
        sent = check.browse(check.action_send_checked()["res_id"])
        self.assertEqual((sent.is_test, sent.state, sent.channel), (False, "partial", "desk"))
        self.assertEqual(sent.person_id, self.user)
        self.assertEqual((file.state, file.submission_id), ("sent", sent))
        whole = sent.sudo()
        self.assertEqual((whole.create_uid, whole.credential_id.id), (self.env.ref("base.user_root"), False))
        self.assertEqual([number for number, _row in whole._accepted_rows()], [1])
        with self.assertRaises(AccessError):
            file.write({"file_name": "other.csv"})
        with self.assertRaises(AccessError):
            file.action_send()

    def test_forms(self):
        """What a program may send a person may: GBK, a workbook with formulas that have results, JSON, NDJSON."""
        book, stream = openpyxl.load_workbook(io.BytesIO(workbook.template(self.version._definition()))), io.BytesIO()
        book.active["A2"] = "CTR20260009"
        book.save(stream)
        for name, content in (
            ("a.csv", self.table("CTR20260001,某药,Ⅰ期").decode().encode("gbk")), ("b.XLSX", stream.getvalue()),
            ("c.json", json.dumps([row(1)]).encode()), ("d.ndjson", json.dumps(row(1)).encode()),
        ):
            file = self.file(content, name)
            file.action_check()
            self.assertFalse(file.error, name)
            self.assertEqual(file.check_id.accepted, 1, (name, file.check_id.finding_ids.mapped("message")))

    def test_marked(self):
        """The table with its findings beside the rows, for who sent it; mended in place it is read again."""
        file = self.file(self.table(",,", "CTR20260001,=某药,Ⅰ期", "", "CTR20260002,某药,九期", "CTR20260003,,Ⅱ期"))
        file.action_check()
        check, url = file.check_id, file.check_id.action_marked()["url"]
        long = self.file(self.table(*(f"CTR2026000{number},某药,九期" for number in range(3))), "long.csv")
        long.action_check()
        for user, company in ((self.stranger, self.other), (self.user, self.company)):
            self.authenticate(user.login, f"outside_{company.id}")
            answer = self.url_open(url)
            self.assertEqual(answer.status_code, 200 if user == self.user else 404)
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
        self.assertEqual(lines[0], ["校验结果", "登记号", "题目", "分期"])
        self.assertEqual(lines[1], [None, "CTR20260001", "=某药", "Ⅰ期"])
        self.assertEqual(sheet["C2"].data_type, "s", "no formula comes of it")
        self.assertIn("分期", lines[2][0])
        self.assertIn("题目", lines[3][0])
        sheet["D3"], sheet["C4"] = "Ⅱ期", "某药"
        mended = io.BytesIO()
        sheet.parent.save(mended)
        file.write({"file_name": "b.xlsx", "data": base64.b64encode(mended.getvalue())})
        file.action_send()
        self.assertEqual((file.submission_id.state, file.submission_id.accepted), ("accepted", 3))
        with self.assertRaises(UserError):
            check.action_marked()
        self.assertTrue(long.check_id.is_marked)
        self.patch(dataset_submission_desk, "MARKED_ROWS", 2)
        long.check_id.invalidate_recordset()
        self.assertFalse(long.check_id.is_marked, "that would take too long")
        with self.assertRaises(AccessError):
            check.with_user(self.reviewer).action_marked()

    def test_unreadable(self):
        """An empty file, one of another kind, one that cannot be read: told why, and nothing is kept of it."""
        for name, content in (
            ("a.csv", b"  \n"), ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ("a.csv", b"PK\x03\x04rest"),
            ("a.xlsx", b"a,b\n1,2\n"), ("a.pdf", b"%PDF-"), ("a/b.csv", b"x"),
        ):
            with self.assertRaises(ValidationError, msg=name):
                self.file(content, name)
        with self.assertRaisesRegex(ValidationError, "password"):
            self.file(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "protected.xlsx")
        self.patch(self.env.registry["ctsp.dataset.file"], "_file_max_mib", 0)
        with self.assertRaises(ValidationError):
            self.file(b"x")
        self.patch(self.env.registry["ctsp.dataset.file"], "_file_max_mib", 20)
        formula = xlsx([["登记号", "题目", "分期"], ["CTR20260001", "=1+1", "1"]])
        for name, content, word in (
            ("a.json", b"{", "语法错误"), ("a.csv", b"a,b\n1,2\n", "表头"), ("a.csv", HEAD.encode(), "没有数据行"),
            ("a.xlsx", formula, "公式"), ("a.csv", b"\xff\xff\xff", "编码"),
        ):
            file = self.file(content, name)
            self.assertFalse(file.action_send())
            self.assertIn(word, file.error or "", name)
            self.assertEqual(file.state, "draft")
        self.assertFalse(self.reported())
        file.write({"file_name": "b.csv", "data": base64.b64encode(self.table("CTR20260001,某药,Ⅰ期"))})
        self.assertFalse(file.error, "it was about the other content")

    def test_same(self):
        """The same content again is told first, by whichever of the institution's people or programs it came."""
        content = self.table("CTR20260001,某药,Ⅰ期")
        self.submit(content, kind="text/csv")
        first, file = self.reported(), self.file(content)
        self.assertFalse(file.action_send())
        self.assertEqual((file.same_id, file.state, self.reported()), (first, "draft", first))
        self.assertTrue(file.action_check(), "a check is always possible")
        self.assertTrue(file.action_send_again())
        self.assertEqual((file.state, len(self.reported(is_test=False))), ("sent", 2))
        other = self.file(content, user=self.stranger)
        self.assertTrue(other.action_send(), "another institution's file is another one")

    def test_who(self):
        """Only data sets that are opened to people; no regulator sends, nor reads the file; others find nothing."""
        file = self.file(self.table("CTR20260001,某药,Ⅰ期"))
        for user in (self.stranger, self.reviewer, self.role("leader")):
            for method in ("action_check", "action_send", "action_send_again", "action_open_result", "action_stop"):
                with self.assertRaises(AccessError, msg=(user.login, method)):
                    getattr(file.with_user(user), method)()
        file.action_check()
        for user in (self.stranger, self.reviewer):
            with self.assertRaises(AccessError):
                file.check_id.with_user(user).action_mend()
        self.assertEqual(file.check_id.with_user(self.reviewer).person_id, self.user)
        self.assertEqual(file.check_id.action_mend()["res_id"], file.id)
        self.dataset.by_hand = False
        with self.assertRaises(UserError):
            file.action_send()
        self.assertEqual(self.env["ctsp.dataset"].create({"name": "x", "code": "xx", "kind": "sync"}).by_hand, False)

    @mute_logger(*FAILED)
    def test_apart(self):
        """A program with a test key neither lists nor replays what people had checked; what they sent it does see."""
        file = self.file(self.table("CTR20260001,某药,Ⅰ期"))
        file.action_check()
        trial, secret = self.issue(self.company, is_sandbox=True)
        number = file.check_id.number
        self.assertEqual(self.call(f"/submissions/{number}", key=trial, secret=secret)[0], 404)
        self.assertFalse(self.call("/submissions", key=trial, secret=secret)[1]["data"]["items"])
        with self.assertRaises(UserError):
            file.check_id.action_replay()
        file.action_send()
        [item] = self.call("/submissions")[1]["data"]["items"]
        self.assertEqual((item["number"], item["channel"]), (file.submission_id.number, "desk"))


@tagged("post_install", "-at_install")
class TestFileDesk(DeskAttacks, DeskCase, DatasetCase):
    """No institution reaches another one's files."""

    @classmethod
    def _desk_record(cls, user, label):
        if cls.version.state == "draft":
            cls.version.run_transition("submit")
            cls.version.with_user(cls.reviewer).run_transition("publish")
        return cls.env["ctsp.dataset.file"].with_user(user).create({
            "dataset_id": cls.dataset.id, "file_name": f"{label}.csv",
            "data": base64.b64encode(f"{HEAD}CTR20260001,{label},1".encode())})
