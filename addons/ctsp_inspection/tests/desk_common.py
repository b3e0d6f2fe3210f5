from odoo.addons.ctsp_base.tests.desk_common import DeskAttacks, DeskCase


class FindingAttacks(DeskAttacks, DeskCase):
    """Findings issued to the institution of the attacking user and of the attacked one."""

    @classmethod
    def _issued_finding(cls, user, label):
        """Return a finding issued to an institution of the user's organisation, ``label`` in each of its texts."""
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
