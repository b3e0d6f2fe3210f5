import base64
import io
import os
import tempfile
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.ctsp_exchange.tools.reply import Refused

from ..tools import intake
from ..tools.unreadable import Unreadable

REPLAY_BYTES = 8 << 20


class DatasetSubmission(models.Model):
    """From a stream to a receipt."""

    _inherit = "ctsp.dataset.submission"

    @api.model
    def _receive(self, version, partner, request_id, stream, kind, digest, size, credential=None, address=None,
                 desk=None):
        """Check and keep what came; return ``(submission, duplicate)``. Superuser; in the caller's transaction.

        :param stream: binary, can be read from its beginning
        :param desk: a ``ByHand``, where a person sent it on the desk
        :raise Refused: see docs/dataset.md
        """
        is_test = bool(desk.is_test if desk else credential and credential.is_sandbox)
        if same := self._received(partner, is_test, request_id):
            return same._checked_same(version, digest), True
        # two requests of one id at once: the later one is tried again, and finds what the first made
        self.env["ctsp.exchange.nonce"]._reserve(f"submission {partner.id}:{is_test}:{request_id}")
        left = self._check_quota(credential) if credential else None
        sent = self._to_replay(stream, size) if is_test and not desk else False
        with tempfile.TemporaryDirectory() as folder:
            accepted, report = os.path.join(folder, "accepted"), os.path.join(folder, "report")
            limit = self.env["ctsp.parameter"]._get("dataset.max_rows")
            try:
                taken = intake.take(version._definition(), stream, kind, accepted, report, limit,
                                    desk and desk.seen)
            except Unreadable as error:
                raise Refused("invalid", str(error), reason=error.code) from error
            if left is not None and taken.rows > left:
                raise Refused("too_many", f"本次{taken.rows}行，超出每日配额的余量{left}行", retryAfter=3600)
            if desk and desk.check:
                desk.check(taken.rows)
            files = {"accepted_file": _encoded(accepted), "report_file": _encoded(report)}
            submission = self.create({
                **self._facts(taken, version, partner), **(desk.facts if desk else {}), "request_id": request_id,
                "kind": kind, "digest": digest, "size": size, "is_test": is_test,
                "credential_id": credential.id if credential else False, "address": address,
                "sent_file": sent, **files})
        submission._keep_findings(taken.findings)
        submission._carry_on()
        return submission, False

    @api.model
    def _received(self, partner, is_test, request_id):
        return self.search([
            ("partner_id", "=", partner.id), ("is_test", "=", is_test), ("request_id", "=", request_id)], limit=1)

    def _checked_same(self, version, digest):
        """Return the submission if it is of this content.

        :raise Refused: ``conflict``
        """
        if self.digest != digest or self.dataset_id != version.dataset_id:
            raise Refused("conflict", "该 requestId 曾以不同内容提交，请更换 requestId", reason="content")
        return self

    @api.model
    def _to_replay(self, stream, size):
        """Return the content for the file store: a reader may close the stream."""
        if size > REPLAY_BYTES:
            return False
        content = stream.read()
        stream.seek(0)
        return base64.b64encode(content)

    def _replay(self, request_id, credential, address=None):
        """Check what was sent with a test key again, against the version in force; return as :meth:`_receive`."""
        if not credential.is_sandbox:  # with any other key it would be received in earnest
            raise Refused("scope", "仅测试密钥可以重放")
        content = self._file("sent_file")
        if not content:
            raise Refused("conflict", "该次报送的原文未留存（仅留存8 MiB以内的测试报送）", reason="not_kept")
        version = self.dataset_id.current_id
        if not version:
            raise Refused("conflict", "数据集已没有现行版本", reason="version")
        return self._receive(version, self.partner_id, request_id, io.BytesIO(content), self.kind, self.digest,
                             self.size, credential, address)

    @api.model
    def _facts(self, taken, version, partner):
        return {
            "partner_id": partner.id, "version_id": version.id, "rows": taken.rows, "accepted": taken.accepted,
            "refused": taken.refused, "warnings": taken.warnings, "finding_total": taken.total, "state": taken.state,
            "score": taken.score,
            # a job of the platform: nobody is signed in at the interface
            "user_id": self.env.ref("base.user_root").id}

    @api.model
    def _check_quota(self, credential):
        """Requests in a minute, those that were refused among them; return the rows left of those of 24 hours.

        :raise Refused: ``too_many``
        """
        now = fields.Datetime.now()
        own = [("credential_id", "=", credential.id)]
        made = self.search_count([*own, ("received_at", ">", now - timedelta(minutes=1))])
        credential._check_pace(made)
        day = self._read_group([*own, ("received_at", ">", now - timedelta(days=1))], [], ["rows:sum"])[0][0] or 0
        if day >= credential.daily_rows:
            raise Refused("too_many", f"已达到每日{credential.daily_rows}行的配额", retryAfter=3600)
        return credential.daily_rows - day

    def _keep_findings(self, findings):
        self.env["ctsp.dataset.finding"].create([
            {"submission_id": self.id, **item.as_dict()} for item in findings])


def _encoded(path):
    with open(path, "rb") as stream:
        return base64.b64encode(stream.read())
