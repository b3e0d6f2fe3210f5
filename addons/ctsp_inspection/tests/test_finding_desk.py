from odoo.tests import tagged

from odoo.addons.ctsp_base.tests.desk_common import DeskAttacks, DeskCase


@tagged("post_install", "-at_install")
class TestFindingDesk(DeskAttacks, DeskCase):
    """An issued finding stands every attack of another organisation."""

    @classmethod
    def _desk_record(cls, user, label):
        institution = cls.env["ctsp.institution"].create({
            "name": f"医院{label}（示例）", "state": "filed", "partner_id": user.partner_id.commercial_partner_id.id,
            "record_no": "药临床机构备字20990003" + ("01" if label == "A" else "02")})
        inspection = cls.env["ctsp.inspection"].create({
            "institution_id": institution.id, "name": label, "date_planned_from": "2026-03-02"})
        finding = cls.env["ctsp.finding"].create({
            "inspection_id": inspection.id, "institution_id": institution.id, "number": label, "point": label,
            "description": label, "grade": "minor", "grade_reason": label})
        finding._set_state("issued", label)
        return finding
