import collections

from odoo.tests import BaseCase, tagged

from ..tools import drawing


@tagged("post_install", "-at_install")
class TestDrawing(BaseCase):
    """The drawing is a pure function of its seed that anybody can repeat; no database."""

    def test_by_hand(self):
        """printf 'SEED\\n1:leader\\nSL-0001' | openssl dgst -sm3"""
        self.assertEqual(
            drawing.lot("SEED", "1:leader", "SL-0001").ticket,
            "308d242d1b40b3ada4c742264021ca7220b3e869a65eabfd4fb7c632ab6ee6e1")

    def test_same_seed_same_result(self):
        """Neither the order of the candidates nor a second run changes anything; another seed does."""
        keys = [f"SL-{number:04}" for number in range(50)]
        first = [lot.key for lot in drawing.draw("a", "1", dict.fromkeys(keys, 0))]
        self.assertEqual(first, [lot.key for lot in drawing.draw("a", "1", dict.fromkeys(reversed(keys), 0))])
        self.assertNotEqual(first, [lot.key for lot in drawing.draw("b", "1", dict.fromkeys(keys, 0))])
        self.assertNotEqual(first, [lot.key for lot in drawing.draw("a", "2", dict.fromkeys(keys, 0))])
        self.assertEqual(sorted(first), keys)

    def test_fair(self):
        """Everybody is drawn about equally often: 4,000 drawings of one of four, within five standard deviations."""
        wins = collections.Counter(drawing.sample(str(seed), "1", "abcd", 1)[0] for seed in range(4000))
        for key in "abcd":
            self.assertAlmostEqual(wins[key], 1000, delta=140)

    def test_load(self):
        """Who has load 3 comes before somebody with none in one of five drawings (1 : 4)."""
        wins = collections.Counter(
            drawing.draw(str(seed), "1", {"busy": 3, "free": 0})[0].key for seed in range(4000))
        self.assertAlmostEqual(wins["busy"], 800, delta=130)

    def test_edges(self):
        """Nobody, fewer than wanted, a negative load; positions are different numbers in order."""
        self.assertEqual(drawing.draw("s", "1", {}), [])
        self.assertEqual(sorted(drawing.sample("s", "1", ["x", "y"], 5)), ["x", "y"])
        with self.assertRaises(ValueError):
            drawing.lot("s", "1", "x", -1)
        found = drawing.positions("s", "1", 30, 5)
        self.assertEqual((len(set(found)), found), (5, sorted(found)))
        self.assertTrue(all(1 <= number <= 30 for number in found))
        self.assertEqual(drawing.positions("s", "1", 3, 5), [1, 2, 3])
