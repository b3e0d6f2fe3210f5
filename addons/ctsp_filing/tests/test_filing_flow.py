from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.ctsp_base.tools import clock

from .common import FilingCase


@tagged("post_install", "-at_install")
class TestFilingFlow(FilingCase):
    """The platform's first job from end to end, and each kind of filing once."""

    def test_change_with_new_specialty(self):
        """A change with a new specialty and its PI is returned once, approved, and is in registry and history."""
        filing = self.change()
        self.assertEqual(filing.specialty_ids.operation, "keep", "prefilled from the registry, nothing changed yet")
        self.assertEqual(filing.specialty_ids.pi_line_id.target_id, self.person)
        line = self.add_specialty(filing)
        self.assertEqual(line.operation, "add")
        filing.run_transition("submit")
        self.assertEqual(filing.state, "submitted")

        review = filing.with_user(self.officer)
        self.assertEqual(review.activity_ids.user_id, self.officer, "the next person has a task")
        review.run_transition("accept")
        self.assertRegex(review.number, r"^BG\d{4}-\d{5}$")
        review.remark_ids = [Command.create({"section": "specialty_ids", "subject": line.name, "text": "请补充床位数"})]
        self.env.invalidate_all()
        self.assertFalse(filing.remark_ids, "the institution sees remarks when they are sent")
        self.env.invalidate_all()
        review.run_transition("return", "请按标注修改")
        self.env.invalidate_all()
        self.assertEqual(filing.remark_ids.text, "请补充床位数")
        self.assertIn("请补充床位数", filing.remark_specialty_ids)

        filing.specialty_ids.filtered(lambda row: row == line).bed_count = 30
        with self.assertRaises(UserError, msg="a remark without an answer"):
            filing.run_transition("resubmit")
        filing.remark_ids.answer = "已补充"
        filing.run_transition("resubmit")
        number = review.number
        review.run_transition("accept")
        self.assertEqual(review.number, number, "the number is issued once")
        self.assertEqual(review.return_count, 1)
        self.answer_checklist(review)
        before = self.institution.version_number
        review.run_transition("approve")

        specialty = self.institution.specialty_ids.filtered(lambda row: row.discipline_id == self.new_discipline)
        self.assertEqual((specialty.state, specialty.bed_count, specialty.filed_date), ("filed", 30, clock.today()))
        self.assertEqual(specialty.pi_id.name, "王示例（示例）")
        self.assertEqual(specialty.pi_id.proven_trial_count, 3)
        self.assertEqual(specialty.pi_id.gcp_ids.certificate_no, "GCP-1")
        self.assertEqual(self.institution.version_number, before + 1, "one version, made by the filing")
        version = self.institution.version_ids[0]
        self.assertEqual((version.kind, version.origin_model, version.origin_id), ("filing", "ctsp.filing", filing.id))
        self.end_transaction()
        self.assertEqual(self.institution.version_number, before + 1, "the end of the transaction adds no second one")
        deadline = review.deadline_ids
        self.assertEqual((deadline.reason, deadline.specialty_id), ("new_specialty", specialty))
        self.assertEqual(deadline.date_due, self.env["ctsp.workday"]._add(clock.today(), 60))
        self.assertFalse(review.activity_ids, "nobody has anything left to do")
        self.assertEqual(line.operation, "add", "what was decided on stays as it was shown")

    def test_first_filing(self):
        """A first filing makes the institution, its company keeps the outside user, the number is recorded."""
        company, user = self.outside("示例第三医院（示例）")
        filing = self.first_filing(user)
        review = self.accepted(filing)
        self.answer_checklist(review)
        with self.assertRaises(UserError, msg="no filing number yet"):
            review.run_transition("approve")
        review.record_no = "药临床机构备字2099000003"
        review.run_transition("approve")
        institution = review.institution_id
        self.assertEqual((institution.state, institution.record_no), ("filed", "药临床机构备字2099000003"))
        self.assertEqual(institution.partner_id, company)
        self.assertEqual(institution.specialty_ids.pi_id.name, "王示例（示例）")
        self.assertEqual(len(institution.ethics_committee_ids.member_ids), 7)
        self.assertEqual(institution.with_user(user).name, "示例第三医院（示例）", "its user reads it from now on")
        self.assertEqual(review.deadline_ids.reason, "new_institution")
        self.assertEqual(institution.version_ids.number, 1)

    def test_first_filing_of_single_account(self):
        """Who filed on his own account joins the company of the new institution and still sees his filing."""
        user = self.user_of(self.env["res.partner"], "filing_single")
        filing = self.first_filing(user)
        review = self.accepted(filing)
        self.answer_checklist(review)
        review.record_no = "药临床机构备字2099000004"
        review.run_transition("approve")
        self.assertEqual(user.partner_id.commercial_partner_id, review.institution_id.partner_id)
        self.env.invalidate_all()
        self.assertEqual(filing.owner_partner_id, review.institution_id.partner_id)
        self.assertEqual(filing.state, "approved")

    def first_filing(self, user):
        filing = self.env["ctsp.filing"].with_user(user).create({
            "kind": "initial", "name": "示例第三医院（示例）", "uscc": "12310000425006790X",
            "district_id": self.district.id,
            "level_id": self.item("institution_level", "3A").id or self.env["ctsp.dictionary.item"].search(
                [("dictionary_code", "=", "institution_level")], limit=1).id,
            "address": "上海市示例路3号", "office_phone": "021-55550000", "contact_name": "赵示例（示例）",
            "contact_phone": "13800000004",
            "site_ids": [Command.create({"name": "总院", "address": "上海市示例路3号", "is_main": True})],
            "licence_ids": [Command.create({
                "kind_id": self.item("licence_kind", "practice").id, "number": "PDY-1", "valid_to": "2099-12-31"})],
            "committee_ids": [Command.create({
                "name": "伦理审查委员会（示例）", "member_ids": [Command.create({
                    "name": f"委员{number}（示例）", "gender": "male" if number % 2 else "female",
                    "role": "chair" if number == 1 else "member", "is_external": number == 2,
                    "background_id": self.item("member_background", "law" if number == 2 else "medical").id,
                }) for number in range(1, 8)]})],
        })
        self.attach(filing, self.env["ctsp.filing.attachment.kind"].search([("for_initial", "=", True)]))
        self.add_specialty(filing)
        return filing

    def test_cancel_one_specialty(self):
        """Cancelling a specialty ends its filing and its open deadline; the rest stays."""
        filing = self.change()
        self.add_specialty(filing)
        deadline = self.approved(filing).deadline_ids
        cancellation = self.env["ctsp.filing"].with_user(self.outsider).create({
            "kind": "cancellation", "scope": "specialty", "institution_id": self.institution.id, "reason": "不再开展",
            "contact_name": "李示例（示例）", "contact_phone": "13800000003"})
        self.attach(cancellation, self.env.ref("ctsp_filing.attachment_kind_cancellation"))
        self.assertEqual(set(cancellation.specialty_ids.mapped("operation")), {"keep"})
        with self.assertRaises(UserError, msg="no specialty is ticked"):
            cancellation.run_transition("submit")
        line = cancellation.specialty_ids.filtered(lambda row: row.target_id == deadline.specialty_id)
        line.action_toggle_removal()
        self.approved(cancellation)
        self.assertEqual(deadline.specialty_id.state, "cancelled")
        self.assertEqual(deadline.specialty_id.cancel_reason, "不再开展")
        self.assertEqual(self.specialty.state, "filed")
        self.assertEqual(deadline.state, "cancelled")

    def test_cancel_institution(self):
        """Cancelling the institution cancels all its specialties and makes a version."""
        cancellation = self.env["ctsp.filing"].with_user(self.outsider).create({
            "kind": "cancellation", "scope": "institution", "reason": "机构撤并",
            "contact_name": "李示例（示例）", "contact_phone": "13800000003"})
        self.attach(cancellation, self.env.ref("ctsp_filing.attachment_kind_cancellation"))
        self.approved(cancellation)
        self.assertEqual((self.institution.state, self.specialty.state), ("cancelled", "cancelled"))
        self.assertEqual(self.institution.version_ids[0].origin_id, cancellation.id)
