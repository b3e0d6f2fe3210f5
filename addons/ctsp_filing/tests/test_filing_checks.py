from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.ctsp_base.tools import clock

from .common import PDF, FilingCase


@tagged("post_install", "-at_install")
class TestFilingChecks(FilingCase):
    """Each automatic check: what it stops, and the field it leads to."""

    def failed(self, filing):
        """Return {check code: field} of what fails now."""
        filing.action_run_checks()
        results = self.env["ctsp.check.result"].search([
            ("res_model", "=", "ctsp.filing"), ("res_id", "=", filing.id), ("passed", "=", False)])
        return {result.check_id.code.removeprefix("filing."): result.field_name for result in results}

    def test_good_change_passes(self):
        filing = self.change()
        self.add_specialty(filing)
        self.assertEqual(self.failed(filing), {})

    def test_empty_change(self):
        """A change that changes nothing, says nothing and attaches nothing."""
        filing = self.env["ctsp.filing"].with_user(self.outsider).create({
            "kind": "change", "institution_id": self.institution.id})
        failed = self.failed(filing)
        self.assertLessEqual({"complete", "changes_something", "attachments"}, set(failed))
        with self.assertRaises(UserError):
            filing.run_transition("submit")
        self.assertEqual(filing.state, "draft")

    def test_pi_title(self):
        """管理规定 (2019年第101号): 主要研究者应具有高级职称."""
        filing = self.change()
        self.add_specialty(filing, self.investigator(filing, title="attending_physician"))
        self.assertEqual(self.failed(filing), {"pi_title": "specialty_ids"})

    def test_pi_trials(self):
        """管理规定 (2019年第101号): 主要研究者参加过 3 个以上药物临床试验, each with proof."""
        filing = self.change()
        person = self.investigator(filing, trials=2)
        self.add_specialty(filing, person)
        self.assertEqual(self.failed(filing), {"pi_trials": "specialty_ids"})
        person.experience_ids = [Command.create({"trial_name": "没有证明的试验（示例）"})]
        self.assertEqual(self.failed(filing), {"pi_trials": "specialty_ids"}, "a trial without proof does not count")

    def test_proof_counts_before_it_is_saved(self):
        """The form ticks a trial as proven as soon as its file is chosen."""
        row = self.env["ctsp.filing.experience"].with_user(self.outsider).new({
            "trial_name": "示例药物临床试验（示例）", "file": PDF, "filename": "授权分工表.pdf",
            "proof_kind_ids": [Command.set(self.item("trial_proof", "delegation_log").ids)]})
        self.assertTrue(row.is_proven)
        row.file = False
        self.assertFalse(row.is_proven)

    def test_pi_missing(self):
        filing = self.change()
        line = self.add_specialty(filing)
        line.pi_line_id = False
        self.assertEqual(self.failed(filing), {"pi_present": "specialty_ids"})

    def test_unchanged_specialty_keeps_investigator_and_site(self):
        """A specialty that stays as it is cannot lose its investigator or its only site by the way."""
        self.specialty.site_ids = self.institution.site_ids
        filing = self.change()
        filing.person_ids.removal = True
        self.assertEqual(filing.specialty_ids.operation, "keep")
        self.assertEqual(self.failed(filing), {"pi_present": "specialty_ids"})
        with self.assertRaises(UserError):
            filing.run_transition("submit")
        filing.specialty_ids.removal = True
        self.assertEqual(self.failed(filing), {}, "the specialty goes with him")
        filing.specialty_ids.removal = filing.person_ids.removal = False
        filing.site_ids.removal = True
        self.assertEqual(self.failed(filing), {"site_present": "specialty_ids"})

    def test_two_chairs(self):
        """伦理审查办法: one chair; two of them would stop the approval half-way."""
        filing = self.change()
        background = self.item("member_background", "medical").id
        filing.committee_ids = [Command.create({"name": "新委员会（示例）", "member_ids": [Command.create({
            "name": f"委员{number}（示例）", "gender": "male" if number % 2 else "female", "is_external": number == 2,
            "role": "chair" if number < 3 else "member", "background_id": background}) for number in range(1, 8)]})]
        self.assertEqual(self.failed(filing), {"committee": "committee_ids"})

    def test_gcp_out_of_date(self):
        """GCP: 研究者经过培训; an expired certificate is shown as a warning and does not stop the filing."""
        filing = self.change()
        self.add_specialty(filing, self.investigator(filing, gcp_valid_to="2026-02-01"))
        self.assertEqual(self.failed(filing), {"gcp": "person_ids"})
        filing.run_transition("submit")

    def test_expired_licence(self):
        filing = self.change()
        filing.licence_ids = [Command.create({
            "kind_id": self.item("licence_kind", "practice").id, "number": "PDY-1", "valid_to": "2020-12-31"})]
        self.assertEqual(self.failed(filing), {"licence": "licence_ids"})

    def test_late_change(self):
        """管理规定: 变更后 5 个工作日内; late is a warning."""
        filing = self.change(change_date=clock.today() - timedelta(days=30))
        filing.site_ids.address = "上海市示例路100号"
        self.assertEqual(self.failed(filing), {"late_change": "change_date"})
        filing.change_date = clock.today() + timedelta(days=3)
        self.assertEqual(self.failed(filing), {"late_change": "change_date"}, "a change in the future")

    def test_committee_composition(self):
        """伦理审查办法 (2023): 不少于 7 人, 不同性别, 含非本机构人员."""
        filing = self.change()
        filing.committee_ids = [Command.create({
            "name": "新委员会（示例）", "member_ids": [Command.create({"name": "一人（示例）", "gender": "male"})]})]
        self.assertEqual(self.failed(filing), {"committee": "committee_ids"})

    def test_twice_the_same(self):
        filing = self.change()
        person = self.investigator(filing, id_number="110101199003074514")
        self.investigator(filing, name="同号（示例）", id_number="110101199003074514")
        self.add_specialty(filing, person)
        self.add_specialty(filing, person)
        self.assertEqual(set(self.failed(filing)), {"duplicate_rows"})

    def test_bad_codes(self):
        """An identity number with a wrong check digit (GB 11643) is named with the person, never with the number."""
        filing = self.change()
        self.add_specialty(filing, self.investigator(filing, id_number="110101199003074511"))
        filing.action_run_checks()
        result = self.env["ctsp.check.result"].search([
            ("res_id", "=", filing.id), ("res_model", "=", "ctsp.filing"), ("passed", "=", False)])
        self.assertEqual(result.check_id.code, "filing.codes")
        self.assertNotIn("110101199003074511", result.message)

    def test_missing_attachment(self):
        """A new specialty needs the assessment report; kinds are rows an administrator sets."""
        filing = self.change()
        self.add_specialty(filing)
        filing.attachment_ids.filtered(lambda row: row.kind_id.code == "assessment").unlink()
        self.assertEqual(self.failed(filing), {"attachments": "attachment_ids"})

    def test_second_filing_under_way(self):
        first = self.change()
        first.site_ids.address = "上海市示例路100号"
        first.run_transition("submit")
        second = self.change()
        second.office_phone = "021-55557777"
        self.assertEqual(self.failed(second), {"duplicate_filing": "institution_id"})

    def test_level_is_a_setting(self):
        """An administrator makes a blocking check a warning: the same filing goes through."""
        filing = self.change()
        self.add_specialty(filing, self.investigator(filing, trials=1))
        with self.assertRaises(UserError):
            filing.run_transition("submit")
        self.env.ref("ctsp_filing.check_pi_trials").level = "warning"
        filing.run_transition("submit")

    def test_duplicate_institution(self):
        """A first filing under the code of a filed institution is stopped."""
        self.institution.uscc = "12310000425006790X"
        filing = self.env["ctsp.filing"].with_user(self.officer).create({
            "kind": "initial", "name": "另一家（示例）", "uscc": "12310000425006790X"})
        self.assertEqual(self.failed(filing)["duplicate_institution"], "uscc")
