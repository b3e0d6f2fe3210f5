from odoo.tests import BaseCase, tagged

from ..tools import evidence


@tagged("post_install", "-at_install")
class TestEvidence(BaseCase):
    """The bytes under a digest are unambiguous, and a comparison names what differs."""

    def entry(self, revision, digests, removed=False):
        return evidence.Entry(7, revision, 1, removed, digests, "", 1, None, None)

    def test_messages_differ(self):
        """Row, field, and an empty text against no value at all."""
        made = {evidence.field_message(*args) for args in (
            (1, "a", "x"), (2, "a", "x"), (1, "b", "x"), (1, "a", None), (1, "a", ""), (1, "a", "n"))}
        self.assertEqual(len(made), 6)

    def test_altered(self):
        entry = self.entry(1, "a" * 16 + "b" * 16)
        self.assertEqual(evidence.altered(entry, ("x", "y"), {"x": "a" * 16, "y": "c" * 16}), ["y"])

    def test_older_state(self):
        """The newest of the older states that fits, and no removed one."""
        history = [self.entry(1, "a" * 16), self.entry(2, "b" * 16), self.entry(3, "a" * 16), self.entry(4, "", True)]
        self.assertEqual(evidence.same_as(history, {1: ("x",)}, {"x": "a" * 16}), 3)
        self.assertIsNone(evidence.same_as(history, {1: ("x",)}, {"x": "d" * 16}))
