from odoo.addons.ctsp_base.tests.common import CtspCase

from ..tools import rings


class CryptoCase(CtspCase):
    """Keys made in a test are rolled back with it: no other test may still know them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(rings.forget, cls.env.cr.dbname)
        cls.crypto = cls.env["ctsp.crypto"]

    def setUp(self):
        super().setUp()
        self.addCleanup(rings.forget, self.env.cr.dbname)
