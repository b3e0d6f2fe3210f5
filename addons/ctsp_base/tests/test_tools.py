import io
import os
from datetime import date, timedelta

from odoo.tests import BaseCase, tagged

from odoo.addons.ctsp_base.tools import address, canonical, digest, pinyin, private, validators, workdays


@tagged("post_install", "-at_install")
class TestValidators(BaseCase):
    """Each validator takes what people type, gives the normal form, and says by a code what is wrong."""

    def accepts(self, validator, pairs):
        for typed, normal in pairs.items():
            self.assertEqual(validator(typed), normal, typed)

    def refuses(self, validator, pairs):
        for typed, code in pairs.items():
            with self.assertRaises(ValueError, msg=typed) as caught:
                validator(typed)
            self.assertEqual(caught.exception.args, (code,), typed)

    def test_uscc(self):
        self.accepts(validators.uscc, {
            "91350100M000100Y43": "91350100M000100Y43",  # the example of GB 32100
            " 91350100m000100y43 ": "91350100M000100Y43",
            "９１３５０１００Ｍ０００１００Ｙ４３": "91350100M000100Y43",
            "9135 0100 M000 100Y 43": "91350100M000100Y43",
        })
        self.refuses(validators.uscc, {
            "": "empty", "　": "empty", "91350100M000100Y4": "length_18", "91350100M000100Y44": "check_character",
            "91350100M000100Y4I": "uscc_charset", "19350100M000100Y43": "check_character",
            "91350100M000100Y4中": "uscc_charset",
        })

    def test_record_no(self):
        self.accepts(validators.record_no, {
            "药临床机构备字2019000123": "药临床机构备字2019000123",
            "药临机构备字2020000001": "药临机构备字2020000001",
            " 药临床机构备字 ２０１９０００１２３": "药临床机构备字2019000123",
        })
        self.refuses(validators.record_no, {
            "药临床机构备字201900012": "format", "药临床机构备字20190001234": "format", "械临机构备202000001": "format",
            "药临床机构备字2019٠٠٠123": "format",
        })

    def test_ctr_no(self):
        self.accepts(validators.ctr_no, {"ctr20211858": "CTR20211858", "ＣＴＲ ２０２１１８５８": "CTR20211858"})
        self.refuses(validators.ctr_no, {
            "CTR2021185": "format", "NCT02021185": "format", " ": "empty", "沪械临备20260001": "format"})

    def test_trial_no(self):
        """Trials of devices are not on the national register: they have the number of their filing."""
        self.accepts(validators.trial_no, {
            "ctr20211858": "CTR20211858",
            "沪械临备20260001": "沪械临备20260001", "沪械临备 ２０２６０００１号": "沪械临备20260001",
        })
        self.refuses(validators.trial_no, {
            "CTR2021185": "trial_no", "NCT02021185": "trial_no", " ": "empty", "械临备20260001": "trial_no",
            "沪械临备2026001": "trial_no", "沪械临机备202600001": "trial_no", "号": "trial_no",
            "国械临备20260001": "trial_no",
        })

    def test_id_number(self):
        self.accepts(validators.id_number, {
            "11010519491231002X": "11010519491231002X",  # the example of GB 11643
            "11010519491231002x": "11010519491231002X",
            "440524188001010014": "440524188001010014",
            "810000199408230021": "810000199408230021",  # residence permit, Hong Kong
            "830000199201300022": "830000199201300022",  # residence permit, Taiwan
        })
        self.refuses(validators.id_number, {
            "110105194912310021": "check_character", "11010519491331002X": "birth_date",
            "11010520990101002X": "birth_date", "110105194902290021": "birth_date", "1101051949123100": "length_18",
            "990105": "length_18", "00010519491231002X": "id_region", "1101O519491231002X": "format",
        })

    def test_id_number_knows_today(self):
        """A birth date of tomorrow is refused today and accepted tomorrow."""
        number = "11010519491231002X"
        with self.assertRaises(ValueError):
            validators.id_number(number, today=date(1949, 12, 30))
        self.assertTrue(validators.id_number(number, today=date(1949, 12, 31)))

    def test_phone(self):
        self.accepts(validators.phone, {
            "13800138000": "13800138000", "+86 138-0013-8000": "13800138000", "8613800138000": "13800138000",
            "021-63770000": "021-63770000", "（021）63770000转801": "021-63770000-801",
            "02163770000": "021-63770000", "+86 21 6377 0000": "021-63770000", "0571-87654321": "0571-87654321",
            "400-820-8820": "400-820-8820", "4008208820": "400-820-8820",
        })
        self.refuses(validators.phone, dict.fromkeys(
            ("12800138000", "1380013800", "63770000", "021-1637", "138001380001", "abc", "+1 650 253 0000"), "phone",
        ))

    def test_email_and_postcode(self):
        self.accepts(validators.email, {"a.b@Hospital.COM.cn": "a.b@hospital.com.cn", "ａ＠b.cn": "a@b.cn"})
        self.refuses(validators.email, dict.fromkeys(
            ("a", "a@b", "a b@c", "a@-b.cn", ".a@b.cn", "a..b@b.cn", "a@b..cn", "a@b.c", "甲@b.cn"), "format",
        ))
        self.accepts(validators.postcode, {"２０００３２": "200032", "200 032": "200032"})
        self.refuses(validators.postcode, {"20003": "format", "900001": "format", "2000320": "format"})


