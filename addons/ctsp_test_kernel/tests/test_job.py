import resource
from contextlib import suppress
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import config

from odoo.addons.ctsp_base.models import export_job, import_job, progress
from odoo.addons.ctsp_base.models.progress import ProgressCancelled

from .io_common import IoCase, xlsx


@tagged("post_install", "-at_install")
class TestProgress(IoCase):

    def rows(self):
        return self.env["ctsp.progress"].search([("user_id", "=", self.steward.id)])

    def open(self, total=10, **values):
        return self.env["ctsp.progress"].with_user(self.steward)._open("work", total, **values)

    def test_visible_while_it_runs(self):
        """The bar moves while the work's transaction is open, and ends at its end."""
        with patch.object(progress, "WRITE_INTERVAL", 0), self.open() as bar:
            bar.step(4, "four")
            self.env.invalidate_all()
            self.assertEqual((self.rows().percent, self.rows().message, self.rows().state), (40, "four", "running"))
        self.env.invalidate_all()
        self.assertEqual((self.rows().percent, self.rows().state), (100, "done"))

    def test_at_most_two_writes_a_second(self):
        Progress = type(self.env["ctsp.progress"])
        with patch.object(Progress, "_publish", autospec=True, return_value=False) as publish, self.open(1000) as bar:
            for _index in range(1000):
                bar.step()
        self.assertLessEqual(publish.call_count, 3)

    def test_failure_is_shown(self):
        """What fails says so to its owner; internal errors tell no internals."""
        for error, words in ((UserError("no bed"), "no bed"), (KeyError("secret"), "Internal error")):
            with suppress(UserError, KeyError), self.open():  # assertRaises would roll the row back
                raise error
            self.env.invalidate_all()
            self.assertEqual(self.rows()[0].state, "failed")
            self.assertIn(words, self.rows()[0].message)

    def test_stop(self):
        """The owner stops his work at its next step; nobody else can."""
        with self.assertRaises(ProgressCancelled), patch.object(progress, "WRITE_INTERVAL", 0), self.open() as bar:
            with self.assertRaises(AccessError):
                self.rows().with_user(self.regulator).action_cancel()
            self.rows().with_user(self.steward).action_cancel()
            self.env.flush_all()
            bar.step()

    def test_stale_rows_are_closed(self):
        row = self.env["ctsp.progress"].create({"title": "x", "user_id": self.steward.id})
        self.env.flush_all()
        self.env.cr.execute("UPDATE ctsp_progress SET write_date = %s WHERE id = %s", (
            fields.Datetime.subtract(fields.Datetime.now(), hours=1), row.id))
        row.invalidate_recordset()
        self.env["ctsp.progress"]._cron_close_stale()
        self.assertEqual(row.state, "failed")


