from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_trial.tests.common import TrialCase

PERIOD = (clock.as_date("2026-03-02"), clock.as_date("2026-03-04"))


class InspectorCase(TrialCase):
    """The register with three invented inspectors, the first with an account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.planner, cls.reviewer = cls.role("planner"), cls.role("reviewer")
        cls.kind = cls.env.ref("ctsp_inspection.item_inspector_certificate_inspector")
        cls.zhao, cls.qian, cls.sun = [
            cls.make_inspector(name, number) for number, name in enumerate(("赵示例", "钱示例", "孙示例"), 1)]
        cls.zhao.user_id = cls.inspector

    @classmethod
    def make_inspector(cls, name, number, valid_to="2099-12-31", **values):
        return cls.env["ctsp.inspector"].create({
            "name": f"{name}（示例）", "code": f"T{number:05}", "unit": "示例检查中心（示例）", "level": "senior",
            "is_leader": True, "discipline_ids": [Command.link(cls.discipline.id)],
            "certificate_ids": valid_to and [Command.create({
                "kind_id": cls.kind.id, "number": f"TJ{number:05}", "valid_to": valid_to})],
            **values})

    def codes(self, inspector, institution=None, period=PERIOD):
        return [reason.code for reason in inspector._reasons(institution or self.a, period)[inspector.id]]


@tagged("post_install", "-at_install")
class TestInspector(InspectorCase):
    """Who may be sent where, and who may read and write the register."""

    def test_free(self):
        """An inspector with a valid certificate and nothing against him can go."""
        self.assertEqual(self.zhao._conflicts(self.a, PERIOD), [])
        self.assertEqual(self.zhao.certificate_state, "valid")

    def test_conflict_with_its_period(self):
        """A standing conflict counts for its institution and its period, first and last day included."""
        row = self.env["ctsp.inspector.conflict"].create({
            "inspector_id": self.zhao.id, "institution_id": self.a.id, "kind": "employer", "note": "曾任职",
            "date_from": "2024-01-01", "date_to": "2026-03-02"})
        self.assertEqual(self.codes(self.zhao), ["conflict"])
        self.assertEqual(self.codes(self.zhao, self.b), [])
        sentence = self.zhao.with_user(self.planner)._conflicts(self.a, PERIOD)[0]
        self.assertIn(self.zhao.name, sentence)
        self.assertIn(self.a.name, sentence)
        self.assertNotIn("曾任职", sentence, "details are personal")
        row.date_to = "2026-03-01"
        self.assertEqual(self.codes(self.zhao), [])
        row.date_to = False
        self.assertEqual(self.codes(self.zhao), ["conflict"], "until further notice")

    def test_certificate(self):
        """The certificate must be valid on the last day; none at all is a reason, too."""
        self.zhao.certificate_ids.valid_to = PERIOD[1]
        self.assertEqual(self.codes(self.zhao), [])
        self.zhao.certificate_ids.valid_to = PERIOD[0]
        self.assertEqual(self.codes(self.zhao), ["certificate"])
        self.zhao.certificate_ids.valid_to = False
        self.assertEqual(self.codes(self.zhao), [], "no end date")
        self.zhao.certificate_ids.unlink()
        self.assertEqual((self.codes(self.zhao), self.zhao.certificate_state), (["certificate"], "missing"))
        self.assertIn(self.zhao, self.env["ctsp.inspector"].search([("certificate_state", "=", "missing")]))

    def test_leave(self):
        """Absence counts when a single day overlaps."""
        row = self.env["ctsp.inspector.leave"].create({
            "inspector_id": self.qian.id, "date_from": "2026-03-04", "date_to": "2026-03-10"})
        self.assertEqual(self.codes(self.qian), ["leave"])
        row.date_from = "2026-03-05"
        self.assertEqual(self.codes(self.qian), [])
        row.write({"date_from": clock.today(), "date_to": clock.today()})
        self.assertTrue(self.qian.is_away)
        self.assertEqual(self.env["ctsp.inspector"].search([("is_away", "=", True)]), self.qian)
        with self.assertRaises(ValidationError):
            row.date_to = clock.today() - timedelta(days=1)

    def test_reasons_in_few_queries(self):
        """The reasons of a whole register take the same number of queries as those of one inspector."""
        crowd = self.env["ctsp.inspector"].concat(*[
            self.make_inspector("李示例", 100 + number) for number in range(40)])
        self.env.invalidate_all()
        with self.assertQueryCount(25):
            crowd._reasons(self.a, PERIOD)

    def test_expiry_alerts(self):
        """A certificate that expires soon raises one alert for the planners, closed once it is renewed."""
        certificate = self.zhao.certificate_ids
        certificate.valid_to = clock.today() + timedelta(days=60)
        watch, key = self.env["ctsp.inspector.certificate"]._cron_watch, certificate._alert_key()
        watch()
        watch()
        alert = self.env["ctsp.risk.alert"].search([("dedup_key", "=", key)])
        self.assertEqual((len(alert), alert.state, alert.res_id), (1, "new", self.zhao.id))
        self.assertEqual(certificate.expiry_state, "expiring")
        card = next(card for card in self.env["ctsp.home"].with_user(self.planner)._cards()
                    if card["key"] == "inspector_certificates")
        self.assertGreaterEqual(card["count"], 1)
        certificate.valid_to = clock.today() + timedelta(days=61)
        watch()
        self.assertEqual((alert.state, certificate.expiry_state), ("closed", "valid"))

    def test_rights(self):
        """Planners keep the register; an inspector enters his own absence and conflicts only; leaders read."""
        self.zhao.with_user(self.planner).write({"level": "expert"})
        for user in (self.inspector, self.leader, self.officer, self.reviewer):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.zhao.with_user(user).write({"level": "junior"})
        mine = {"inspector_id": self.zhao.id, "date_from": "2026-03-04", "date_to": "2026-03-10"}
        self.env["ctsp.inspector.leave"].with_user(self.inspector).create(mine)
        with self.assertRaises(AccessError):
            self.env["ctsp.inspector.leave"].with_user(self.inspector).create({**mine, "inspector_id": self.qian.id})
        conflicts = self.env["ctsp.inspector.conflict"]
        theirs = conflicts.create({"inspector_id": self.qian.id, "institution_id": self.a.id})
        own = conflicts.with_user(self.inspector).create({"inspector_id": self.zhao.id, "institution_id": self.a.id})
        self.assertEqual(conflicts.with_user(self.inspector).search([]), own)
        self.assertEqual(conflicts.with_user(self.leader).search([("inspector_id", "=", self.qian.id)]), theirs)
        with self.assertRaises(AccessError):
            conflicts.with_user(self.officer).search([])

    def test_personal_data(self):
        """Telephone and identity number are masked for whoever has no right to them."""
        self.zhao.mobile = "13800000001"
        with self.assertRaises(AccessError):
            self.zhao.with_user(self.planner).read(["mobile"])
        self.assertEqual(self.zhao.with_user(self.planner).mobile_masked, "138****0001")
        self.assertEqual(self.zhao.with_user(self.role("planner", personal=True)).mobile, "13800000001")

    def test_outside(self):
        """Institutions do not see the register."""
        for model in ("ctsp.inspector", "ctsp.inspector.conflict", "ctsp.inspector.leave"):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(self.user_a).search([])
