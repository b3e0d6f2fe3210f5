import base64
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ctsp_crypto.errors import PolicyError
from ctsp_crypto.signatures import structures

from ..tools import machine
from ..tools.failure import CryptoRefused, CryptoUnavailable
from .authority import Authority, chosen
from .test_pdf import PaperCase


@tagged("post_install", "-at_install")
class TestStamps(PaperCase):
    """A final paper says who attests when it was sealed; a time stamp that is not its own, or is gone, is found."""

    def setUp(self):
        super().setUp()
        self.authority = Authority()
        self.startPatcher(patch.object(machine.providers(), "choice", chosen(self.authority)))
        self.rows = self.env["ctsp.crypto.stamp"]

    def verified(self, data):
        """Return the state of the page for a file, and the line of its (last) seal."""
        check = self.env["ctsp.crypto.pdf"].with_user(self.role("inspector")).create(
            {"data": base64.b64encode(data), "file_name": "a.pdf"})
        check.action_verify()
        return check.state, check.line_ids[-1]

    def seal(self):
        return self.signer._sign_pdf(self.paper, "检查报告")

    def message(self, data, change):
        """Return the file with its signed message changed in its place."""
        first = data.index(b"/Contents <") + 11
        last = data.index(b">", first)
        message = structures.SignedMessage.load(bytes.fromhex(data[first:last].decode()))
        info = message["content"]["signer_infos"][0]
        change(info)
        again = message.dump(True).hex().upper().encode()
        return data[:first] + again.ljust(last - first, b"0") + data[last:]

    def attributes(self, data):
        """Return what a file's message carries beside the signature."""
        found = []
        self.message(data, lambda info: found.append(info["unsigned_attrs"].untag()))
        return found[0]

    def test_attested(self):
        data = self.seal()
        state, line = self.verified(data)
        self.assertEqual((state, self.authority.calls, self.rows.search([])), ("good", 1, self.rows))
        self.assertRegex(line.stamp, "Attested by time stamp of “示例时间戳机构” at ")

    def test_without_a_service(self):
        with patch.object(machine.providers(), "choice", chosen(self.authority)) as choice:
            del choice._assigned["time_stamper"]
            state, line = self.verified(self.seal())
        self.assertEqual((state, line.stamp), ("good", "Time of the server, no time stamp service configured"))
        state, line = self.verified(self.seal())
        self.assertIn("Attested", line.stamp)

    def test_exchanged(self):
        """The time stamp of another signature does not count, nor one of another authority."""
        mine, other = self.seal(), self.seal()
        moved = self.message(mine, lambda info: info.__setitem__("unsigned_attrs", self.attributes(other)))
        state, line = self.verified(moved)
        self.assertEqual((state, line.good), ("bad", False))
        self.assertIn("时间戳不成立", line.problem)
        with patch.object(self.authority, "pair", Authority().pair):
            foreign = self.seal()
        self.assertEqual(self.verified(foreign)[0], "bad")

    def test_cut(self):
        """Nothing of the file covers the time stamp; that it belongs there is signed."""
        cut = self.message(self.seal(), lambda info: info.__setitem__("unsigned_attrs", None))
        state, line = self.verified(cut)
        self.assertEqual((state, line.good), ("bad", False))
        self.assertIn("missing", line.problem)

    def test_owed_and_obtained_later(self):
        self.authority.away = True
        data = self.seal()
        state, line = self.verified(data)
        self.assertEqual(state, "good")
        self.assertIn("time stamp owed", line.stamp)
        row = self.rows.search([])
        self.assertEqual((row.state, row.reason), ("owed", "检查报告"))
        self.rows._cron_owed()
        self.assertTrue(row.problem)
        self.authority.away = False
        self.rows._cron_owed()
        self.assertEqual((row.state, row.problem), ("held", False))
        state, line = self.verified(data)
        self.assertEqual(state, "good")
        self.assertIn("obtained later", line.stamp)
        calls = self.authority.calls
        self.rows._cron_owed()
        self.assertEqual(self.authority.calls, calls)

    def test_one_that_is_refused(self):
        """What the authority refuses for good holds up nothing else, and does not break the scheduled action."""
        self.authority.away = True
        self.seal()
        self.seal()
        self.authority.away = False
        first, second = self.rows.search([])
        stamp = self.authority.time_stamp

        def refusing(digest):
            if digest.hex() == first.digest:
                raise PolicyError("not for this application")
            return stamp(digest)

        with patch.object(self.authority, "time_stamp", refusing):
            self.rows._cron_owed()
            self.assertEqual((first.state, bool(first.problem), second.state), ("owed", True, "owed"))
            self.env.flush_all()
            self.env.cr.execute(SQL(
                "UPDATE ctsp_crypto_stamp SET write_date = write_date - interval '5 minutes' WHERE id = %s", second.id))
            self.env.invalidate_all()
            self.rows._cron_owed()
        self.assertEqual((first.state, second.state), ("owed", "held"))

    def test_a_slow_authority(self):
        """Each that was obtained is kept, and a run that has no time left leaves the others to the next."""
        self.authority.away = True
        for _paper in range(3):
            self.seal()
        self.authority.away = False
        owed = self.rows.search([])
        left = iter((60.0, 0.0))
        with patch.object(self.registry["ir.cron"], "_commit_progress", autospec=True,
                          side_effect=lambda *_call, **_more: next(left)) as kept:
            self.rows.with_context(ir_cron_progress_id=1)._cron_owed()
        self.assertEqual([call.kwargs["remaining"] for call in kept.call_args_list], [2, 1])
        self.assertEqual(owed.mapped("state"), ["held", "held", "owed"])

    def test_told_after_a_day(self):
        """An authority that stays away is seen on the first page of the security administrator."""
        admin = self.role("security_admin")

        def count():
            cards = self.env["ctsp.home"].with_user(admin)._cards()
            return next(card["count"] for card in cards if card["key"] == "crypto_stamps")

        self.authority.away = True
        self.seal()
        row = self.rows.search([])
        self.assertEqual((count(), row.is_late), (0, False))
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE ctsp_crypto_stamp SET create_date = create_date - interval '25 hours'"))
        self.env.invalidate_all()
        self.assertEqual((count(), row.is_late), (1, True))

    def test_what_was_obtained_later_is_read_again(self):
        """Rows exchanged or emptied past the platform prove nothing."""
        self.authority.away = True
        data = self.seal()
        self.seal()
        self.authority.away = False
        self.rows._cron_owed()
        mine, other = self.rows.search([])
        mine.token, other.token = other.token, mine.token
        self.assertEqual(self.verified(data)[0], "bad")
        mine.token = "?"
        self.assertEqual(self.verified(data)[0], "bad")
        with self.assertRaises(UserError):
            mine.unlink()

    def test_nobody_here_knows_the_authority(self):
        """What cannot be checked is not called genuine, nor forged."""
        data = self.seal()
        self.authority.away = True
        owed = self.seal()
        self.authority.away = False
        self.rows._cron_owed()
        with patch.object(machine.providers(), "choice", chosen(self.authority)) as choice:
            del choice._assigned["time_stamper"]
            for paper in (data, owed):
                state, line = self.verified(paper)
                self.assertEqual((state, line.good), ("open", True))
                self.assertTrue(line.unproved)

    def test_required(self):
        self.env["ctsp.parameter"].search([("code", "=", "crypto.time_stamp_required")]).value_ids.value = "是"
        self.authority.away = True
        with self.assertRaises(CryptoUnavailable):
            self.seal()
        self.assertFalse(self.rows.search([]))

    @mute_logger("odoo.addons.ctsp_crypto.tools.failure")
    def test_a_wrong_clock_is_a_wrong_answer(self):
        self.authority.late = timedelta(hours=-2)
        with self.assertRaises(CryptoRefused):
            self.seal()
        self.authority.late, self.authority.away = timedelta(), True
        self.seal()
        self.authority.late, self.authority.away = timedelta(days=30), False
        self.rows._cron_owed()
        row = self.rows.search([])
        self.assertEqual((row.state, bool(row.problem)), ("owed", True))

    def test_a_time_that_was_not_attested(self):
        """Who holds the key of the seal can state any time; the authority's is another one."""
        with patch("odoo.addons.ctsp_crypto.tools.stamps.TOLERANCE", timedelta(days=400)):
            self.authority.late = timedelta(days=2)
            data = self.seal()
        state, line = self.verified(data)
        self.assertEqual((state, line.good), ("bad", False))
        self.assertIn("attests", line.problem)
