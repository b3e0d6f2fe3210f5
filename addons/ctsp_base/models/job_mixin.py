import logging
import time
from collections import Counter
from contextlib import nullcontext

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..tools import processor_time
from .progress import ProgressCancelled, ProgressHandle

_logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
LOOK = 1.0  # seconds between looks for new jobs while there are others
WAITING = ("queued", "running")


class JobMixin(models.AbstractModel):
    """Work that is too long for a web request.

    A record *is* its job. Small work runs at once in the caller's transaction; large work is queued, and one
    scheduled action runs the queue, one job and one transaction at a time, as the record's user; those who have work
    in it take turns, so that who queued much keeps nobody waiting. A job whose
    process was killed is found in state ``running`` when the scheduled action starts again (only one runs at a
    time); its transaction is gone, so it is simply run again, and given up after three attempts.
    """

    _name = "ctsp.job.mixin"
    _description = "Background Job"

    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, default=lambda self: self.env.user,
        copy=False)
    job_state = fields.Selection(
        [("idle", "Idle"), ("queued", "Queued"), ("running", "Running"), ("done", "Done"), ("failed", "Failed")],
        default="idle", required=True, readonly=True, copy=False, index=True)
    job_error = fields.Text("Failure", readonly=True, copy=False)
    job_attempts = fields.Integer("Attempts", readonly=True, copy=False)

    # -- hooks ------------------------------------------------------------------------------------

    def _job_execute(self, progress):
        """Do the work as the current user. All or nothing: the caller's savepoint undoes it when this raises.

        :param progress: a ``ProgressHandle``
        """
        raise NotImplementedError

    def _job_title(self):
        """Return what the progress bar shows."""
        return self.display_name

    def _job_size(self):
        """Return the number of units, 0 when it is not known yet."""
        return 0

    def _job_failed(self, message):
        """Called on the record after the work was rolled back."""

    def _job_whose(self):
        """Return who takes turns with others in the queue."""
        return self.user_id

    def _job_ready(self):
        """Return whether its turn has come; if not, it waits for the next run."""
        return True

    def _job_shown(self):
        """Return whether somebody looks on: a row of progress costs as much as a little work."""
        return True

    # -- starting ---------------------------------------------------------------------------------

    def _job_start(self, background):
        """Run now, or queue for the scheduled action. Return whether the work is done."""
        self.ensure_one()
        if background:
            self.sudo().write({"job_state": "queued", "job_error": False, "job_attempts": 0})
            if self._job_shown():
                self.env["ctsp.progress"]._wait(self._job_title(), self)
            # any user may wake the runner; it only runs what is queued
            self.env.ref("ctsp_base.ir_cron_run_jobs").sudo()._trigger()
            return False
        self._job_perform()
        return True

    def _job_perform(self):
        with self._job_bar() as bar:
            self._job_execute(bar)
        self.sudo().write({"job_state": "done", "job_error": False})  # state fields are the engine's, not the user's

    def _job_bar(self):
        bars, size = self.env["ctsp.progress"], self._job_size()
        if self._job_shown():
            return bars._open(self._job_title(), size, self)
        return nullcontext(ProgressHandle(bars, None, size))

    def _job_cancel(self):
        """Take jobs that have not begun out of the queue; running ones stop at their next step."""
        waiting = self.filtered(lambda job: job.job_state == "queued").try_lock_for_update()
        message = self.env._("Stopped at your request; nothing was changed.")
        for job in waiting:
            job.sudo().write({"job_state": "failed", "job_error": message})
            job._job_failed(message)
            self.env["ctsp.progress"]._fail(job, message)

    # -- the runner -------------------------------------------------------------------------------

    @api.model
    def _cron_run(self):
        """Run what is queued: of those for whom least was done, the oldest. Called by the scheduled action only."""
        cron, done, tried, looked = self.env["ir.cron"], Counter(), set(), time.monotonic()
        queue = self._job_queue()
        cron._commit_progress(remaining=len(queue))
        while queue:
            whose, job = min(queue, key=lambda one: done[one[0]])
            queue.remove((whose, job))
            tried.add(job)
            if job.job_state in WAITING and job._job_ready():
                done[whose] += 1
                job._job_run_queued()
                if not cron._commit_progress(1, remaining=len(queue)):
                    break
            if not queue or time.monotonic() > looked + LOOK:  # what came meanwhile takes its turn, too
                queue = [one for one in self._job_queue() if one[1] not in tried]
                looked = time.monotonic()

    @api.model
    def _job_queue(self):
        """Return ``(whose, job)`` of the queued jobs of all models, oldest first, those whose process died among
        them."""
        jobs = []
        for name in self.env.registry.descendants([self._name], "_inherit"):
            model = self.env[name]
            if not model._abstract:
                jobs += model.search([("job_state", "in", WAITING)], order="id")
        return [(job._job_whose(), job) for job in sorted(jobs, key=lambda job: job.write_date)]

    def _job_run_queued(self):
        """Run one job in a transaction of its own."""
        if self.job_attempts >= MAX_ATTEMPTS:
            self._job_give_up(self.env._("Interrupted three times: the server stopped while it ran."))
            return
        self.write({"job_state": "running", "job_attempts": self.job_attempts + 1})
        # the mark must be seen when this process dies; committing is what the runner is for
        self.env["ir.cron"]._commit_progress()
        processor_time.renew()
        user = self.user_id
        worker = self.with_user(user).with_context(user.with_user(user).context_get(), ctsp_background=True)
        try:
            with self.env.cr.savepoint():
                worker._job_perform()
                self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            _logger.info("%s was overtaken by another transaction, queued again", self)
            self.write({"job_state": "queued"})
            self.env.ref("ctsp_base.ir_cron_run_jobs")._trigger()
        except (ProgressCancelled, UserError) as error:
            self._job_give_up(str(error))
        except (psycopg2.Error, ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError):
            _logger.exception("Job %s failed", self)
            self._job_give_up(self.env._("Internal error; see the server log."))

    def _job_give_up(self, message):
        self.write({"job_state": "failed", "job_error": message})
        self._job_failed(message)
        self.env["ctsp.progress"]._fail(self, message)
