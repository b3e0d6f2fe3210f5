from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.ctsp_base.tests.desk_common import DeskAttacks, DeskCase

from .common import PDF


@tagged("post_install", "-at_install")
class TestFilingDesk(DeskAttacks, DeskCase):
    """A filing with rows of every kind and files stands every attack of another organisation."""

    @classmethod
    def _desk_record(cls, user, label):
        item = cls.env["ctsp.dictionary.item"]._item
        discipline = cls.env["ctsp.discipline"].search([], limit=1)
        filing = cls.env["ctsp.filing"].with_user(user).create({
            "kind": "initial", "name": f"医院{label}（示例）", "contact_name": label,
            "site_ids": [Command.create({"name": label, "address": label})],
            "licence_ids": [Command.create({
                "kind_id": item("licence_kind", "practice").id, "number": label, "file": PDF,
                "filename": f"{label}.pdf"})],
            "person_ids": [Command.create({
                "name": label, "experience_ids": [Command.create({
                    "trial_name": label, "file": PDF, "filename": f"{label}.pdf"})]})],
            "specialty_ids": [Command.create({"discipline_id": discipline.id, "base_note": label})],
            "committee_ids": [Command.create({"name": label, "member_ids": [Command.create({"name": label})]})],
            "attachment_ids": [Command.create({
                "kind_id": cls.env.ref("ctsp_filing.attachment_kind_other").id, "data": PDF,
                "file_name": f"{label}.pdf"})],
        })
        cls.env["ctsp.filing.remark"].create({"filing_id": filing.id, "text": label, "section": "other"})
        return filing

    @classmethod
    def _desk_children(cls, record):
        children = [part for part in super()._desk_children(record) if part._name != "ctsp.check.result"]
        return [*children, record.person_ids.experience_ids, record.committee_ids.member_ids]


@tagged("post_install", "-at_install")
class TestAnnualDesk(DeskAttacks, DeskCase):
    """An annual report stands every attack of another organisation."""

    @classmethod
    def _desk_record(cls, user, label):
        institution = cls.env["ctsp.institution"].create({
            "name": f"医院{label}（示例）", "state": "filed", "partner_id": user.partner_id.commercial_partner_id.id,
            "record_no": "药临床机构备字20990001" + ("01" if label == "A" else "02")})
        campaigns = cls.env["ctsp.annual.campaign"]
        campaign = campaigns.search([("year", "=", 2096)]) or campaigns.create({"year": 2096})
        report = cls.env["ctsp.annual.report"].create({"campaign_id": campaign.id, "institution_id": institution.id})
        report.answer_ids.text = label
        report.figure_ids.note = label
        report.row_ids = [Command.create({
            "section_id": cls.env.ref("ctsp_filing.annual_section_training").id, "title": label})]
        return report


@tagged("post_install", "-at_install")
class TestNoticeDesk(DeskAttacks, DeskCase):
    """A notice stands every attack of another organisation."""

    @classmethod
    def _desk_record(cls, user, label):
        filing = cls.env["ctsp.filing"].with_user(user).create({"kind": "initial", "name": f"医院{label}（示例）"})
        return cls.env["ctsp.desk.notice"]._send(filing, "ctsp_filing.ctsp_filing_desk_action", label, label)
