from datetime import datetime, timedelta

from psycopg2.errors import CheckViolation, ForeignKeyViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_base.tests.common import CtspCase
from odoo.addons.ctsp_base.tools import clock


@tagged("post_install", "-at_install")
class TestPatterns(CtspCase):
    """Patterns raise one alert each, which a person closes with a result."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pattern = cls.env.ref("ctsp_audit.pattern_failed_account")
        (cls.env["ctsp.audit.pattern"].search([]) - cls.pattern).active = False

    def fail(self, times, who="wang"):
        port = self.env["ctsp.audit.port"]
        for _n in range(times):
            port._write_row(self.env.cr, port._row("sign_in", None, {"who": who}, success=False))

    def watch(self):
        self.env["ctsp.audit.pattern"].search([])._watch()
        return self.env["ctsp.audit.alert"].search([("kind", "=", "failed_account"), ("who", "=", "wang")])

    def test_threshold(self):
        self.fail(4)
        self.assertFalse(self.watch())
        self.fail(1)
        alert = self.watch()
        self.assertEqual((len(alert), alert.count, alert.state), (1, 5, "open"))
        self.fail(2)
        self.assertEqual((self.watch(), alert.count), (alert, 7), "the same alert, refreshed")

    def test_visitors_are_named_in_words(self):
        """Who has not signed in has an account of Odoo's: the alert says so in words and still finds its rows."""
        self.env.company.partner_id.lang = "en_US"
        self.fail(5, who=self.env.ref("base.public_user").login)
        self.watch()
        alert = self.env["ctsp.audit.alert"].search([("kind", "=", "failed_account"), ("who", "=", "public")])
        self.assertIn("visitors who have not signed in", alert.name)
        self.assertEqual(self.env["ctsp.audit.log"].search_count(alert.action_rows()["domain"]), 5)

    def test_handling(self):
        self.fail(5)
        alert = self.watch().with_user(self.role("audit_admin"))
        with self.assertRaises(UserError):
            alert.action_handled()
        alert.result = "Forgotten password"
        with self.assertRaises(AccessError):
            alert.write({"state": "handled"})
        alert.action_handled()
        with self.assertRaises(UserError):
            alert.result = "Something else"
        self.assertEqual(len(self.watch()), 1, "handled, and nothing new")
        self.fail(1)
        self.assertEqual(sorted(self.watch().mapped("state")), ["handled", "open"])

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model")
    def test_what_it_says_is_fixed(self):
        self.fail(5)
        alert = self.watch()
        with self.assertRaises(AccessError):
            alert.with_user(self.role("audit_admin")).write({"count": 1})
        with self.assertRaises(AccessError):
            alert.with_user(self.role("system_admin")).write({"result": "x"})

    def test_rows_of_an_alert(self):
        self.fail(5)
        action = self.watch().action_rows()
        rows = self.env["ctsp.audit.log"].search(action["domain"] + [("event", "=", "sign_in")])
        self.assertEqual(len(rows), 5)

    def test_one_large_export_counts_by_its_rows(self):
        """The export engine says how many rows it wrote; the pattern counts them."""
        self.env.ref("ctsp_audit.pattern_mass_export").active = True
        user = self.role("filing_officer")
        self.env(user=user)["ctsp.audit.port"]._log("export", model="res.partner", rows=50_000)
        self.env["ctsp.audit.pattern"].search([])._watch()
        alert = self.env["ctsp.audit.alert"].search([("kind", "=", "mass_export"), ("who", "=", user.login)])
        self.assertEqual(alert.count, 50_000)

    def test_refused_interfaces(self):
        """Who tries keys at an interface is found by his address; a row that stands for several counts as these."""
        self.env.ref("ctsp_audit.pattern_failed_interface").active = True
        port = self.env["ctsp.audit.port"]
        for repeated in ({}, {"repeated": 18}):
            row = port._row("exchange.refused", None, {"reason": "signature", **repeated}, success=False)
            port._write_row(self.env.cr, row | {"ip": "203.0.113.7"})
        self.env["ctsp.audit.pattern"].search([])._watch()
        alert = self.env["ctsp.audit.alert"].search([("kind", "=", "failed_interface"), ("who", "=", "203.0.113.7")])
        self.assertEqual(alert.count, 20)
        self.assertEqual(self.env["ctsp.audit.log"].search_count(alert.action_rows()["domain"]), 2)

    def test_addresses_of_one_line(self):
        """Who tries from many addresses of his IPv6 network is one; the alert shows all of them."""
        self.env.ref("ctsp_audit.pattern_failed_interface").active = True
        port = self.env["ctsp.audit.port"]
        for number in range(20):
            row = port._row("exchange.refused", None, {"reason": "signature"}, success=False)
            port._write_row(self.env.cr, row | {"ip": f"2001:db8:7:8::{number:x}"})
        self.env["ctsp.audit.pattern"].search([])._watch()
        alert = self.env["ctsp.audit.alert"].search([("kind", "=", "failed_interface")])
        self.assertEqual((alert.who, alert.count), ("2001:db8:7:8::/64", 20))
        self.assertEqual(self.env["ctsp.audit.log"].search_count(alert.action_rows()["domain"]), 20)

    def test_permissions_given_to_oneself(self):
        pattern = self.env.ref("ctsp_audit.pattern_self_grant")
        pattern.active = True
        user = self.role("security_admin")
        self.env(user=user)["ctsp.audit.port"]._log("permission", user, account=user.login)
        self.env["ctsp.audit.pattern"].search([])._watch()
        self.assertTrue(self.env["ctsp.audit.alert"].search([("kind", "=", "self_grant"), ("who", "=", user.login)]))


