from datetime import UTC, datetime, time

from odoo import fields, models

from odoo.addons.ctsp_base.tools import clock
from odoo.addons.ctsp_exchange.tools.reply import Refused


class DatasetFile(models.Model):
    """How much an institution's people may have checked and send on one day: what a key has for a program.

    Counted are the receipts of the day, checks among them, which are as much work.
    """

    _inherit = "ctsp.dataset.file"

    quota = fields.Char("Used Today", compute="_compute_quota")

    def _compute_quota(self):
        for file in self:
            file.quota = file._quota_text(*file._used_today())

    def _limits(self):
        """Return how many ``(files, rows)`` a day has."""
        parameters = self.env["ctsp.parameter"]
        return parameters._get("dataset.desk_files"), parameters._get("dataset.desk_rows")

    def _used_today(self):
        """Return how many ``(files, rows)`` were received of the organisation since midnight in China."""
        midnight = datetime.combine(clock.today(), time(), clock.CHINA).astimezone(UTC).replace(tzinfo=None)
        owner = self.owner_partner_id or self._own_partner()
        # sudo: what colleagues had checked counts as well
        [(files, rows)] = self.env["ctsp.dataset.submission"].sudo()._read_group(
            [("partner_id", "=", owner.id), ("channel", "=", "desk"), ("received_at", ">=", midnight)],
            [], ["__count", "rows:sum"])
        return files, rows or 0

    def _quota_text(self, files, rows):
        files_limit, rows_limit = self._limits()
        return (f"本机构今日已试校验和报送{files}个文件、{rows}行；每日上限{files_limit}个文件、{rows_limit}行，"
                "次日0时重新计算")

    def _check_quota(self, coming=0):
        """Refuse what is more than the day has.

        :param coming: rows of the file, once they are known
        :raise Refused: ``too_many``
        """
        files, rows = self._used_today()
        files_limit, rows_limit = self._limits()
        if files >= files_limit or rows >= rows_limit or rows + coming > rows_limit:
            what = f"该文件有{coming}行，超出今日余量{rows_limit - rows}行" if coming else "已达到每日上限"
            raise Refused("too_many", f"{what}。{self._quota_text(files, rows)}")
