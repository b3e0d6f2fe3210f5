from odoo.fields import Command
from odoo.tests import tagged

from .common import PROOF
from .desk_common import FindingAttacks


@tagged("post_install", "-at_install")
class TestRectificationDesk(FindingAttacks):
    """A rectification with files, rounds, a request and an objection stands every attack of another organisation."""

    @classmethod
    def _desk_record(cls, user, label):
        item = cls.env["ctsp.rectification"]._issue(cls._issued_finding(user, label))
        item.with_user(user).write({
            "cause": label, "correction": label, "prevention": label,
            "file_ids": [Command.create({**PROOF, "file_name": f"{label}.pdf", "note": label})],
            "extension_ids": [Command.create({
                "reason": label, "date_wanted": cls.env["ctsp.workday"]._add(item.date_due, 3)})],
            "objection_ids": [Command.create({"reason": label})],
        })
        item.round_ids._open(item)
        return item
