from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ctsp_base.tests.common import CtspCase


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

    def test_permissions_given_to_oneself(self):
        pattern = self.env.ref("ctsp_audit.pattern_self_grant")
        pattern.active = True
        user = self.role("security_admin")
        self.env(user=user)["ctsp.audit.port"]._log("permission", user, account=user.login)
        self.env["ctsp.audit.pattern"].search([])._watch()
        self.assertTrue(self.env["ctsp.audit.alert"].search([("kind", "=", "self_grant"), ("who", "=", user.login)]))
