import json

from odoo.tests import BaseCase, tagged

from odoo.addons.ctsp_connector_app.tools import ticket as form
from odoo.addons.ctsp_connector_app.tools.origins import framed, sites

NOW = 1_800_000_000_000


@tagged("post_install", "-at_install")
class TestPure(BaseCase):
    """What the APP says is read strictly."""

    def said(self, **changes):
        facts = {"ticket": form.digest("t" * 20), "nonce": "n", "platform": "ctsp", "time": NOW, "subject": "u1",
                 "name": "甲", **changes}
        return form.read(json.dumps(facts), "t" * 20, "n", NOW)

    def test_good(self):
        said = self.said(posts=["组长"], organisation="310000")
        self.assertEqual((said.subject, said.name, said.posts, said.organisation), ("u1", "甲", ("组长",), "310000"))

    def test_bad(self):
        for changes, word in (
            ({"ticket": form.digest("u" * 20)}, "other"), ({"nonce": "m"}, "other"), ({"platform": "x"}, "other"),
            ({"time": NOW - 60_001}, "late"), ({"time": NOW + 60_001}, "late"), ({"time": True}, "late"),
            ({"time": "now"}, "late"), ({"subject": ""}, "form"), ({"subject": "a b"}, "form"),
            ({"subject": 5}, "form"),
            ({"name": "  "}, "form"), ({"posts": "组长"}, "form"), ({"posts": ["x"] * 51}, "form"),
            ({"roles": [1]}, "form"), ({"name": "x" * 201}, "form"),
        ):
            with self.subTest(changes), self.assertRaises(form.Unreadable) as caught:
                self.said(**changes)
            self.assertEqual(caught.exception.args[0], word)
        for text in ("", "[]", "{", "[" * 100_000):
            with self.assertRaises(form.Unreadable):
                form.read(text, "t" * 20, "n", NOW)

    def test_sites(self):
        good = ["https://app.example.org", "https://app.example.org:8443"]
        bad = ["http://app.example.org", "https://a.b/path", "https://a b", "https://*", 5, "https://a\r\nX: y",
               "https://a; script-src *"]
        self.assertEqual(sites([*bad, *good]), good)
        self.assertEqual(sites(None), [])

    def test_framed(self):
        """Who may frame a page changes; what else its policy forbids, it goes on forbidding."""
        self.assertEqual(framed(None, "'self'"), "frame-ancestors 'self'")
        self.assertEqual(
            framed("default-src 'none'; frame-ancestors 'none';", "'self' https://a.b"),
            "default-src 'none'; frame-ancestors 'self' https://a.b")
