from odoo.exceptions import AccessError
from odoo.tests import tagged

from .rectification_common import RectificationCase


@tagged("post_install", "-at_install")
class TestInspectionDossier(RectificationCase):
    """The dossier tells what is known, to whoever may read the inspection, and its sample can be repeated."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.trials = cls.env["ctsp.trial"].concat(*[
            cls.trial(f"示例试验{number}（示例）", (cls.a,), ctr_no=f"CTR2099{number:04}") for number in range(1, 6)])
        cls.trials[3].site_ids.actual = 40
        cls.next = cls.make(date_planned_from="2026-06-01", date_planned_to="2026-06-03")
        cls.next.run_transition("assign")
        cls.env["ctsp.risk.alert"]._raise([{
            "key": "test:dossier", "record": cls.a, "name": "预警（示例）", "level": "warning", "source": "manual"}])

    def dossier(self, user):
        return self.env["ctsp.inspection.dossier"].browse(
            self.next.with_user(user).action_open_dossier()["res_id"]).with_user(user)

    def test_page(self):
        """Profile, earlier inspections, open findings, trials, alerts and the sample stand on the page."""
        dossier = self.dossier(self.inspector)
        page = str(dossier.content)
        for part in (self.a.name, self.a.record_no, self.inspection.team_names, "培训记录不完整（示例）", "CTR20990004",
                     "预警（示例）", dossier.seed, self.next.number):
            with self.subTest(part):
                self.assertIn(part, page)
        self.assertEqual(len(dossier.trial_ids), 3)
        self.assertEqual(dossier.trial_ids[0].trial_id, self.trials[3])
        self.assertEqual(dossier.trial_ids.mapped("reason"), ["largest", "never", "random"])
        self.assertEqual(len(dossier.trial_ids[0].subjects.split("、")), 5)

    def test_every_fact_of_the_issue(self):
        """Profile, last inspections, open findings, trials with numbers, alerts, a sample whose seed repeats it."""
        dossier = self.dossier(self.inspector)
        data = dossier._data()
        self.assertEqual((data["institution"], data["specialties"]), (self.a.sudo(), self.specialty_a.sudo()))
        self.assertEqual(data["earlier"].inspection_id.ids, self.inspection.ids)
        self.assertEqual(data["findings"].ids, self.items.sorted("date_due").ids)
        self.assertEqual(data["sites"][0].trial_id.ctr_no, "CTR20990004")
        self.assertEqual((data["sites"][0].planned, data["sites"][0].actual), (10, 40))
        self.assertEqual(data["alerts"].mapped("name"), ["预警（示例）"])
        chosen = [(row.trial_id, row.subjects) for row in dossier.trial_ids]
        dossier.sudo().write({"trial_ids": [(5,)]})
        dossier.sudo()._draw_sample()
        self.assertEqual([(row.trial_id, row.subjects) for row in dossier.trial_ids], chosen)

    def test_pdf_source(self):
        """The printed dossier holds the same page."""
        html, _kind = self.env["ir.actions.report"].with_user(self.inspector)._render_qweb_html(
            "ctsp_inspection.report_inspection_dossier", self.dossier(self.inspector).ids)
        self.assertIn("CTR20990004", html.decode())

    def test_sample_is_kept(self):
        """Opening it again changes nothing; the team draws another one, which takes another seed."""
        dossier = self.dossier(self.inspector)
        seed, chosen = dossier.seed, dossier.trial_ids.trial_id
        self.assertEqual(self.dossier(self.planner), dossier)
        self.assertEqual(dossier.trial_ids.trial_id, chosen)
        dossier.action_draw_again()
        self.assertNotEqual(dossier.seed, seed)
        dossier.sudo().write({"seed": seed, "trial_ids": [(5,)]})
        dossier.sudo()._draw_sample()
        self.assertEqual(dossier.trial_ids.trial_id, chosen)

    def test_named_trials_come_first(self):
        self.next.trial_ids = self.trials[0]
        rows = self.dossier(self.planner).trial_ids
        self.assertEqual((rows[0].trial_id, rows[0].reason), (self.trials[0], "named"))

    def test_rights(self):
        """Nobody off the team; nobody writes it; reviewers read and do not draw."""
        dossier = self.dossier(self.inspector)
        for user in (self.stranger, self.officer, self.user_a):
            with self.subTest(user.login), self.assertRaises(AccessError):
                dossier.with_user(user).read(["content"])
        with self.assertRaises(AccessError):
            self.next.with_user(self.stranger).action_open_dossier()
        with self.assertRaises(AccessError):
            dossier.write({"seed": "x"})
        self.assertTrue(dossier.with_user(self.reviewer).content)
        with self.assertRaises(AccessError):
            dossier.with_user(self.reviewer).action_draw_again()
