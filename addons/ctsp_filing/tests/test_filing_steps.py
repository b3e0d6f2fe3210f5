from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.ctsp_base.tools import clock

from .common import FilingCase


@tagged("post_install", "-at_install")
class TestFilingSteps(FilingCase):
    """The other side of each step: what must not happen, and what is shown before it does."""

    def test_diff_names_exactly_what_changes(self):
        """The comparison holds the changed field of the changed row, old and new, and nothing else."""
        filing = self.change()
        filing.site_ids.address = "上海市示例路100号"
        sections = filing._diff()
        self.assertEqual([section["section"] for section in sections], ["site_ids"])
        (row,) = sections[0]["rows"]
        (field,) = row["fields"]
        self.assertEqual((row["op"], field["name"], field["old"], field["new"]),
                         ("change", "address", "上海市示例路1号", "上海市示例路100号"))
        self.assertIn("上海市示例路100号", filing.diff_html)

    def test_diff_masks_personal_data(self):
        """A changed telephone number is announced, not shown."""
        filing = self.change()
        filing.person_ids.mobile = "13911112222"
        html = str(filing.diff_html)
        self.assertNotIn("13911112222", html)
        self.assertNotIn("13800000001", html)
        self.assertEqual(filing.person_ids.operation, "change")

    def test_diff_is_frozen_by_the_decision(self):
        """After approval the comparison still shows the old value."""
        filing = self.change()
        filing.site_ids.address = "上海市示例路100号"
        review = self.approved(filing)
        self.assertIn("上海市示例路1号", review.diff_html)
        self.assertEqual(self.institution.site_ids.address, "上海市示例路100号")
        self.assertEqual(review.deadline_ids.reason, "changed_address", "a changed address is inspected (管理规定)")

    def test_unchanged_fields_are_not_written(self):
        """What the registry learned meanwhile survives a proposal that does not speak of it."""
        filing = self.change()
        filing.site_ids.address = "上海市示例路100号"
        self.institution.office_phone = "021-55556666"
        self.approved(filing)
        self.assertEqual(self.institution.office_phone, "021-55556666")

    def test_start_keeps_what_was_sent_along(self):
        """Header fields and rows sent at once stay, the registry's content is filled in around them."""
        filing = self.env["ctsp.filing"].with_user(self.outsider).create({
            "kind": "change", "office_phone": "021-55558888", "website": False,
            "person_ids": [Command.create({"name": "新人（示例）"})]})
        self.assertEqual(filing._changed_names(), ["office_phone"])
        self.assertEqual(sorted(filing.person_ids.mapped("operation")), ["add", "keep"])

    def test_stale_proposal_is_stopped(self):
        """The same field changed by somebody else meanwhile stops the approval until the officer decides."""
        filing = self.change()
        filing.site_ids.address = "上海市示例路100号"
        review = self.accepted(filing)
        self.answer_checklist(review)
        self.institution.site_ids.address = "上海市示例路77号"
        self.assertTrue(review.has_conflict)
        with self.assertRaises(UserError):
            review.run_transition("approve")
        self.assertEqual(self.institution.site_ids.address, "上海市示例路77号")
        review.override_conflicts = True
        review.run_transition("approve")
        self.assertEqual(self.institution.site_ids.address, "上海市示例路100号")

    def test_rebase_keeps_the_proposal(self):
        """Taking over the registry of today settles the conflict and follows what else changed."""
        filing = self.change()
        filing.site_ids.address = "上海市示例路100号"
        self.institution.site_ids.address = "上海市示例路77号"
        self.institution.office_phone = "021-55556666"
        self.assertTrue(filing.has_conflict)
        filing.action_rebase()
        self.assertFalse(filing.has_conflict)
        self.assertEqual(filing.site_ids.address, "上海市示例路100号")
        self.assertEqual(filing.office_phone, "021-55556666")

    def test_approved_twice(self):
        """The second approval is refused with a clear reason and changes nothing."""
        filing = self.change()
        self.add_specialty(filing)
        review = self.approved(filing)
        count = len(self.institution.specialty_ids)
        with self.assertRaises(UserError):
            review.run_transition("approve")
        self.assertEqual(len(self.institution.specialty_ids), count)

    def test_failed_approval_leaves_nothing(self):
        """An error half-way undoes the whole approval."""
        filing = self.change()
        filing.site_ids.address = "上海市示例路100号"
        self.add_specialty(filing)
        review = self.accepted(filing)
        self.answer_checklist(review)
        self.patch(type(self.env["ctsp.deadline"]), "_open", lambda *args: 1 / 0)
        with self.assertRaises(ZeroDivisionError), self.cr.savepoint():
            review.run_transition("approve")
        self.env.invalidate_all()
        self.assertEqual(review.state, "in_review")
        self.assertEqual(self.institution.site_ids.address, "上海市示例路1号")
        self.assertEqual(len(self.institution.specialty_ids), 1)

    def test_content_is_fixed_once_handed_in(self):
        """Neither the institution nor the officer edits the content of a filing in review."""
        filing = self.change()
        filing.site_ids.address = "上海市示例路100号"
        review = self.accepted(filing)
        with self.assertRaises(UserError):
            filing.site_ids.address = "上海市示例路101号"
        with self.assertRaises(UserError):
            review.site_ids.address = "上海市示例路101号"
        with self.assertRaises(UserError):
            review.reason = "改"
        with self.assertRaises(UserError):
            self.attach(filing, self.env.ref("ctsp_filing.attachment_kind_other"))
        with self.assertRaises(UserError):
            self.attach(review, self.env.ref("ctsp_filing.attachment_kind_other"))

    def test_cancelled_institution_is_not_changed(self):
        """A change is not approved, nor handed in, once the institution was cancelled meanwhile."""
        filing, draft = self.change(), self.change()
        self.add_specialty(filing)
        draft.site_ids.address = "上海市示例路100号"
        review = self.accepted(filing)
        self.answer_checklist(review)
        self.institution.write({"state": "cancelled", "cancelled_date": clock.today()})
        with self.assertRaises(UserError):
            draft.run_transition("submit")
        with self.assertRaises(UserError):
            review.run_transition("approve")
        self.assertEqual(len(self.institution.specialty_ids), 1)
        review.run_transition("return", "机构已取消备案")
        with self.assertRaises(UserError):
            filing.run_transition("resubmit")

    def test_numbers_and_counters_are_the_platforms(self):
        """No officer writes what the platform keeps, on create neither, nor by a default."""
        filing = self.change()
        filing.site_ids.address = "上海市示例路100号"
        review = self.accepted(filing)
        kept = {"number": "BG2026-99999", "return_count": 0, "diff_frozen": [], "base_values": {},
                "review_due": "2099-01-01", "correction_due": "2099-01-01"}
        mine = self.env["ctsp.filing"].with_user(self.officer)
        fresh = {"kind": "initial", "name": "示例第六医院（示例）"}
        for name, value in kept.items():
            with self.subTest(name):
                with self.assertRaises(AccessError):
                    review.write({name: value})
                with self.assertRaises(AccessError):
                    mine.create({**fresh, name: value})
        with self.assertRaises(AccessError):
            mine.with_context(default_number="BG2026-99999").create(fresh)

    def test_decision_is_entered_in_review(self):
        """What decides a filing is open while it is reviewed and fixed before and afterwards."""
        filing = self.change()
        filing.site_ids.address = "上海市示例路100号"
        review = self.accepted(filing)
        number = "药临床机构备字2099000007"
        decision = {"record_no": number, "effective_date": clock.today(), "override_conflicts": True}
        with self.assertRaises(UserError):
            self.env["ctsp.filing"].with_user(self.officer).create({
                "kind": "initial", "name": "示例第六医院（示例）", "record_no": number})
        review.write(decision)
        row = review.checklist_ids[0]
        self.answer_checklist(review)
        row.note = "已核"
        for vals in ({"name": "改"}, {"required": False}, {"filing_id": filing.id}, {"result": "no", "basis": "改"}):
            with self.subTest(vals), self.assertRaises(AccessError):
                row.write(vals)
        review.run_transition("approve")
        for name, value in decision.items():
            with self.subTest(name), self.assertRaises(UserError):
                review.write({name: value})
        with self.assertRaises(UserError):
            row.result = "no"
        with self.assertRaises(UserError):
            review.checklist_ids = [Command.update(row.id, {"note": "改"})]

    def test_chair_and_main_site_are_replaced(self):
        """The one who leaves makes room first, in whatever order the rows stand."""
        self.committee.member_ids = [
            Command.create({"name": "原主任（示例）", "role": "chair"}), Command.create({"name": "副主任（示例）"})]
        filing = self.change()
        members = filing.committee_ids.member_ids
        members.filtered(lambda row: row.role == "chair").removal = True
        members.filtered(lambda row: row.role == "member").write({"role": "chair", "sequence": 0})
        filing.site_ids.removal = True
        filing.site_ids = [Command.create({"name": "新院", "address": "示例路9号", "is_main": True, "sequence": 0})]
        self.env.invalidate_all()  # rows in the order in which they stand
        self.env["ctsp.check"].search([("level", "=", "blocking")]).level = "warning"  # not about the members' number
        self.approved(filing)
        self.assertEqual(self.committee.member_ids.mapped("name"), ["副主任（示例）"])
        self.assertEqual(self.committee.chair_id.name, "副主任（示例）")
        self.assertEqual(self.institution.site_ids.mapped("name"), ["新院"])

    def test_post_of_a_single_day(self):
        """Who takes up a post and leaves on one day does not stop the approval."""
        posts = self.item("post", "director") | self.item("post", "office_secretary")
        self.person.post_ids = [
            Command.create({"post_id": posts[0].id, "date_from": clock.today()}),
            Command.create({"post_id": posts[1].id, "date_from": "2026-01-05"})]
        filing = self.change()
        filing.person_ids.post_item_ids = [Command.clear()]
        self.approved(filing)
        self.assertFalse(self.person.post_ids.filtered("is_current"))
        self.assertEqual(self.person.post_ids.post_id, posts[1], "what was held before stays in the history")
        leaver = self.env["ctsp.person"].create({
            "name": "离任（示例）", "institution_id": self.institution.id,
            "post_ids": [Command.create({"post_id": posts[0].id, "date_from": clock.today()})]})
        filing = self.change()
        filing.person_ids.filtered(lambda row: row.name == leaver.name).action_toggle_removal()
        self.approved(filing)
        self.assertFalse(leaver.active)

    def test_work_is_spread(self):
        """Filings nobody has accepted yet count too: ten submissions are not one officer's."""
        second = new_test_user(self.env, "filing_officer_two", groups="ctsp_base.group_filing_officer")
        asked = self.env["res.users"]
        for number in range(2):
            filing = self.change()
            filing.office_phone = f"021-5555777{number}"
            filing.run_transition("submit")
            asked |= filing.with_user(self.officer).activity_ids.user_id
        self.assertEqual(asked, self.officer | second)

    def test_former_officer_gets_no_tasks(self):
        """A filing handed in again goes to another officer when the first one has left."""
        second = new_test_user(self.env, "filing_officer_two", groups="ctsp_base.group_filing_officer")
        filing = self.change()
        filing.office_phone = "021-55557777"
        review = self.accepted(filing)
        review.run_transition("return", "请补充")
        self.officer.sudo().active = False
        filing.run_transition("resubmit")
        self.assertEqual(filing.with_user(second).activity_ids.user_id, second)

    def test_check_list_stops_approval(self):
        """Approval waits for every required answer."""
        filing = self.change()
        filing.site_ids.address = "上海市示例路100号"
        review = self.accepted(filing)
        self.assertTrue(review.checklist_ids)
        with self.assertRaises(UserError):
            review.run_transition("approve")

    def test_refuse_needs_a_reason_and_changes_nothing(self):
        filing = self.change()
        filing.site_ids.address = "上海市示例路100号"
        review = self.accepted(filing)
        with self.assertRaises(UserError):
            review.run_transition("refuse")
        review.run_transition("refuse", "材料不实")
        self.assertEqual(self.institution.site_ids.address, "上海市示例路1号")
        self.assertEqual(filing.transition_log_ids[0].reason, "材料不实")

    def test_withdraw(self):
        """The institution withdraws before the decision; the officer's task disappears."""
        filing = self.change()
        filing.site_ids.address = "上海市示例路100号"
        filing.run_transition("submit")
        filing.run_transition("withdraw", "填报有误")
        self.assertEqual(filing.state, "withdrawn")
        self.assertFalse(filing.with_user(self.officer).activity_ids)
        self.assertFalse(filing.number, "numbers are issued on acceptance: a withdrawn submission leaves no gap")

    def test_numbers_have_no_gap(self):
        """Acceptance numbers run on without a gap per kind and year."""
        numbers = []
        for address in ("甲", "乙", "丙"):
            filing = self.change()
            filing.site_ids.address = f"上海市示例路{address}号"
            numbers.append(int(self.approved(filing).number[-5:]))
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 3)))
        self.assertIn(str(clock.today().year), filing.number)

    def test_record_no_is_unique_and_well_formed(self):
        """The filing number recorded for a first filing is no other institution's and has the national form."""
        filing = self.env["ctsp.filing"].with_user(self.officer).create({
            "kind": "initial", "name": "示例第五医院（示例）"}).sudo()
        with self.assertRaises(ValidationError):
            filing.record_no = "沪2026-1"
        filing.record_no = self.institution.record_no
        with self.assertRaises(UserError):
            filing._check_may_approve()

    def test_bad_files_are_refused(self):
        """A file that is not what its name says is refused with the reason, whatever the row."""
        filing = self.change()
        with self.assertRaises(ValidationError):
            filing.licence_ids = [Command.create({
                "kind_id": self.item("licence_kind", "practice").id, "number": "1", "file": "TVo=",
                "filename": "a.pdf"})]
        with self.assertRaises(ValidationError):
            filing.attachment_ids = [Command.create({
                "kind_id": self.env.ref("ctsp_filing.attachment_kind_other").id, "data": "TVo=", "file_name": "a.exe"})]

    def test_registry_rows_are_not_deleted_by_accident(self):
        """Deleting a prefilled row is refused: it would look like a cancellation and be none."""
        filing = self.change()
        with self.assertRaises(UserError):
            filing.specialty_ids.unlink()
        filing.specialty_ids.action_toggle_removal()
        self.assertEqual(filing.specialty_ids.operation, "remove")

    def test_list_costs_a_constant_number_of_queries(self):
        """Twice the rows cost no more queries in the officers' list."""
        def make(count):
            return self.env["ctsp.filing"].create([
                {"kind": "initial", "name": f"示例医院{number}（示例）"} for number in range(count)])

        spec = {name: {} for name in (
            "number", "kind", "name", "submitted_at", "days_waiting", "review_due", "is_overdue", "state")}
        spec |= {name: {"fields": {"display_name": {}}} for name in ("district_id", "reviewer_id", "tag_ids")}
        counts = []
        for filings in (make(20), make(60)):
            filings = filings.with_user(self.role("leader"))
            filings.sudo().flush_recordset()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            filings.sudo().web_read(spec)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
