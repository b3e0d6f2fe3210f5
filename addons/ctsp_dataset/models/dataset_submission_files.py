import base64
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.ctsp_exchange.tools.reply import Refused

SWEPT = "测试报送的文件已超过保存期，已删除"
STEP = 200


class DatasetSubmission(models.Model):
    """The files of a submission. What came in earnest is evidence and stays; what came with a test key goes after
    ``dataset.test_days``, its receipt stays."""

    _inherit = "ctsp.dataset.submission"

    swept_at = fields.Datetime("Files Deleted", readonly=True)

    def _file(self, name):
        """Return what a file holds.

        :raise Refused: ``not_found``: it was a test, long ago
        """
        self.ensure_one()
        if self.swept_at:
            raise Refused("not_found", SWEPT)
        return base64.b64decode(self.with_context(bin_size=False)[name] or b"")

    def _set_file(self, name, content):
        self.write({name: base64.b64encode(content)})

    @api.autovacuum
    def _gc_tests(self):
        """Throw away the files of old tests; called every night."""
        limit = fields.Datetime.now() - timedelta(days=self.env["ctsp.parameter"]._get("dataset.test_days"))
        domain = [("is_test", "=", True), ("swept_at", "=", False), ("received_at", "<", limit)]
        old = self.search(domain, order="id", limit=STEP)
        old.finding_ids.unlink()
        old.write({"accepted_file": False, "report_file": False, "sent_file": False,
                   "swept_at": fields.Datetime.now()})
        return len(old), self.search_count(domain, limit=1)
