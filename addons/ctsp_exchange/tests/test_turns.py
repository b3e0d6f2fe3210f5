import psycopg2.errors

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name

from odoo.addons.ctsp_base.tools.digest import sm3


@tagged("post_install", "-at_install")
class TestTurns(BaseCase):
    """Versions of one object applied by two processes: the later one waits, and looks again at what is there."""

    def test_turns(self):
        registry, name = Registry(get_db_name()), "test turns"
        with registry.cursor() as early, registry.cursor() as late:
            earlier, later = (api.Environment(cr, SUPERUSER_ID, {})["ctsp.exchange.nonce"] for cr in (early, late))
            for commits in range(2):  # the row is new, and there already
                late.execute("SELECT 1")  # its snapshot is taken
                earlier._take_turn(name)
                early.commit()
                with self.assertRaises(psycopg2.errors.SerializationFailure, msg=commits):
                    later._take_turn(name)
                late.rollback()
            later._take_turn(name)  # tried again
            late.execute("DELETE FROM ctsp_exchange_nonce WHERE value = %s", [sm3(f"turn\n{name}".encode())])
            late.commit()
