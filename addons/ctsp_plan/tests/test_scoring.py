from odoo.tests import BaseCase, tagged

from ..tools.scoring import PARTS, Facts, frequency, score

EVEN = dict.fromkeys(PARTS, 1)


@tagged("post_install", "-at_install")
class TestScoring(BaseCase):
    """The risk score, without a database."""

    def test_between_0_and_100(self):
        """Nothing known but a fresh visit is 0; the worst of everything is 100 and no more."""
        self.assertEqual(score(Facts(months_since_visit=0), EVEN)[0], 0)
        worst = Facts(None, 9, 9, 9, 9, 9, 9, 999, 99999, 99, 9, 9, 9, 9)
        self.assertEqual(score(worst, EVEN)[0], 100)

    def test_parts_add_up(self):
        """The points of the parts are the whole, so that it can be explained."""
        whole, parts = score(Facts(12, 1, 0, 1, 2, 3, 0, 20, 300, 1, 1, 1, 0, 2), {**EVEN, "findings": 3})
        self.assertAlmostEqual(whole, sum(part.points for part in parts), 1)
        self.assertEqual([part.code for part in parts], list(PARTS))

    def test_never_visited_counts_as_three_years(self):
        never, _parts = score(Facts(None), {"time": 1})
        three, _parts = score(Facts(36), {"time": 1})
        one, parts = score(Facts(12), {"time": 1})
        self.assertEqual((never, three), (100, 100))
        self.assertAlmostEqual(one, 33.3, 1)
        self.assertEqual(parts[0].figures["months"], 12)

    def test_more_risk_never_scores_less(self):
        """Each fact raises the score or leaves it."""
        base = Facts(6)
        for name in Facts.__dataclass_fields__:
            with self.subTest(name):
                more = Facts(**{**base.__dict__, name: (getattr(base, name) or 0) + 1})
                self.assertGreaterEqual(score(more, EVEN)[0], score(base, EVEN)[0])

    def test_weights_decide(self):
        facts = Facts(0, critical=3)
        self.assertEqual(score(facts, {"findings": 5})[0], 100)
        self.assertEqual(score(facts, {"volume": 5})[0], 0)
        with self.assertRaises(ValueError):
            score(facts, {})
        with self.assertRaises(ValueError):
            score(facts, {"time": 5, "alerts": -1})

    def test_frequency(self):
        self.assertEqual([frequency(x, 60, 30) for x in (60, 59.9, 30, 29.9)], ["twice", "yearly", "yearly", "second"])
