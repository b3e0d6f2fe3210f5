from odoo.tests import tagged

from odoo.addons.ctsp_base.tests.common import CtspCase


@tagged("post_install", "-at_install")
class TestBundles(CtspCase):
    def test_made_in_advance(self):
        """What the platform's pages load, and nothing that only Odoo's own unit tests load."""
        scripts, styles = self.env["ir.qweb"]._get_bundles_to_pregenarate()
        for bundle in ("web.assets_web", "ctsp_base.assets_desk"):
            self.assertIn(bundle, scripts & styles)
        self.assertIn("web.assets_frontend", styles)
        self.assertFalse([name for name in scripts | styles if "unit_test" in name or "tests_assets" in name])

    def test_dark_colours_are_not_offered(self):
        self.assertEqual(self.env["ir.http"].color_scheme(), "light")
        self.assertNotIn("web.assets_web_dark", self.env["ir.qweb"]._get_bundles_to_pregenarate()[1])
