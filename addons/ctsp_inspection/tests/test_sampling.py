from odoo.tests import BaseCase, tagged

from ..tools.sampling import Candidate, choose, subjects


@tagged("post_install", "-at_install")
class TestSampling(BaseCase):
    """The sample of trials and subjects: reasons first, then the lot; the same seed gives the same sample."""

    def setUp(self):
        super().setUp()
        self.trials = [Candidate(f"CTR{number}", enrolled=number, inspected=number % 2 == 0) for number in range(1, 11)]

    def test_reasons(self):
        chosen = choose("s", self.trials, 4)
        self.assertEqual([reason for _key, reason in chosen], ["largest", "never", "random", "random"])
        self.assertEqual(chosen[0][0], "CTR10")
        self.assertIn(int(chosen[1][0][3:]) % 2, (1,))
        self.assertEqual(len({key for key, _reason in chosen}), 4)

    def test_all_that_matter(self):
        """Named trials, those with serious events and with alerts are all in, beyond the number asked for."""
        trials = [*self.trials, Candidate("N", named=True), Candidate("E", events=2), Candidate("A", alerts=1)]
        self.assertEqual(choose("s", trials, 2), [("N", "named"), ("E", "events"), ("A", "alerts")])

    def test_repeatable(self):
        self.assertEqual(choose("s", self.trials, 5), choose("s", self.trials[::-1], 5))
        self.assertNotEqual([choose(str(seed), self.trials, 5) for seed in range(5)], [choose("s", self.trials, 5)] * 5)

    def test_edges(self):
        self.assertEqual(choose("s", [], 3), [])
        self.assertEqual(choose("s", [Candidate("X")], 3), [("X", "never")])
        self.assertEqual(len(choose("s", self.trials, 99)), 10)

    def test_subjects(self):
        """Ten per cent rounded up, at least five, all when there are fewer."""
        self.assertEqual(len(subjects("s", "X", 101, 5, 10)), 11)
        self.assertEqual(len(subjects("s", "X", 20, 5, 10)), 5)
        self.assertEqual(subjects("s", "X", 3, 5, 10), [1, 2, 3])
        self.assertEqual(subjects("s", "X", 0, 5, 10), [])
        self.assertNotEqual(subjects("s", "X", 101, 5, 10), subjects("s", "Y", 101, 5, 10))
