"""Attacks of one outside organisation on another, for every owned model to stand.

Use::

    from odoo.addons.ctsp_base.tests.desk_common import DeskAttacks, DeskCase

    @tagged("post_install", "-at_install")
    class TestFilingDesk(DeskAttacks, DeskCase):
        @classmethod
        def _desk_record(cls, user, label):
            return cls.env["ctsp.filing"].with_user(user).create({"name": label, ...})
"""

from .desk_case import SECRET, DeskCase
from .desk_orm_attacks import OrmAttacks
from .desk_wire_attacks import WireAttacks

__all__ = ["SECRET", "DeskAttacks", "DeskCase"]


class DeskAttacks(OrmAttacks, WireAttacks):
    """The attacks. Each goes at B's record, lines and files as a user of A; none may read or change anything."""