@tagged("post_install", "-at_install")
class TestEachPattern(CtspCase):
    """Every shipped pattern raises its alert at its threshold, not one row below."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ctsp.audit.pattern"].search([]).active = False
        cls.user = cls.role("inspector")

    def pattern(self, code, threshold=3):
        pattern = self.env.ref(f"ctsp_audit.pattern_{code}")
        pattern.write({"active": True, "threshold": threshold})
        return pattern

    def log(self, event, times=1, success=True, **columns):
        port = self.env(user=self.user)["ctsp.audit.port"]
        for _n in range(times):
            port._write_row(self.env.cr, port._row(event, None, {}, success) | {"channel": "web"} | columns)

    def alerts(self, pattern):
        pattern._watch()
        return self.env["ctsp.audit.alert"].search([("pattern_id", "=", pattern.id)])

    def assert_at_three(self, pattern, event, who, **columns):
        self.log(event, 2, **columns)
        self.assertFalse(self.alerts(pattern), "below the threshold")
        self.log(event, **columns)
        self.assertEqual([(alert.who, alert.count) for alert in self.alerts(pattern)], [(who, 3)])

    def test_failed_address(self):
        self.assert_at_three(
            self.pattern("failed_address"), "sign_in", "203.0.113.9", success=False, ip="203.0.113.9")

    def test_denied(self):
        self.assert_at_three(self.pattern("denied"), "denied", self.user.login, success=False)

    def test_mass_delete(self):
        pattern = self.pattern("mass_delete")
        self.log("unlink", 5, channel="cron")
        self.assert_at_three(pattern, "unlink", self.user.login)

    def test_mass_read(self):
        """Counted by records: one look at many is as much as many looks."""
        pattern = self.pattern("mass_read", threshold=500)
        self.log("personal.read", res_count=499)
        self.assertFalse(self.alerts(pattern))
        self.log("personal.read", res_count=1)
        self.assertEqual(self.alerts(pattern).count, 500)

    def within(self, pattern, before=1, after=1):
        """Let the hours begin and end so many hours from now; across midnight where that falls so."""
        now = datetime.now(clock.CHINA)
        hour = now.hour + now.minute / 60
        pattern.write({"hour_from": (hour - before) % 24, "hour_to": (hour + after) % 24})

    def test_night(self):
        pattern = self.pattern("night")
        self.within(pattern)
        self.assert_at_three(pattern, "write", self.user.login)

    def test_day(self):
        """The same rows at other hours are nobody's night."""
        for code in ("night", "night_sign_in"):
            pattern = self.pattern(code, threshold=1)
            self.within(pattern, before=-2, after=4)
            self.log("sign_in")
            self.assertFalse(self.alerts(pattern), code)

    def test_hours_across_midnight(self):
        pattern = self.pattern("night", threshold=1)
        pattern.minutes = 10080
        day = datetime.combine(clock.today() - timedelta(days=1), datetime.min.time()) - timedelta(hours=8)
        moments = (0, 4.9, 5.9, 6, 9.4, 9.5, 9.9, 10, 21.9, 22, 23.9)
        for (begin, end), meant in (((22, 6), {22, 23.9, 0, 4.9, 5.9}), ((0, 5), {0, 4.9}), ((9.5, 10), {9.5, 9.9})):
            pattern.write({"hour_from": begin, "hour_to": end})
            for moment in moments:
                self.log("write", login=f"{begin} {moment}", date=day + timedelta(hours=moment))
            found = self.alerts(pattern).filtered(lambda alert, begin=begin: alert.who.startswith(f"{begin} "))
            self.assertEqual(set(found.mapped("who")), {f"{begin} {moment}" for moment in meant})

    def test_a_sign_in_at_night_is_enough(self):
        """Who signs in and only looks around leaves one row: staff, at the screen, once."""
        pattern = self.env.ref("ctsp_audit.pattern_night_sign_in")
        self.assertEqual(pattern.threshold, 1)
        pattern.active = True
        self.within(pattern)
        _company, outside = self.outside("Hospital")
        self.log("sign_in", success=False)
        self.log("sign_in", channel="rpc")
        self.log("sign_in", user_id=outside.id, login=outside.login)
        self.assertFalse(self.alerts(pattern))
        self.log("sign_in")
        self.assertEqual(self.alerts(pattern).mapped("who"), [self.user.login])

    @mute_logger("odoo.sql_db")
    def test_hours_must_be_hours(self):
        pattern = self.pattern("night")
        for hours in ((5, 5), (-1, 5), (24, 5), (0, 24.5)):
            with self.assertRaises(CheckViolation), self.cr.savepoint():
                pattern.write({"hour_from": hours[0], "hour_to": hours[1]})
                pattern.flush_recordset()

    @mute_logger("odoo.sql_db")
    def test_two_patterns_of_one_kind(self):
        """Each has alerts of its own, and the other's threshold does not touch them."""
        first = self.pattern("denied")
        second = first.copy({"name": "Ten refused accesses", "threshold": 5})
        self.log("denied", 5, success=False)
        self.assertEqual((len(self.alerts(first)), len(self.alerts(second))), (1, 1))
        self.assertNotEqual(self.alerts(first).name, self.alerts(second).name)
        with self.assertRaises(ForeignKeyViolation), self.cr.savepoint():
            first.unlink()

    def test_whoever_watches_is_told_once(self):
        """Every audit administrator gets a to-do with the alert's words; it goes with the alert."""
        pattern, guard = self.pattern("denied"), self.role("audit_admin")
        self.log("denied", 3, success=False)
        alert = self.alerts(pattern)
        own = alert.activity_ids.filtered(lambda todo: todo.user_id == guard)
        self.assertEqual(own.mapped("summary"), [alert.name])
        self.log("denied", success=False)
        self.assertEqual((self.alerts(pattern), alert.count), (alert, 4))
        self.assertEqual(len(alert.activity_ids.filtered(lambda todo: todo.user_id == guard)), 1)
        alert.with_user(guard).result = "A new colleague who looked around"
        alert.with_user(guard).action_handled()
        self.assertFalse(alert.activity_ids)
