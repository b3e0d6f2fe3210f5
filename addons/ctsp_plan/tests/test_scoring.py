from datetime import date

from odoo.tests import BaseCase, tagged

from ..tools.draw import Candidate, Visit, draw
from ..tools.scoring import PARTS, Facts, frequency, score

EVEN = dict.fromkeys(PARTS, 1)


@tagged("post_install", "-at_install")
class TestScoring(BaseCase):
    """The risk score and the drawing, without a database."""

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


@tagged("post_install", "-at_install")
class TestDraw(BaseCase):
    """Teams for many inspections at once."""

    people = [Candidate(1, True), Candidate(2, True), Candidate(3), Candidate(4), Candidate(5, workload=9)]

    def visits(self, count=1, **kw):
        return [Visit(n, date(2026, 3, 2), date(2026, 3, 3), **kw) for n in range(count)]

    def test_same_seed_same_teams(self):
        """Anybody can repeat it; another seed draws otherwise, at least once in twenty."""
        first = [draw(self.visits(), self.people, 2, "a"), draw(self.visits(), self.people[::-1], 2, "a")]
        self.assertEqual(first[0], first[1], "the order of the register does not matter")
        self.assertGreater(len({str(draw(self.visits(), self.people, 2, str(n))) for n in range(20)}), 1)

    def test_nobody_twice_on_one_day(self):
        teams = draw(self.visits(2), self.people, 2, "a")
        everyone = [person for team in teams for person in (team.leader, *team.members)]
        self.assertEqual(len(everyone), len(set(everyone)))
        self.assertEqual(draw(self.visits(3), self.people, 2, "a")[2].lack, "leader", "two leaders for three visits")

    def test_barred_stay_away(self):
        for seed in range(20):
            team = draw(self.visits(barred=frozenset({1, 3})), self.people, 3, str(seed))[0]
            self.assertFalse({1, 3} & {team.leader, *team.members})

    def test_workload_comes_first(self):
        """The one with most to do is drawn last."""
        for seed in range(20):
            self.assertNotIn(5, draw(self.visits(), self.people, 3, str(seed))[0].members)

    def test_says_what_is_lacking(self):
        self.assertEqual(draw(self.visits(), [Candidate(3)], 2, "a")[0].lack, "leader")
        self.assertEqual(draw(self.visits(), [Candidate(1, True)], 2, "a")[0].lack, "members")
