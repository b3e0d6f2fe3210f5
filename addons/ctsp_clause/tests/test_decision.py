from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ClauseCase


@tagged("post_install", "-at_install")
class TestDecision(ClauseCase):
    def propose(self, critical=0, major=0, minor=0, target="institution", on="2026-10-01", **more):
        rules = self.env["ctsp.decision.rule"].with_user(self.inspector)
        return rules._propose(target, {"critical": critical, "major": major, "minor": minor, **more}, on)

    def test_first_rule(self):
        """No critical, no major, fewer than five minor, a sound system: 符合要求 (判定原则, 通告2023年第9号)."""
        for target in ("institution", "specialty"):
            self.assertEqual(self.propose(minor=4, target=target)[0], "pass")
            self.assertEqual(self.propose(minor=5, target=target)[0], "rectify")
            self.assertEqual(self.propose(minor=4, target=target, sound_system=False)[0], "rectify")
            self.assertEqual(self.propose(major=1, target=target)[0], "rectify")
            self.assertEqual(self.propose(critical=1, target=target)[0], "fail")

    def test_sentence(self):
        """The sentence names the numbers and the rule, and says when the rule was not compared with its source."""
        self.assertIn("4", self.propose(minor=4)[1])
        self.assertNotIn("not been compared", self.propose(minor=4)[1])
        self.assertIn("not been compared", self.propose(major=1)[1])

    def test_dated(self):
        """The rules of the day of the inspection decide; before the first there is none."""
        self.assertFalse(self.propose(on="2024-02-29")[0])
        self.assertEqual(self.propose(on="2024-03-01")[0], "pass")
        rule = self.env.ref("ctsp_clause.rule_institution_pass").with_user(self.steward)
        rule.date_to = "2026-12-31"
        rule.copy({"date_from": "2027-01-01", "date_to": False, "minor_max": 2})
        self.assertEqual(self.propose(minor=4, on="2026-12-31")[0], "pass")
        self.assertEqual(self.propose(minor=4, on="2027-01-01")[0], "rectify")

    def test_try(self):
        """Anybody of the regulator tries the rules; only the steward changes them."""
        attempt = self.env["ctsp.decision.try"].with_user(self.inspector).create({"minor": 3, "day": "2026-10-01"})
        self.assertEqual(attempt.conclusion, "pass")
        with self.assertRaises(AccessError):
            self.env.ref("ctsp_clause.rule_institution_pass").with_user(self.inspector).minor_max = 9
