import base64

from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_institution.tests.common import RegistryCase

PDF = base64.b64encode(b"%PDF-1.4\n% sample\n%%EOF\n")


class FilingCase(RegistryCase):
    """A filed, invented institution with its outside user, an officer, and ready-made proposals."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls.role("filing_officer")
        cls.outsider = cls.user_of(cls.institution.partner_id, "filing_a")
        cls.other = cls._institution("示例第二医院（示例）", "药临床机构备字2099000002")
        cls.stranger = cls.user_of(cls.other.partner_id, "filing_b")
        cls.new_discipline = cls.env["ctsp.discipline"].create({"code": "T98", "name": "新增专业（示例）"})
        cls.specialty.filed_date = "2026-01-05"
        cls.end_transaction()

    @classmethod
    def user_of(cls, company, login):
        """Return a share user of the company."""
        user = new_test_user(cls.env, login, groups="ctsp_base.group_institution_user")
        user.partner_id.parent_id = company
        return user

    @classmethod
    def change(cls, user=None, **vals):
        """Return a new change filing of the institution, prefilled from the registry, with what every change needs."""
        kind = cls.env.ref("ctsp_filing.attachment_kind_change_proof")
        filing = cls.env["ctsp.filing"].with_user(user or cls.outsider).create({
            "kind": "change", "institution_id": cls.institution.id, "reason": "新增专业（示例）",
            "change_date": clock.today(), "contact_name": "李示例（示例）", "contact_phone": "13800000003", **vals,
        })
        cls.attach(filing, kind)
        return filing

    @classmethod
    def attach(cls, filing, kinds):
        filing.attachment_ids = [
            Command.create({"kind_id": kind.id, "data": PDF, "file_name": "证明.pdf"}) for kind in kinds]

    @classmethod
    def investigator(cls, filing, name="王示例（示例）", trials=3, title="chief_physician", **vals):
        """Return a new person row who meets the rules on principal investigators."""
        proof = cls.item("trial_proof", "delegation_log")
        return cls.env["ctsp.filing.person"].with_user(filing.env.user).create({
            "filing_id": filing.id, "name": name, "title_id": cls.item("professional_title", title).id,
            "gender": "female", "gcp_certificate_no": "GCP-1", "gcp_date": "2026-01-10", "gcp_valid_to": "2099-12-31",
            "experience_ids": [Command.create({
                "trial_name": f"示例药物临床试验{number}（示例）", "proof_kind_ids": [Command.set(proof.ids)],
                "file": PDF, "filename": "授权分工表.pdf",
            }) for number in range(trials)], **vals,
        })

    @classmethod
    def add_specialty(cls, filing, person=None, **vals):
        """Return a new specialty row led by ``person``."""
        person = person or cls.investigator(filing)
        kinds = cls.env["ctsp.filing.attachment.kind"].search([("for_specialty", "=", True)])
        cls.attach(filing, kinds)
        return cls.env["ctsp.filing.specialty"].with_user(filing.env.user).create({
            "filing_id": filing.id, "discipline_id": cls.new_discipline.id, "pi_line_id": person.id, **vals})

    @classmethod
    def accepted(cls, filing):
        """Submit ``filing`` as its writer and accept it as the officer; return it as the officer sees it."""
        filing.run_transition("submit")
        filing = filing.with_user(cls.officer)
        filing.run_transition("accept")
        return filing

    @classmethod
    def answer_checklist(cls, filing):
        filing.checklist_ids.result = "yes"

    @classmethod
    def approved(cls, filing):
        """Take ``filing`` from draft to approval; return it as the officer sees it."""
        filing = cls.accepted(filing)
        cls.answer_checklist(filing)
        filing.run_transition("approve")
        return filing
