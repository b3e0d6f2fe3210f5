from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common import PDF, FilingCase

LINES = ("site", "licence", "person", "experience", "specialty", "committee", "member", "attachment", "remark")


@tagged("post_install", "-at_install")
class TestFilingAccess(FilingCase):
    """Two institutions, one attacks the other; and what each role may do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.filing = cls.change()
        cls.line = cls.add_specialty(cls.filing)
        cls.theirs = cls.filing.with_user(cls.stranger)

    def test_strangers_find_nothing(self):
        """No search, no read, no name search, no export, no group-by finds the other institution's filing."""
        filings = self.env["ctsp.filing"].with_user(self.stranger)
        self.assertFalse(filings.search([]))
        self.assertFalse(filings.name_search("示例第一医院"))
        self.assertFalse(filings._read_group([], ["state"], ["__count"]))
        for read, wanted in ((self.theirs.read, ["name"]), (self.theirs.web_read, {"name": {}})):
            with self.assertRaises(AccessError):
                read(wanted)
        with self.assertRaises(UserError):
            self.theirs.export_data(["name"])
        for name in LINES:
            with self.subTest(name):
                self.assertFalse(self.env[f"ctsp.filing.{name}"].with_user(self.stranger).search([]))

    def test_strangers_change_nothing(self):
        """No write, no step, no public method works on the other institution's filing or rows."""
        attempts = [
            lambda: self.theirs.write({"reason": "x"}),
            lambda: self.theirs.unlink(),
            lambda: self.theirs.run_transition("submit"),
            lambda: self.theirs.run_transition("withdraw", "x"),
            lambda: self.theirs.action_prefill(),
            lambda: self.theirs.action_rebase(),
            lambda: self.theirs.action_run_checks(),
            lambda: self.line.with_user(self.stranger).action_toggle_removal(),
            lambda: self.env["ctsp.filing.site"].with_user(self.stranger).create({
                "filing_id": self.filing.id, "name": "x", "address": "x"}),
            lambda: self.env["ctsp.filing.attachment"].with_user(self.stranger).create({
                "filing_id": self.filing.id, "data": PDF, "file_name": "a.pdf",
                "kind_id": self.env.ref("ctsp_filing.attachment_kind_other").id}),
        ]
        for number, attempt in enumerate(attempts):
            with self.subTest(number), self.assertRaises(AccessError):
                attempt()

    def test_own_rows_do_not_move(self):
        """An own filing or row cannot be handed to the other institution, nor opened in its name."""
        mine = self.env["ctsp.filing"].with_user(self.stranger).create({"kind": "change"})
        self.assertEqual(mine.institution_id, self.other, "the institution is the user's own, whatever he asks for")
        forged = self.env["ctsp.filing"].with_user(self.stranger).create({
            "kind": "change", "institution_id": self.institution.id})
        self.assertEqual(forged.institution_id, self.other)
        self.assertEqual(forged.owner_partner_id, self.other.partner_id)
        for vals in ({"institution_id": self.institution.id}, {"applicant_id": self.institution.partner_id.id},
                     {"owner_partner_id": self.institution.partner_id.id}):
            with self.subTest(vals), self.assertRaises(UserError):
                mine.write(vals)
        with self.assertRaises(UserError):
            mine.site_ids.write({"filing_id": self.filing.id})
        with self.assertRaises(UserError):
            mine.specialty_ids = [Command.create({
                "discipline_id": self.new_discipline.id, "pi_line_id": self.line.pi_line_id.id})]

    def test_internal_fields_are_closed(self):
        """State, numbers, registry links, officer's fields: refused on write, on create and as defaults."""
        closed = {
            "state": "approved", "number": "BG2026-99999", "record_no": "药临床机构备字2099000009",
            "reviewer_id": self.officer.id, "override_conflicts": True, "base_values": {}, "diff_frozen": [],
            "effective_date": "2020-01-01", "return_count": 0}
        for name, value in closed.items():
            with self.subTest(name), self.assertRaises(AccessError):
                self.filing.write({name: value})
        with self.assertRaises(AccessError):
            self.filing.site_ids.write({"target_id": self.other.site_ids.id})
        filings = self.env["ctsp.filing"].with_user(self.outsider)
        for name in ("record_no", "reviewer_id", "base_values", "number", "review_due"):
            with self.subTest(name), self.assertRaises(AccessError):
                filings.with_context(**{f"default_{name}": closed.get(name, "x")}).create({"kind": "change"})
            with self.subTest(name), self.assertRaises(AccessError):
                filings.create({"kind": "change", name: closed.get(name, "x")})

    def test_what_rows_are_compared_with_is_closed(self):
        """Neither the institution nor an officer says what the registry held, on any kind of row."""
        paper = self.env["ctsp.filing"].with_user(self.officer).create({
            "kind": "change", "institution_id": self.institution.id, "reason": "纸质材料（示例）"})
        for filing in (self.filing, paper):
            row = filing.site_ids[:1]
            self.assertTrue(row.sudo().base_values, "prefilled")
            for name, value in (("base_values", {"name": "x"}), ("target_id", self.other.site_ids[:1].id),
                                ("operation", "keep")):
                for number, attempt in enumerate(self.ways_to_say(row, name, value)):
                    with self.subTest(user=filing.env.user.login, name=name, way=number), \
                            self.assertRaises(AccessError):
                        attempt()

    def ways_to_say(self, row, name, value):
        """Return what a client may try to bring a value into a row, or into a new one beside it."""
        values = {"filing_id": row.filing_id.id, "name": "x", "address": "x"}
        return (
            lambda: row.write({name: value}),
            lambda: row.create({**values, name: value}),
            lambda: row.with_context(**{f"default_{name}": value}).create(values),
            lambda: row.filing_id.write({"site_ids": [Command.create({**values, name: value})]}),
        )

    def test_who_is_in_charge(self):
        """An officer hands a filing under way to another officer: to nobody else, and not once it is decided."""
        colleague = self.role("filing_officer", "planner")
        filing = self.accepted(self.filing)
        self.assertEqual(filing.reviewer_id, self.officer)
        with self.assertRaises(UserError):
            filing.reviewer_id = self.role("leader")
        filing.reviewer_id = colleague
        filing.run_transition("refuse", "不符合（示例）")
        with self.assertRaises(UserError):
            filing.reviewer_id = self.officer
        with self.assertRaises(UserError):
            self.env["ctsp.filing"].with_user(self.officer).create({
                "kind": "initial", "name": "某医院（示例）", "reviewer_id": self.officer.id})

    def test_rows_take_turns_with_the_steps(self):
        """Whoever writes a row of any kind touches the filing, so that handing in at that moment looks again."""
        filing = self.filing
        rows = (filing.site_ids, self.line, filing.person_ids, filing.person_ids.experience_ids, filing.attachment_ids)
        for row in rows:
            with self.subTest(row._name):
                self.env.flush_all()
                self.env.cr.cache.clear()  # as in another request
                before = self.version_of(filing)
                row[:1].write({"sequence": 7} if "sequence" in row._fields else {"note": "x"})
                self.assertNotEqual(self.version_of(filing), before)

    def version_of(self, filing):
        self.env.flush_all()
        [[version]] = self.env.execute_query(SQL("SELECT ctid::text FROM ctsp_filing WHERE id = %s", filing.id))
        return version

    def test_decisions_are_the_officers(self):
        """No institution, planner or leader accepts, returns, approves or refuses."""
        self.filing.run_transition("submit")
        for user in (self.outsider, self.role("planner"), self.role("leader"), self.role("inspector")):
            for step in ("accept", "return", "approve", "refuse"):
                with self.subTest(user=user.login, step=step), self.assertRaises(AccessError):
                    self.filing.with_user(user).run_transition(step, "x")

    def test_drafts_are_the_institutions(self):
        """The regulator sees a filing when it is handed in, not while it is written."""
        there = [name for name in LINES if name not in ("remark", "licence", "member")]
        models = ["ctsp.filing", *(f"ctsp.filing.{name}" for name in there)]
        for name in models:
            with self.subTest(name):
                self.assertFalse(self.env[name].with_user(self.officer).search([
                    ("owner_partner_id", "=", self.institution.partner_id.id)]))
        self.filing.run_transition("submit")
        for name in models:
            with self.subTest(name):
                self.assertTrue(self.env[name].with_user(self.officer).search([
                    ("owner_partner_id", "=", self.institution.partner_id.id)]))

    def test_administrators_read_no_business_data(self):
        """None of the three administrators reads a filing."""
        for role in ("system_admin", "security_admin", "audit_admin"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.env["ctsp.filing"].with_user(self.role(role)).search([])

    def test_attachment_content(self):
        """The file of an attachment opens for its owner and the regulator, for nobody else."""
        row = self.filing.attachment_ids[0]
        attachment = self.env["ir.attachment"].sudo().search([
            ("res_model", "=", row._name), ("res_id", "=", row.id), ("res_field", "=", "data")])
        self.assertTrue(attachment)
        self.assertTrue(row.with_user(self.outsider).data)
        with self.assertRaises(AccessError):
            attachment.with_user(self.stranger).read(["datas"])
        with self.assertRaises(AccessError):
            row.with_user(self.stranger).read(["data"])

    def test_personal_data_of_a_proposal(self):
        """An officer without the right sees a mask, the institution itself the number."""
        person = self.filing.person_ids[0]
        person.mobile = "13911112222"
        self.filing.run_transition("submit")
        self.assertEqual(person.mobile, "13911112222")
        seen = person.with_user(self.officer)
        with self.assertRaises(AccessError):
            seen.read(["mobile"])
        self.assertNotIn("13911112222", seen.mobile_masked)

    def test_remarks_point_at_rows(self):
        """An officer remarks on a row; both sides see it there; it cannot point at another filing's row."""
        person = self.investigator(self.filing)
        review = self.accepted(self.filing)
        row = person.with_user(self.officer)
        with self.assertRaises(AccessError):
            person.action_remark()
        remarks = self.env["ctsp.filing.remark"].with_user(self.officer)
        sent_along = {"default_published": True, "default_resolved": True, "default_answer": "已补充"}
        remark = remarks.with_context(**row.action_remark()["context"], **sent_along).create({"text": "请补充证书"})
        self.assertFalse(remark.published or remark.resolved or remark.answer, "steps and the other side say so")
        self.assertEqual((remark.section, remark.subject, row.remark_text), ("person_ids", person.name, "请补充证书"))
        self.assertFalse(person.remark_text, "not before it is sent")
        proof = row.experience_ids[:1]
        self.assertEqual(proof.action_remark()["context"]["default_section"], "person_ids")
        other = self.change(user=self.stranger, institution_id=self.other.id)
        for model, row_id in ((other.attachment_ids._name, other.attachment_ids.id), ("res.users", 1)):
            with self.assertRaises(UserError):  # ValidationError is one
                remarks.create({
                    "filing_id": review.id, "text": "x", "section": "other", "row_model": model, "row_id": row_id})
        review.run_transition("return", "请补充")
        self.assertEqual(person.remark_text, "请补充证书")
        with self.assertRaises(UserError):
            remark.row_id = proof.id
        remark.resolved = True
        self.assertFalse(person.remark_text)

    def test_sent_remarks_are_evidence(self):
        """Neither side rewrites a remark that was sent; the institution may only answer it."""
        self.filing.run_transition("submit")
        review = self.filing.with_user(self.officer)
        review.run_transition("accept")
        review.remark_ids = [Command.create({"section": "header", "text": "请核对名称"})]
        review.run_transition("return", "见标注")
        self.env.invalidate_all()
        self.assertTrue(self.filing.remark_ids)
        with self.assertRaises(UserError):
            review.remark_ids.text = "改"
        with self.assertRaises(UserError):
            review.remark_ids.unlink()
        for vals in ({"text": "改"}, {"resolved": True}):
            with self.subTest(vals), self.assertRaises(UserError):
                self.filing.remark_ids.write(vals)
        self.filing.remark_ids.answer = "已核对"