@tagged("post_install", "-at_install")
class TestPinyinAndDigest(BaseCase):
    def test_initials(self):
        for text, letters in {
            "上海市同济医院": "shstjyy", "长宁区": "cnq", "重症医学科": "zzyxk", "解放军第八五医院": "jfjdbwyy",
            "Ⅰ期临床试验研究室": "iqlcsyyjs",
            "CT诊断专业": "ctzdzy", "（示例）医院": "slyy", "": "", None: "",
        }.items():
            self.assertEqual(pinyin.initials(text), letters)

    def test_people(self):
        for name, letters in {
            "单小明": "sxm", "解放": "xf", "尉迟恭": "ycg", " 王 明": "wm", "Li Lei": "lilei",
        }.items():
            self.assertEqual(pinyin.initials(name, person=True), letters)

    def test_sm3(self):
        """The two examples of GM/T 0004-2012, and streams as long as it takes."""
        self.assertEqual(digest.sm3(b"abc"), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")
        self.assertEqual(
            digest.sm3(b"abcd" * 16), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
        )
        data = bytes(range(256)) * 9000
        self.assertEqual(digest.sm3_stream(io.BytesIO(data)), digest.sm3(data))


@tagged("post_install", "-at_install")
class TestWorkdays(BaseCase):
    """The National Day holiday of 2025: 1–8 October off, 28 September and 11 October worked."""

    holidays = frozenset(date(2025, 10, day) for day in range(1, 9))
    makeup = frozenset((date(2025, 9, 28), date(2025, 10, 11)))

    def add(self, start, days):
        return workdays.add(start, days, self.holidays, self.makeup)

    def test_make_up_days_count_and_holidays_do_not(self):
        self.assertEqual(self.add(date(2025, 9, 26), 1), date(2025, 9, 28))
        self.assertEqual(self.add(date(2025, 9, 30), 1), date(2025, 10, 9))
        self.assertEqual(self.add(date(2025, 10, 10), 1), date(2025, 10, 11))
        self.assertEqual(self.add(date(2025, 10, 9), -1), date(2025, 9, 30))

    def test_a_term_never_ends_on_a_holiday(self):
        self.assertEqual(self.add(date(2025, 10, 1), 0), date(2025, 10, 9))
        self.assertEqual(self.add(date(2025, 9, 30), 0), date(2025, 9, 30))

    def test_between_undoes_add(self):
        """For every start day of half a year and every term: counting back gives the term."""
        for offset in range(180):
            start = date(2025, 7, 1) + timedelta(days=offset)
            for days in (1, 5, 20, 60):
                end = self.add(start, days)
                self.assertEqual(workdays.between(start, end, self.holidays, self.makeup), days)
                self.assertEqual(workdays.between(end, start, self.holidays, self.makeup), -days)

    def test_nonsense_is_refused(self):
        with self.assertRaises(ValueError):
            self.add(date(2025, 1, 1), 10**6)


@tagged("post_install", "-at_install")
class TestCanonical(BaseCase):
    def test_same_content_same_bytes(self):
        """Order of keys does not matter, everything else does; what has no form is refused."""
        self.assertEqual(
            canonical.encode({"b": date(2026, 9, 1), "a": ["甲", None, True, 0.1]}),
            '{"a":["甲",null,true,"0.1"],"b":"2026-09-01"}'.encode(),
        )
        self.assertEqual(canonical.encode({"a": 1, "b": 2}), canonical.encode({"b": 2, "a": 1}))
        self.assertNotEqual(canonical.encode([1, 2]), canonical.encode([2, 1]))
        self.assertIn(b"sm3:66c7f0f4", canonical.encode(b"abc"))
        with self.assertRaises(TypeError):
            canonical.encode({1, 2})


@tagged("post_install", "-at_install")
class TestPrivate(BaseCase):
    def test_left_by_the_dead(self):
        """What a killed process left goes with the next start; what a living one works on stays."""
        own = private.folder() / "own"
        own.touch()
        self.addCleanup(own.unlink)
        dead = private.folder().with_name(private.folder().name.rpartition("-")[0] + "-4194399")  # above any pid
        dead.mkdir(exist_ok=True)
        (dead / "rows").touch()
        private.wipe()
        self.assertTrue(own.exists())
        self.assertFalse(dead.exists())

    def test_scratch(self):
        with private.scratch() as path:
            self.assertEqual(os.stat(os.path.dirname(path)).st_mode & 0o777, 0o700)
        self.assertFalse(os.path.exists(os.path.dirname(path)))


@tagged("post_install", "-at_install")
class TestAddress(BaseCase):
    """What limits count for an address."""

    def test_line(self):
        for given, counted in (
            ("203.0.113.9", "203.0.113.9"), ("::ffff:203.0.113.9", "203.0.113.9"), ("2001:db8::7", "2001:db8::/64"),
            ("2001:DB8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("fe80::1%eth0", "fe80::/64"), ("::1", "::/64"),
            ("nonsense", "nonsense"), ("", ""), (None, None),
        ):
            self.assertEqual(address.line(given), counted, given)
