from odoo import models

UNIT_TESTS = {
    "web.assets_unit_tests", "web.assets_unit_tests_setup", "web.qunit_suite_tests", "web.tests_assets",
    "mail.assets_discuss_public_test_tours"}
DARK = {"web.assets_web_dark"}


class IrQweb(models.AbstractModel):
    """Bundles made in advance: those that a page of the platform loads.

    Not so those of Odoo's own unit tests, nor its dark colours, which the community edition never asks for: nearly
    half of the time went into them, at each installation and before each test by HTTP.
    """

    _inherit = "ir.qweb"

    def _get_bundles_to_pregenarate(self):
        scripts, styles = super()._get_bundles_to_pregenarate()
        return scripts - UNIT_TESTS - DARK, styles - UNIT_TESTS - DARK
