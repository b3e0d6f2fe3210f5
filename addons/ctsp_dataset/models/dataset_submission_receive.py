import base64
import logging
import os
import tempfile
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ctsp_base.tools.language import in_record_language
from odoo.addons.ctsp_exchange.tools.reply import Refused

from ..tools import intake
from ..tools.findings import Finding
from ..tools.readers import Unreadable

_logger = logging.getLogger(__name__)

APPLY_AT_ONCE = 200


class DatasetSubmission(models.Model):
    """From a stream to a receipt."""

    _inherit = "ctsp.dataset.submission"

    @api.model
    def _receive(self, version, partner, request_id, stream, kind, digest, size, credential=None, address=None):
        """Check and keep what came; return ``(submission, duplicate)``. Superuser; in the caller's transaction.

        :param stream: binary, can be read from its beginning
        :raise Refused: see docs/dataset.md
        """
        is_test = bool(credential and credential.is_sandbox)
        key = f"{partner.id}:{is_test}:{request_id}"
        # of two requests of one id at once the second is tried again by Odoo, and finds what the first made
        self.env["ctsp.exchange.nonce"]._reserve(f"submission {key}")
        same = self.search([
            ("partner_id", "=", partner.id), ("is_test", "=", is_test), ("request_id", "=", request_id)], limit=1)
        if same:
            if same.digest != digest or same.dataset_id != version.dataset_id:
                raise Refused("conflict", "该 requestId 曾以不同内容提交，请更换 requestId")
            return same, True
        if credential:
            self._check_quota(credential)
        with tempfile.TemporaryDirectory() as folder:
            accepted, report = os.path.join(folder, "accepted"), os.path.join(folder, "report")
            limit = self.env["ctsp.parameter"]._get("dataset.max_rows")
            try:
                taken = intake.take(version._definition(), stream, kind, accepted, report, limit)
            except Unreadable as error:
                raise Refused("invalid", str(error), reason=error.code) from error
            files = {"accepted_file": _encoded(accepted), "report_file": _encoded(report)}
            submission = self.create({
                **self._facts(taken, version, partner), "request_id": request_id, "kind": kind, "digest": digest,
                "size": size, "is_test": is_test, "credential_id": credential.id if credential else False,
                "address": address, **files})
        submission._keep_findings(taken.findings)
        submission._carry_on()
        return submission, False

    @api.model
    def _facts(self, taken, version, partner):
        return {
            "number": self.env["ir.sequence"]._draw("ctsp.dataset.submission"), "partner_id": partner.id,
            "version_id": version.id, "rows": taken.rows, "accepted": taken.accepted, "refused": taken.refused,
            "warnings": taken.warnings, "finding_total": taken.total, "state": taken.state, "score": taken.score,
            # a job of the platform: nobody is signed in at the interface
            "user_id": self.env.ref("base.user_root").id}

    @api.model
    def _check_quota(self, credential):
        """Rows in 24 hours, requests in a minute."""
        now = fields.Datetime.now()
        own = [("credential_id", "=", credential.id)]
        if self.search_count([*own, ("received_at", ">", now - timedelta(minutes=1))]) >= credential.minute_requests:
            raise Refused("too_many", "请求过于频繁，请稍后重试", retryAfter=60)
        day = self._read_group([*own, ("received_at", ">", now - timedelta(days=1))], [], ["rows:sum"])[0][0] or 0
        if day >= credential.daily_rows:
            raise Refused("too_many", f"已达到每日{credential.daily_rows}行的配额", retryAfter=3600)

    def _keep_findings(self, findings):
        self.env["ctsp.dataset.finding"].create([
            {"submission_id": self.id, **item.as_dict()} for item in findings])

    # ------------------------------------------------------------------
    # What becomes of accepted rows
    # ------------------------------------------------------------------
    def _carry_on(self):
        """Hand accepted rows to the data set's handler, at once when they are few."""
        self.ensure_one()
        if self.is_test:
            self.outcome = "测试数据：已校验，未写入登记库"
        elif not self.accepted:
            self.outcome = "没有可接收的数据"
        elif self.dataset_id.handler == "store":
            self.outcome = "已校验并留存"
        elif self.accepted <= APPLY_AT_ONCE:
            self._apply_now()
        else:
            self.outcome = "数据已接收，正在更新登记库"
            self._job_start(background=True)

    def _apply_now(self):
        """Carry a few rows on; the submission is kept whatever becomes of them."""
        try:
            with self.env.cr.savepoint():
                self._apply()
                self.env.flush_all()
        except UserError as error:
            self._job_failed(str(error))
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            _logger.exception("The handler of %s failed", self)
            self._job_failed("系统内部错误，已记录")

    def _job_title(self):
        return self.env._("Submission %(number)s", number=self.number)

    def _job_size(self):
        return self.accepted

    def _job_execute(self, progress):
        self._apply()

    def _job_failed(self, message):
        self.outcome = f"更新登记库失败：{message}"

    def _apply(self):
        """Let the handler have the rows; what it cannot use becomes findings."""
        self.ensure_one()
        self = in_record_language(self)
        result = getattr(self, f"_handle_{self.dataset_id.handler}")(self._accepted_rows())
        self._keep_findings([
            Finding(row, path, "apply", message, hint, level="warning")
            for row, path, message, hint in result.problems])
        self.env["ctsp.dataset.link"].create([
            {"submission_id": self.id, "row": row, "res_model": record._name, "res_id": record.id,
             "name": record.display_name} for row, record in result.links])
        self.write({"outcome": result.text, "finding_total": self.finding_total + len(result.problems),
                    "warnings": self.warnings + len(result.problems)})

    def _accepted_rows(self):
        """Yield ``(number, row)`` of what was accepted."""
        return intake.rows_in(base64.b64decode(self.with_context(bin_size=False).accepted_file))

    def _report(self, offset, count):
        """Return a page of the whole report as dicts."""
        return intake.findings_in(base64.b64decode(self.with_context(bin_size=False).report_file), offset, count)


def _encoded(path):
    with open(path, "rb") as stream:
        return base64.b64encode(stream.read())
