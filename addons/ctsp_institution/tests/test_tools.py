from odoo.tests import BaseCase, tagged

from ..tools import coordinates, diff, requirements


@tagged("post_install", "-at_install")
class TestCoordinates(BaseCase):
    """Conversions between WGS-84, GCJ-02 and BD-09."""

    def test_known_offset(self):
        """The Oriental Pearl Tower lies where the published algorithm puts it (degrees, about a metre)."""
        longitude, latitude = coordinates.wgs84_to_gcj02(121.4952, 31.2417)
        self.assertAlmostEqual(longitude, 121.49972, places=3)
        self.assertAlmostEqual(latitude, 31.23972, places=3)

    def test_there_and_back(self):
        """Each inverse undoes its conversion to better than a centimetre, all over Shanghai."""
        for longitude in (120.9, 121.2, 121.47, 121.8):
            for latitude in (30.7, 31.0, 31.23, 31.8):
                gcj = coordinates.wgs84_to_gcj02(longitude, latitude)
                bd = coordinates.gcj02_to_bd09(*gcj)
                for crs, point in (("gcj02", gcj), ("bd09", bd)):
                    back = coordinates.to_wgs84(*point, crs)
                    self.assertAlmostEqual(back[0], longitude, delta=2e-5 if crs == "bd09" else 1e-7)
                    self.assertAlmostEqual(back[1], latitude, delta=2e-5 if crs == "bd09" else 1e-7)

    def test_outside_china_nothing_moves(self):
        """GCJ-02 has no offset abroad; an unknown system is refused."""
        self.assertEqual(coordinates.to_wgs84(2.35, 48.86, "gcj02"), (2.35, 48.86))
        with self.assertRaises(ValueError):
            coordinates.to_wgs84(121.0, 31.0, "utm")


def node(key, values, children=None, model="m"):
    return {"model": model, "id": key, "name": f"n{key}", "values": values, "children": children or {}}


@tagged("post_install", "-at_install")
class TestDiff(BaseCase):
    """The difference of two snapshots, field by field and line by line."""

    def test_fields(self):
        """A field is the same, changed, added or removed; nothing and an empty text are the same."""
        old = node(1, {"a": 1, "b": "x", "c": None, "d": "", "e": [3, "z"]})
        new = node(1, {"a": 1, "b": "y", "c": "k", "d": None, "e": None})
        result = diff.compare(old, new)
        self.assertEqual(
            {field.name: field.status for field in result.fields},
            {"a": "same", "b": "changed", "c": "added", "d": "same", "e": "removed"})
        self.assertEqual((result.status, result.changed_count), ("changed", 3))

    def test_zero_and_no_are_values(self):
        """Nought beds and a flag set to “no” count as facts, not as nothing."""
        result = diff.compare(node(1, {"beds": 0}), node(1, {"beds": None}))
        self.assertEqual(result.fields[0].status, "removed")

    def test_lines_are_matched_by_identity(self):
        """Lines of a list are matched by their record, whatever their order."""
        old = node(1, {}, {"lines": [node(7, {"a": 1}), node(8, {"a": 2})]})
        new = node(1, {}, {"lines": [node(9, {"a": 3}), node(8, {"a": 5})]})
        lines = dict(diff.compare(old, new).children)["lines"]
        self.assertEqual({line.name: line.status for line in lines}, {"n9": "added", "n8": "changed", "n7": "removed"})

    def test_personal_values_come_from_their_part(self):
        """A personal stand-in is compared by the value that lies apart, under its path."""
        old = node(1, {}, {"people": [node(7, {"mobile": {"personal": True}})]})
        result = diff.compare(old, old, {"people/7/mobile": "1"}, {"people/7/mobile": "2"})
        field = result.children[0][1][0].fields[0]
        self.assertEqual((field.left, field.right, field.status, field.personal), ("1", "2", "changed", True))

    def test_same(self):
        """A snapshot does not differ from itself."""
        one = node(1, {"a": 1}, {"lines": [node(2, {"b": [[1, "x"]]})]})
        result = diff.compare(one, one)
        self.assertEqual((result.status, result.changed_count), ("same", 0))


@tagged("post_install", "-at_install")
class TestRequirements(BaseCase):
    """Requirements of 2019 No. 101 on investigators and of the Ethics Review Measures 2023 on committees."""

    def codes(self, verdicts):
        return [verdict.code for verdict in verdicts if not verdict.met]

    def test_investigator(self):
        """Senior title, three proven trials and GCP training are wanted; each is named when it is missing."""
        self.assertTrue(requirements.met(requirements.investigator(True, True, 3, True, 3)))
        self.assertEqual(self.codes(requirements.investigator(True, True, 2, True, 3)), ["proven_trials"])
        self.assertEqual(
            self.codes(requirements.investigator(True, False, 3, False, 3)), ["senior_title", "gcp_training"])
        self.assertEqual(self.codes(requirements.investigator(False, False, 0, False, 3)), ["no_investigator"])

    def test_composition(self):
        """Seven members, both sexes, an outsider, a non-medical and a legal background."""
        good = {"members": 7, "men": 4, "women": 3, "external": 1, "non_medical": 1, "legal": 1, "minimum": 7}
        self.assertTrue(requirements.met(requirements.composition(**good)))
        for change, code in (
            ({"members": 6}, "members"), ({"women": 0}, "both_sexes"), ({"external": 0}, "external"),
            ({"non_medical": 0}, "non_medical"), ({"legal": 0}, "legal"),
        ):
            self.assertEqual(self.codes(requirements.composition(**{**good, **change})), [code])
