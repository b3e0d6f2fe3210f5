from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.ctsp_base.tools import clock

from ..models import dataset_file_check
from ..tools import intake, room
from .common import FileCase
from .sample_definition import xlsx


@tagged("post_install", "-at_install")
class TestFileWork(FileCase):
    """What is much work is done in the background; how much there may be has an end."""

    def test_background(self):
        """A large file, or one for which no place is free, is checked in the background; its people are told."""
        content = self.table("CTR20260001,某药,Ⅰ期", "CTR20260002,某药,九期")
        with self.at_work(room.ALL, room.places()):
            file = self.file(content)
            self.assertFalse(file.action_check())
        self.assertEqual((file.state, file.job_state, self.reported()), ("working", "queued", self.reported().browse()))
        with self.assertRaises(AccessError):
            file.action_send()
        self.run_jobs()
        self.assertEqual((file.state, file.check_id.accepted), ("draft", 1))
        self.patch(dataset_file_check, "AT_ONCE", 0)
        self.patch(intake, "SEEN", 1)  # the bar is told of the last row, too
        file.action_send()
        self.run_jobs()
        self.assertEqual((file.state, file.submission_id.accepted), ("sent", 1))
        self.assertEqual(file.submission_id.person_id, self.user)
        again = self.file(content)
        again.action_send()
        self.run_jobs()
        self.assertEqual((again.state, again.same_id), ("draft", file.submission_id), "looked at when its turn came")
        broken = self.file(b"{", "a.json")
        broken.action_send()
        self.run_jobs()
        self.assertEqual((broken.state, bool(broken.error)), ("draft", True))
        told = self.env["ctsp.desk.notice"].search([("owner_partner_id", "=", self.company.id)])
        self.assertEqual(sum("未能处理" in one.name for one in told), 2)
        self.assertIn("退回1行", told.filtered(lambda one: one.res_id == file.id)[:1].note)

    def test_packed(self):
        """A small file with much in it waits for the scheduled action: what it holds is work, not its length."""
        rows = [["登记号", "题目", "分期"], *([f"CTR{number:08}", "某药", "Ⅰ期"] for number in range(2000))]
        content = xlsx(rows)
        self.patch(dataset_file_check, "UNPACKED_AT_ONCE", 100_000)
        self.assertLess(len(content), dataset_file_check.AT_ONCE)
        large, small = self.file(content, "a.xlsx"), self.file(xlsx(rows[:2]), "b.xlsx")
        self.assertTrue(small.action_check())
        self.assertFalse(large.action_check())
        self.assertEqual(large.state, "working")

    def test_twin(self):
        """What a colleague sends at this moment is not sent again beside it, unless he says so."""
        self.patch(dataset_file_check, "AT_ONCE", 0)
        content = self.table("CTR20260001,某药,Ⅰ期")
        first, second = self.file(content), self.file(content, "again.csv")
        first.action_send()
        with self.assertRaisesRegex(UserError, "rows.csv"):
            second.action_send()
        second.action_check()
        self.run_jobs()
        self.assertEqual((first.state, second.state, second.check_id.accepted), ("sent", "draft", 1))

    def test_quota(self):
        """An institution's day has an end: what is used and when it begins anew is told, nothing is kept."""
        rows, files = (self.env.ref(f"ctsp_dataset.parameter_desk_{what}_value") for what in ("rows", "files"))
        day = clock.today()
        self.patch(clock, "today", lambda: day)  # midnight may pass meanwhile
        rows.value, line = "5", "CTR2026000{},某药,Ⅰ期"
        first = self.file(self.table(*(line.format(number) for number in range(3))))
        first.action_check()
        self.assertIn("1个文件、3行", first.quota)
        again = self.file(self.table(*(line.format(number) for number in range(4, 7))))
        self.assertFalse(again.action_send())
        for words in ("该文件有3行", "今日余量2行", "1个文件、3行", "每日上限300个文件、5行", "次日0时"):
            self.assertIn(words, again.error)
        self.assertEqual((again.state, self.reported(is_test=False)), ("draft", self.reported().browse()))
        self.file(self.table(line.format(8)), user=self.stranger).action_send()
        small = self.file(self.table(line.format(8), line.format(9)))
        self.assertTrue(small.action_send())
        self.assertFalse(first.action_check())
        self.assertIn("已达到每日上限", first.error)
        rows.value, files.value = "100", "2"
        self.assertFalse(first.action_check())
        self.assertIn("2个文件、5行", first.error)
        self.patch(clock, "today", lambda: day + timedelta(days=1))
        self.assertTrue(first.action_check(), "the next day")

    def test_stopped(self):
        """What waits may be stopped, and is a draft again; so is what runs."""
        self.patch(dataset_file_check, "AT_ONCE", 0)
        self.patch(intake, "SEEN", 1)
        file = self.file(self.table("CTR20260001,某药,Ⅰ期"))
        file.action_send()
        with self.assertRaises(AccessError):
            file.with_user(self.stranger).action_stop()
        file.action_stop()
        self.assertEqual((file.state, file.job_state), ("draft", "failed"))
        self.run_jobs()
        self.patch(self.env.registry["ctsp.progress"], "_publish", lambda bars, row, values: "state" not in values)
        file.action_send()
        self.run_jobs()
        self.assertEqual((file.state, file.job_state, bool(file.error)), ("draft", "failed", True))
        self.assertFalse(self.reported())
