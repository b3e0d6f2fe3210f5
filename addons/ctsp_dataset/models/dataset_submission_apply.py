import logging

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.ctsp_base.tools.language import in_record_language

from ..tools import intake, report_file, room
from ..tools.findings import Finding

_logger = logging.getLogger(__name__)

APPLY_AT_ONCE = 200
"""rows that are carried on within the request while few come at once; more wait for the scheduled action"""

APPLY = "apply"
"""code of the findings that are the registry's, not the check's"""

RUSH_MINUTES = 1
"""how long one that waits makes those after it wait, too"""


class DatasetSubmission(models.Model):
    """What becomes of accepted rows.

    A handler is a method ``_handle_<code>(rows)`` of an addon above that returns an ``Outcome``. Many rows are done in
    the background; a handler that :meth:`_portion_rows` knows gets them in portions, each a job and a transaction of
    its own, so that memory is bounded and what was interrupted goes on where it was.
    """

    _inherit = "ctsp.dataset.submission"

    def _portion_rows(self):
        """Return how many rows the handler takes at once, 0 when it wants the submission whole."""
        return 0

    def _outcome_text(self, counts):
        """Return what a handler that works in portions says of all of them together."""
        return "登记库已更新"

    def _source(self):
        """Return what names the submission in what it made: its receipt, the request until that is drawn."""
        return self.number or self.request_id

    def _carry_on(self):
        """Hand accepted rows to the data set's handler, at once when they are few and little else comes, then draw the
        receipt's number.

        From the number to the end of the transaction everybody else waits for his: nothing long comes after it.
        """
        self.ensure_one()
        if self.is_test:
            what = "试校验" if self.channel == "desk" else "测试数据：已校验"
            self.outcome = f"{what}，未写入登记库{self._whole_text()}"
            self._keep_later(_warnings(self._test_problems()))
        elif not self.accepted:
            self.outcome = f"没有可接收的数据{self._whole_text()}"
        elif self.dataset_id.handler == "store":
            self.outcome = "已校验并留存"
        elif self.accepted <= APPLY_AT_ONCE and not self._earlier() and not self._rush():
            self._apply_now()
        else:
            self.write({"outcome": "数据已接收，正在更新登记库", "applied": "queued"})
        self.env.cr.flush()
        self.number = self.env["ir.sequence"]._draw("ctsp.dataset.submission")
        self._numbered()
        if self.applied == "queued":
            self._enqueue()
        else:
            self._tell()

    def _test_problems(self):
        """Hook: return ``(row, path, message, hint)`` of what the registry would remark in rows of a test."""
        return []

    def _whole_text(self):
        """Good rows that were not taken have no finding that says why."""
        if self.state != "refused" or self.version_id.mode != "whole" or self.rows < 2:
            return ""
        return "；该数据集整批接收：有一行不合格，其余各行没有问题也不接收"

    def _numbered(self):
        """Hook: the number is drawn; what :meth:`_source` named by its request is named by it now."""

    def _enqueue(self):
        """Have the scheduled action do it, in portions where the handler can."""
        step = self._portion_rows()
        if not step or self.accepted <= step:
            self._job_start(background=True)
            return
        portions = self.env["ctsp.dataset.portion"].create([
            {"submission_id": self.id, "first": first, "count": min(step, self.accepted - first),
             "user_id": self.user_id.id} for first in range(0, self.accepted, step)])
        for portion in portions:
            portion._job_start(background=True)

    def _apply_now(self):
        """Carry a few rows on; the submission is kept whatever becomes of them."""
        try:
            with self.env.cr.savepoint():
                self._apply()
                self.env.flush_all()
        except UserError as error:
            self._failed(str(error))
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            _logger.exception("The handler of %s failed", self)
            self._failed("系统内部错误，已记录")

    def _earlier(self):
        """Return what was reported before to the same data set and is not applied yet: what is newer waits for it."""
        waiting = ("queued", "running")
        return self.search([
            ("partner_id", "=", self.partner_id.id), ("dataset_id", "=", self.dataset_id.id), ("is_test", "=", False),
            ("id", "<", self.id), "|", ("job_state", "in", waiting), ("portion_ids.job_state", "in", waiting)], limit=1)

    def _rush(self):
        """Return whether several report at this moment, or what they just reported still waits: then all is done in the
        background, one after the other, and the workers are there for people."""
        if room.taken(self.env.cr, room.ALL, room.places()) > 1:
            return True
        since = fields.Datetime.subtract(fields.Datetime.now(), minutes=RUSH_MINUTES)
        waiting = self.search([("job_state", "in", ("queued", "running")), ("received_at", ">", since)], limit=1)
        return bool(waiting)

    def _waits(self):
        """Return whether something earlier, turned back by a conflict, stands behind this one; its turn comes first."""
        if not self._earlier():
            return False
        self.env.ref("ctsp_base.ir_cron_run_jobs")._trigger()
        return True

    def _job_ready(self):
        return not self._waits()

    def _job_title(self):
        return self.env._("Submission %(number)s", number=self.number)

    def _job_size(self):
        return self.accepted

    def _job_whose(self):
        return self.partner_id

    def _job_shown(self):
        return self.accepted > APPLY_AT_ONCE

    def _job_execute(self, progress):
        self._apply()
        self._tell()

    def _job_failed(self, message):
        self._failed(message)
        self._tell()

    def _failed(self, message):
        self.write({"outcome": f"更新登记库失败：{message}", "applied": "failed"})

    def _apply(self):
        """Let the handler have all rows at once."""
        result = self._handled()
        self.write({"outcome": result.text, "applied": "failed" if result.failed else "done"})

    def _handled(self, first=0, count=None):
        """Let the handler have rows; keep what it cannot use as findings, and which records it made or changed."""
        self.ensure_one()
        self = in_record_language(self)
        result = getattr(self, f"_handle_{self.dataset_id.handler}")(self._accepted_rows(first, count))
        self._keep_later(_warnings(result.problems))
        self.env["ctsp.dataset.link"].create([
            {"submission_id": self.id, "row": row, "res_model": record._name, "res_id": record.id,
             "name": record.display_name} for row, record in result.links])
        return result

    def _keep_later(self, findings):
        """Put what the registry could not use at the end of the report, the first of it on the screen, too."""
        if not findings:
            return
        shown = self.env["ctsp.dataset.finding"].search_count([("submission_id", "=", self.id), ("code", "=", APPLY)])
        self._keep_findings(findings[:max(intake.FINDINGS_KEPT - shown, 0)])
        self._set_file("report_file", report_file.with_more(self._file("report_file"), findings))
        self._count_later(len(findings))

    def _drop_later(self):
        """Take what the registry could not use out of the report: it is handed over anew."""
        content, count = report_file.without(self._file("report_file"), APPLY)
        self.finding_ids.filtered(lambda item: item.code == APPLY).unlink()
        self._set_file("report_file", content)
        self._count_later(-count)

    def _count_later(self, count):
        self.write({"finding_total": self.finding_total + count, "warnings": self.warnings + count})

    def _portion_done(self, portion):
        """Say what became of all rows once the last portion is through."""
        portions = self.portion_ids
        if (portions - portion).filtered(lambda one: one.job_state not in ("done", "failed")):
            return
        counts, failed = {}, 0
        for one in portions:
            failed += one.count if one.error else 0
            for name, number in (one.counts or {}).items():
                counts[name] = counts.get(name, 0) + number
        text = self._outcome_text(counts)
        if failed:
            text = f"{text}；{failed}行未能处理：{portions.filtered('error')[:1].error}"
        self.write({"outcome": text, "applied": "failed" if failed else "done"})
        self._tell()

    def _tell(self):
        """Hook: what became of the submission is known."""

    def _accepted_rows(self, first=0, count=None):
        """Yield ``(number, row)`` of what was accepted, from the row at place ``first`` on."""
        return intake.rows_in(self._file("accepted_file"), first, count)

    def _report(self, offset=0, count=None):
        """Yield a page of the whole report as dicts: what the check found, then what the registry could not use."""
        return report_file.findings_in(self._file("report_file"), offset, count)


def _warnings(problems):
    return [Finding(row, path, APPLY, message, hint, level="warning") for row, path, message, hint in problems]
