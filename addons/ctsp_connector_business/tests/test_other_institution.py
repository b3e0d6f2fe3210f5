from odoo.tests import tagged

from .common import NUMBER, ItemCase


@tagged("post_install", "-at_install")
class TestOtherInstitution(ItemCase):
    """A later version that names another institution: followed before work began, kept for a person afterwards."""

    def named(self, institution, **more):
        return {"applicant": {"name": institution.name, "uscc": institution.uscc, "contactName": "何示例（示例）",
                              "contactPhone": "13800000003"}} | more

    def visit(self, institution, version=1, **more):
        return self.receive(version, kind="inspection", form={}, attachments=[], **self.named(institution) | more)

    def answer(self):
        """Return what the last receipt says was done."""
        _code, receipt = self.sent("receipt")[-1]
        return receipt["result"]

    def assert_kept(self, item, institution, version):
        """Nothing of ``version`` was applied; the platform is told so, and a person."""
        self.assertEqual((item.institution_id, item.applicant, item.uscc), (
            institution, institution.name, institution.uscc))
        self.assertEqual(item.version, version - 1)
        self.assertFalse(self.answer()["applied"])
        self.assertEqual(self.answer()["reason"], item.attention)
        alert = self.env["ctsp.risk.alert"].search([("dedup_key", "=", f"business.item:{item.id}")])
        self.assertEqual(alert.state, "new")
        self.assertIn(NUMBER, alert.name)

    def test_planned_inspection_follows(self):
        self.visit(self.institution)
        item = self.received()
        line, plan = item.plan_line_id, item.plan_line_id.plan_id
        self.assign(line)
        self.visit(self.other, 2)
        self.assertEqual((item.institution_id, item.plan_line_id, line.institution_id, line.state), (
            self.other, line, self.other, "waiting"))
        self.assertFalse(line.leader_id + line.member_ids, "another team is asked")
        self.assertEqual((line.plan_id, item._accept_no(), item.state), (plan, plan.number, "working"))
        self.assertIn(self.other.name, "".join(filter(None, line.change_ids.mapped("what"))))
        self.assertTrue(self.answer()["applied"])
        self.assertEqual(self.told(), [("accept", True), ("status", "arranged"), ("status", "waiting")], "no result")

    def test_nobody_knows_the_other_one(self):
        """The inspection is called off until a person names the institution; then it goes on under its number."""
        self.visit(self.institution)
        item = self.received()
        line = item.plan_line_id
        self.visit(self.institution, 2, applicant={"name": "查无此院（示例）"})
        self.assertEqual((item.state, item.institution_id.id, line.state), ("unmatched", False, "cancelled"))
        self.assertTrue(item.problem)
        item.with_user(self.planner).institution_id = self.other
        self.assertEqual((item.state, line.institution_id, line.state), ("working", self.other, "waiting"))
        self.visit(self.institution, 3, applicant={"name": "查无此院（示例）"}, deadline="2099-12-21")
        self.assertEqual((item.institution_id, str(line.date_due)), (self.other, "2099-12-21"), "as the person said")

    def test_inspection_that_runs(self):
        """Whatever comes after it began is told to a person and not applied, of the same institution, too."""
        self.visit(self.institution)
        item = self.received()
        item.plan_line_id._set_state("running", "test")
        for version, institution in ((2, self.institution), (3, self.other)):
            item.write({"attention": False, "version": version - 1})
            self.visit(institution, version, deadline="2099-12-31")
            self.assert_kept(item, self.institution, version)
            self.assertEqual(str(item.plan_line_id.date_due), "2099-12-20")
        waiting = self.env["ctsp.business.item"].search([("attention", "!=", False)])
        self.assertIn(item, waiting)
        item.with_user(self.planner).action_noted()
        self.assertFalse(item.attention)

    def test_filing_follows_until_handed_in(self):
        self.receive(attachments=[])
        item = self.received()
        draft = item.filing_id
        self.assertEqual((draft.state, draft.institution_id), ("draft", self.institution))
        form = {"institution": {"name": self.other.name, "uscc": self.other.uscc, "address": "示例路7号（示例）"}}
        self.receive(2, action="update", form=form, **self.named(self.other))
        self.assertFalse(draft.exists())
        self.assertEqual((item.institution_id, item.filing_id.institution_id, item.filing_id.state), (
            self.other, self.other, "submitted"))

    def test_filing_handed_in(self):
        """Handed in, under review or returned: it stays the filing it is."""
        self.receive()
        item = self.received()
        filing = item.filing_id
        self.receive(2, action="update", **self.named(self.other))
        self.assert_kept(item, self.institution, 2)
        self.assertFalse(item.is_pending, "there is nothing to be taken over")
        filing.with_user(self.officer).run_transition("accept")
        filing.with_user(self.officer).run_transition("return", "请补正（示例）")
        item.write({"attention": False, "version": 2})
        self.receive(3, action="supplement", note="已改（示例）", **self.named(self.other))
        self.assert_kept(item, self.institution, 3)
        self.assertEqual((filing.state, filing.institution_id), ("returned", self.institution))

    def test_code_of_the_form(self):
        """A form with a credit code that is not the registered one is reviewed as a change, and said to the officer."""
        self.receive(form=self.form(uscc=self.other.uscc))
        item = self.received()
        self.assertIn("统一社会信用代码", item.attention)
        alert = self.env["ctsp.risk.alert"].search([("dedup_key", "=", f"business.item:{item.id}")])
        self.assertEqual(alert.state, "new")
        self.assertTrue(self.answer()["applied"])
