from odoo.tests import tagged

from .desk_common import FindingAttacks


@tagged("post_install", "-at_install")
class TestFindingDesk(FindingAttacks):
    """An issued finding stands every attack of another organisation."""

    @classmethod
    def _desk_record(cls, user, label):
        return cls._issued_finding(user, label)
