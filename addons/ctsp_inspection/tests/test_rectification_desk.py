from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.ctsp_base.tests.desk_common import DeskAttacks, DeskCase

from .common import PROOF


@tagged("post_install", "-at_install")
class TestRectificationDesk(DeskAttacks, DeskCase):
    """A rectification with files, rounds, a request and an objection stands every attack of another organisation."""

    @classmethod
    def _desk_record(cls, user, label):
        institution = cls.env["ctsp.institution"].create({
            "name": f"医院{label}（示例）", "state": "filed", "partner_id": user.partner_id.commercial_partner_id.id,
            "record_no": "药临床机构备字20990002" + ("01" if label == "A" else "02")})
        inspection = cls.env["ctsp.inspection"].create({
            "institution_id": institution.id, "name": label, "date_planned_from": "2026-03-02"})
        finding = cls.env["ctsp.finding"].create({
            "inspection_id": inspection.id, "institution_id": institution.id, "number": label, "point": label,
            "description": label, "grade": "minor"})
        finding._set_state("issued", label)
        item = cls.env["ctsp.rectification"]._issue(finding)
        item.with_user(user).write({
            "cause": label, "correction": label, "prevention": label,
            "file_ids": [Command.create({**PROOF, "file_name": f"{label}.pdf", "note": label})],
            "extension_ids": [Command.create({
                "reason": label, "date_wanted": cls.env["ctsp.workday"]._add(item.date_due, 3)})],
            "objection_ids": [Command.create({"reason": label})],
        })
        item.round_ids._open(item)
        return item
