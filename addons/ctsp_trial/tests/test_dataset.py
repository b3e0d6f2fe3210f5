import hashlib
import io
import json
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools.misc import file_path

from odoo.addons.ctsp_dataset.models import dataset_submission_apply
from odoo.addons.ctsp_dataset.tools import room, sample
from odoo.addons.ctsp_dataset.tools.findings import Finding
from odoo.addons.ctsp_dataset.tools.outcome import Outcome

from ..models import dataset_submission
from .common import TrialCase


@tagged("post_install", "-at_install")
class TestDataset(TrialCase):
    """近三年项目: what an institution reports becomes its own part in trials, and nobody else's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.version = cls.env["ctsp.dataset"]._find("recent_trials")

    def row(self, **changes):
        return {**sample.row(self.version._definition()), "specialty": self.specialty_a.name,
                "sponsor": self.sponsor.name, "pi_name": self.pi_a.name, **changes}

    def report(self, company, *rows):
        content = json.dumps(rows).encode()
        digest = hashlib.new("sm3", content).hexdigest()
        return self.env["ctsp.dataset.submission"]._receive(
            self.version, company, f"request-{digest[:8]}", io.BytesIO(content), "json", digest, len(content))[0]

    def test_shipped(self):
        """The nine data sets of trials are published, and their own samples are good."""
        codes = ("recent_trials", "trial_basic", "subject_basic", "trial_file", "ethics_meeting", "institution_review",
                 "ethics_review", "log_path", "audit_trail")
        for code in codes:
            self.assertEqual(self.env["ctsp.dataset"]._find(code).state, "published", code)

    def test_device(self):
        """A trial of a device has no CTR number: it is known by its filing number, however it is written."""
        device = {"trial_type": "device", "phase": "other", "registration_class": "d3", "drug_class": None}
        done = self.report(self.company_a, self.row(ctr_no="沪械临备20990001号", **device))
        self.assertEqual((done.accepted, done.warnings), (1, 0), done.outcome)
        trial = self.env["ctsp.trial"].search([("ctr_no", "=", "沪械临备20990001")])
        self.assertEqual((trial.trial_type_id.code, trial.site_ids.institution_id), ("device", self.a))
        self.assertIn("1项与登记一致", self.report(
            self.company_a, self.row(ctr_no="沪械临备２０９９０００１", **device)).outcome)

    def test_new_and_again(self):
        """A new trial with the own part; the same again changes nothing; a changed figure changes it."""
        done = self.report(self.company_a, self.row())
        site = self.env["ctsp.trial.site"].search([("ctr_no", "=", "CTR20260001")])
        self.assertEqual((site.institution_id, site.specialty_id, site.pi_id), (self.a, self.specialty_a, self.pi_a))
        self.assertEqual((site.trial_id.sponsor_id, site.trial_id.phase_id.code), (self.sponsor, "iii"))
        self.assertIn(done.number, site.trial_id.data_source)
        self.assertEqual(done.link_ids.res_id, site.id)
        self.assertIn("1项与登记一致", self.report(self.company_a, self.row(), self.row(ctr_no="CTR20260002")).outcome)
        self.report(self.company_a, self.row(actual=20))
        self.assertEqual(site.actual, 20)
        ethics = site.ethics_date
        self.assertTrue(ethics)
        less = self.row(actual=21, specialty="写错的专业", pi_name="查无此人（示例）")
        del less["ethics_date"]
        done = self.report(self.company_a, less)
        self.assertEqual((site.actual, site.ethics_date, site.specialty_id), (21, ethics, self.specialty_a),
                         "what is not given stays, and no second part is made")
        self.assertEqual((len(site.trial_id.site_ids), done.finding_ids.mapped("path")), (1, ["specialty", "pi_name"]))

    def test_at_once(self):
        """Two requests of one id, or two institutions with one new trial, meet before either has made it."""
        met, draw = [], self.env.registry["ir.sequence"]._draw
        self.patch(self.env.registry["ir.sequence"], "_draw", lambda *given: met.append("draw") or draw(*given))
        self.patch(self.env.registry["ctsp.exchange.nonce"], "_reserve", lambda nonce, *names: met.extend(names))
        self.report(self.company_a, self.row())
        self.assertEqual([name.split(" ")[0] for name in met], ["submission", "trial", "draw"],
                         "and everybody else waits for the number only while nothing long is done")
        self.report(self.company_a, self.row(actual=20))
        self.assertEqual([name.split(" ")[0] for name in met[3:]], ["submission", "draw"], "the trial is known")

    def test_in_turn(self):
        """What was reported first is applied first, also when a conflict put it behind what came later."""
        self.registry_enter_test_mode()
        with patch.object(dataset_submission_apply, "APPLY_AT_ONCE", 1):
            first = self.report(self.company_a, self.row(actual=10), self.row(ctr_no="CTR20260002"))
            second = self.report(self.company_a, self.row(actual=20))
        self.assertEqual((first.job_state, second.job_state), ("queued", "queued"), "few rows wait for many")
        self.env.flush_all()
        self.env.cr.execute("UPDATE ctsp_dataset_submission SET write_date = write_date + interval '1 hour' "
                            "WHERE id = %s", [first.id])
        self.env.invalidate_all()
        for _pass in range(2):
            with self.registry.cursor() as cr:
                self.env(cr=cr, user=1)["ctsp.job.mixin"]._cron_run()
        self.env.invalidate_all()
        self.assertEqual((first.job_state, second.job_state), ("done", "done"))
        self.assertEqual(self.env["ctsp.trial.site"].search([("ctr_no", "=", "CTR20260001")]).actual, 20)

    def test_rush(self):
        """While several report at once even few rows wait, and so does who comes then, until all is done: nothing is
        lost, and each institution has its turn."""
        self.registry_enter_test_mode()
        numbers = [f"CTR2026{number:04d}" for number in range(1, 5)]
        with patch.object(room, "taken", lambda cr, whose, count: 2):
            many = [self.report(self.company_a, self.row(ctr_no=number)) for number in numbers[:3]]
        last = self.report(self.company_b, self.row(ctr_no=numbers[3], specialty=self.specialty_b.name))
        self.assertEqual([one.applied for one in (*many, last)], ["queued"] * 4)
        self.assertTrue(all(one.number for one in many))
        self.assertFalse(self.env["ctsp.trial"].search([("ctr_no", "in", numbers)]))
        done, apply = [], self.env.registry["ctsp.dataset.submission"]._apply
        self.patch(self.env.registry["ctsp.dataset.submission"], "_apply",
                   lambda one: done.append(one.id) or apply(one))
        self.env.flush_all()
        with self.registry.cursor() as cr:
            self.env(cr=cr, user=1)["ctsp.job.mixin"]._cron_run()
        self.env.invalidate_all()
        self.assertEqual([one.applied for one in (*many, last)], ["done"] * 4)
        self.assertEqual(done, [many[0].id, last.id, many[1].id, many[2].id], "B does not wait for all of A's")
        self.assertEqual(self.env["ctsp.trial"].search_count([("ctr_no", "in", numbers)]), 4)
        self.assertEqual(self.report(self.company_a, self.row(actual=9)).applied, "done", "the rush is over")

    def test_all_findings(self):
        """Whatever the registry cannot use of a large submission stands in the report once, page by page, behind what
        the check found; the screen has the first of it, and what is handed over anew is not told twice."""
        self.registry_enter_test_mode()
        handed = []

        def handle(submission, rows):
            outcome = Outcome(counts={"created": 0, "changed": 0, "same": 0})
            for number, _row in rows:
                handed.append(number)
                outcome.problem(number, "pi_name", f"第{number}行")
            return outcome

        self.patch(self.env.registry["ctsp.dataset.submission"], "_handle_trial", handle)
        wrong = [self.row(ctr_no=f"CTR2028{number:04d}", phase="9") for number in range(7)]
        done = self.report(self.company_a, *wrong, *(
            self.row(ctr_no=f"CTR2027{number:04d}") for number in range(3000)))
        self.assertEqual((done.accepted, done.applied, len(done.portion_ids)), (3000, "queued", 2))
        self.env.flush_all()
        with self.registry.cursor() as cr:
            self.env(cr=cr, user=1)["ctsp.job.mixin"]._cron_run()
        self.env.invalidate_all()
        self.assertEqual((done.applied, done.warnings, done.finding_total), ("done", 3000, 3007))
        self.assertEqual(len(done.finding_ids), 507)
        pages = [list(done._report(offset, 200)) for offset in range(0, 3400, 200)]
        self.assertEqual([len(page) for page in pages], [200] * 15 + [7, 0])
        self.assertEqual([item["row"] for page in pages for item in page], [*range(1, 8), *handed])
        self.assertEqual(len(set(handed)), 3000)
        done._drop_later()
        self.assertEqual((done.warnings, done.finding_total, len(list(done._report()))), (0, 7, 7))
        done._keep_findings([Finding(8, "pi_name", "apply", "第8行", "", level="warning")])  # as it was kept before
        path = file_path("ctsp_dataset/migrations/19.0.1.1.0/post-reports.py")
        for _time in range(2):
            load_script(path, "reports").migrate(self.env.cr, "19.0.1.0.0")
            self.assertEqual((done.finding_total, [item["row"] for item in done._report()]), (8, list(range(1, 9))))

    def test_said_twice(self):
        """A trial that stands twice in one submission is one part; the later row has the last word."""
        done = self.report(self.company_a, self.row(actual=1), self.row(ctr_no="CTR20260002"),
                           self.row(actual=2, specialty="写错的专业"))
        site = self.env["ctsp.trial.site"].search([("ctr_no", "=", "CTR20260001")])
        self.assertEqual((site.institution_id, site.actual), (self.a, 2))
        self.assertIn("新增2项，更新1项", done.outcome)

    def test_costs(self):
        """New rows are looked up and written together: twenty cost hardly more queries than four."""
        costs = []
        for first, count in ((100, 4), (200, 20), (300, 4)):  # the first one warms the caches
            rows = [self.row(ctr_no=f"CTR2027{first + number:04d}") for number in range(count)]
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(self.report(self.company_a, *rows).applied, "done")
            self.env.flush_all()
            costs.append(self.env.cr.sql_log_count - before)
        self.assertLess(costs[1], costs[2] + 4)

    def test_others(self):
        """A participant does not change another institution's part, nor the facts of the trial that are known."""
        trial = self.trial(institutions=(self.b,), ctr_no="CTR20260001", indication="原适应症")
        self.report(self.company_a, self.row(indication="另一适应症", role="part"))
        self.assertEqual(trial.indication, "原适应症")
        self.assertEqual(trial.drug_name, "示例片")  # was empty
        self.assertEqual(len(trial.site_ids), 2)
        # nobody makes himself the leader: where B leads, and where no leader is registered
        for role in ("lead", "part"):
            trial.site_ids.filtered(lambda site: site.institution_id == self.b).role = role
            done = self.report(self.company_a, self.row(indication="另一适应症", role="lead", title=f"题目{role}"))
            self.assertIn("role", done.finding_ids.mapped("path"))
            self.assertNotEqual(trial.site_ids.filtered(lambda site: site.institution_id == self.a).role, "lead")
        self.assertEqual(trial.indication, "原适应症")
        self.assertTrue(self.env["ctsp.risk.alert"].search(
            [("dedup_key", "=", f"trial.lead:{trial.id}:{self.a.id}"), ("state", "=", "new")]))
        unknown = self.env["ctsp.trial"].create({"name": "无参加单位", "ctr_no": "CTR20260009", "indication": "原"})
        self.report(self.company_a, self.row(ctr_no="CTR20260009", indication="另"))
        self.assertEqual(unknown.indication, "原", "who is not in it yet fills in what is empty, no more")

    def test_many(self):
        """More rows than fit a request wait for the scheduled action, are done in portions, and each arrives once."""
        rows = [self.row(ctr_no=f"CTR2026{number:04d}", title=f"试验{number}") for number in range(1, 13)]
        self.patch(dataset_submission_apply, "APPLY_AT_ONCE", 10)
        with patch.object(dataset_submission, "PORTION", 5):
            done = self.report(self.company_a, *rows)
        self.assertEqual((done.applied, done.portion_ids.mapped("count")), ("queued", [5, 5, 2]))
        self.assertFalse(self.env["ctsp.trial.site"].search([("institution_id", "=", self.a.id)]))
        for portion in done.portion_ids:
            portion._job_perform()
        sites = self.env["ctsp.trial.site"].search([("institution_id", "=", self.a.id)])
        self.assertEqual((done.applied, len(sites), len(sites.trial_id)), ("done", 12, 12))
        self.assertIn("新增12项", done.outcome)

    def test_unknown(self):
        """An unknown specialty or sponsor is told, not invented; a stranger's rows are kept, no more."""
        done = self.report(self.company_a, self.row(specialty="没有的专业", sponsor="没有的申办者"))
        self.assertEqual(set(done.finding_ids.mapped("path")), {"specialty", "sponsor"})
        company, _user = self.outside("Stranger")
        lost = self.report(company, self.row(planned=77))
        self.assertIn("没有本机构", lost.outcome)
        self.assertEqual(lost.applied, "failed")

    def test_again(self):
        """What the registry could not take is told to the steward, who has it applied once the reason is gone."""
        company, _user = self.outside("Stranger")
        lost = self.report(company, self.row(planned=77))
        alert = self.env["ctsp.risk.alert"].search([("res_model", "=", lost._name), ("res_id", "=", lost.id)])
        self.assertEqual((lost.applied, alert.state), ("failed", "new"))
        with self.assertRaises(AccessError):
            lost.with_user(self.officer).action_apply_again()
        self.make_institution("示例丙医院（示例）", company, "药临床机构备字2099900003")
        lost.with_user(self.steward).action_apply_again()
        self.assertEqual((lost.applied, lost.link_ids.name, alert.state),
                         ("done", self.env["ctsp.trial.site"].search([("planned", "=", 77)]).display_name, "closed"))
        with self.assertRaises(UserError):
            lost.with_user(self.steward).action_apply_again()
        lost.applied = "failed"
        self.report(company, self.row(planned=78))
        with self.assertRaises(UserError):  # what is newer would be written over
            lost.with_user(self.steward).action_apply_again()