@tagged("post_install", "-at_install")
class TestJob(IoCase):

    def run_queue(self):
        """Run the scheduled action as Odoo does."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            self.env(cr=cr, user=1)["ctsp.job.mixin"]._cron_run()
        self.env.invalidate_all()

    def test_processor_time(self):
        """Each job has the whole of a worker's processor time, whatever was worked before it in the same round."""
        for number in range(2):
            self.queued_import([f"Job {number}", f"J{number}", 1])
        with patch.object(resource, "getrlimit", return_value=(10, resource.RLIM_INFINITY)), \
                patch.object(resource, "setrlimit") as renewed:
            self.run_queue()
        self.assertEqual(renewed.call_count, 2)
        used = resource.getrusage(resource.RUSAGE_SELF).ru_utime
        kind, (soft, hard) = renewed.call_args.args
        self.assertEqual((kind, hard), (resource.RLIMIT_CPU, resource.RLIM_INFINITY))
        self.assertLessEqual(soft, used + resource.getrusage(resource.RUSAGE_SELF).ru_stime + config["limit_time_cpu"])
        self.assertGreaterEqual(soft, config["limit_time_cpu"])

    def queued_import(self, *rows):
        with patch.object(import_job, "AT_ONCE", 0):
            job = self.job(xlsx(["Name", "Code", "Beds"], *rows))
            job.action_test()
        return job

    def test_large_export_runs_in_the_background(self):
        wizard = self.env["ctsp.export.wizard"].with_user(self.regulator).with_context(active_model="ctsp.test.clinic")
        with patch.object(export_job, "AT_ONCE", 1), patch(
                "odoo.addons.ctsp_base.models.export_wizard.AT_ONCE", 1):
            action = wizard.create({}).action_export()
        self.assertEqual(action["tag"], "display_notification")
        job = self.env["ctsp.export.job"].search([], limit=1)
        self.assertEqual((job.job_state, job.attachment_id.id), ("queued", False))
        self.run_queue()
        self.assertEqual((job.job_state, job.row_count), ("done", self.Clinic.search_count([])))
        row = self.env["ctsp.progress"].search([("res_model", "=", job._name), ("res_id", "=", job.id)])
        self.assertEqual((row.state, row.result_action["url"]), ("done", f"/ctsp/export/{job.id}"))

    def test_import_runs_as_its_user(self):
        job = self.queued_import(["甲", "B1", 1])
        self.assertEqual((job.job_state, job.state), ("queued", "mapping"))
        with self.assertRaises(UserError):
            job.action_test()
        self.run_queue()
        self.assertEqual((job.job_state, job.state), ("done", "tested"))
        with patch.object(import_job, "AT_ONCE", 0):
            job.action_run()
        self.run_queue()
        self.assertEqual(self.Clinic.search([("code", "=", "B1")]).create_uid, self.steward)

    def test_killed_job_runs_again(self):
        """A job found running belongs to a killed process: it runs again, and is given up at the third attempt."""
        job = self.queued_import(["甲", "B1", 1])
        job.sudo().write({"job_state": "running", "job_attempts": 1})
        self.run_queue()
        self.assertEqual(job.job_state, "done")
        job.sudo().write({"job_state": "running", "job_attempts": 3})
        self.run_queue()
        self.assertEqual(job.job_state, "failed")
        self.assertTrue(job.notice)

    def test_turns(self):
        """Who queued much keeps nobody waiting: those who have work in the queue take turns."""
        jobs = [self.queued_import(["甲", f"B{number}", 1]) for number in range(4)]
        job, done = type(jobs[0]), []
        with patch.object(job, "_job_whose", lambda one: one.id == jobs[3].id), \
                patch.object(job, "_job_execute", lambda one, bar: done.append(one.id)):
            self.run_queue()
        self.assertEqual(done, [jobs[number].id for number in (0, 3, 1, 2)])

    def test_failing_job_leaves_nothing(self):
        """A job that fails half-way is rolled back, says why, and does not stop those behind it."""
        job, other = self.queued_import(["甲", "B1", 1]), self.queued_import(["乙", "B2", 1])
        Job = type(self.env["ctsp.import.job"])
        original = Job._job_execute

        def fail(one, bar):
            if one.id == job.id:
                one.env["ctsp.test.clinic"].create({"name": "half"})
                one.env.flush_all()
                raise UserError("disk full")
            return original(one, bar)

        with patch.object(Job, "_job_execute", fail):
            self.run_queue()
        self.assertEqual((job.job_state, job.notice, other.job_state), ("failed", "disk full", "done"))
        self.assertFalse(self.Clinic.search([("name", "=", "half")]))

    def test_waiting_job_is_cancelled(self):
        job = self.queued_import(["甲", "B1", 1])
        row = self.env["ctsp.progress"].search([("res_model", "=", job._name), ("res_id", "=", job.id)])
        row.with_user(self.steward).action_cancel()
        self.assertEqual((job.job_state, row.state), ("failed", "failed"))
        self.run_queue()
        self.assertEqual(job.state, "mapping")
