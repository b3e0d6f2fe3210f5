from lxml import etree

from odoo.tests import tagged

from odoo.addons.ctsp_base.tests.common import CtspCase


@tagged("post_install", "-at_install")
class TestSearch(CtspCase):
    """What searches offer to look for can be looked for."""

    def test_links_are_found_by_name(self):
        """A class without a name to search by answers every search with all of its rows, and a warning in the log."""
        views = self.env["ir.ui.view"].search([("model", "=like", "ctsp.%"), ("type", "=", "search")])
        links = {
            (view.model, field.name, field.comodel_name)
            for view in views for node in etree.fromstring(view.get_combined_arch()).iter("field")
            if (field := self.env[view.model]._fields[node.get("name")]).relational}
        self.assertGreater(len(links), 50)
        unfit = sorted(link for link in links if not self.can_be_found(self.env[link[2]]))
        self.assertFalse(unfit)

    @staticmethod
    def can_be_found(model):
        own = type(model)._search_display_name is not type(model.env["base"])._search_display_name
        return bool(own or model._rec_names_search or model._rec_name)
