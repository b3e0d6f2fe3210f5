from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import ValidationError

from odoo.addons.ctsp_base.tools import file_kinds

from ..tools import tables

AT_ONCE = 256 << 10
"""bytes that are checked while the person waits, where there is room; more by the scheduled action, with progress"""
UNPACKED_AT_ONCE = 8 * AT_ONCE
"""the same of a workbook, unpacked"""
DESK = "ctsp_dataset.ctsp_dataset_file_action_desk"
TABLES = ("xlsx", "csv", "json", "ndjson")
FOREIGN = (b"PK\x03\x04", file_kinds.OLE, b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"\x1f\x8b")
"""how files begin that are no text"""


class DatasetFile(models.Model):
    """What kind of file it may be; a large one in the background."""

    _inherit = "ctsp.dataset.file"
    _file_extensions = TABLES

    @api.constrains("data", "file_name")
    def _check_file(self):
        for file in self:
            if file_kinds.extension(file.file_name) in ("xls", "xlsx") and file._content().startswith(file_kinds.OLE):
                raise ValidationError(self.env._(
                    "“%(name)s” is protected by a password, or of the old format .xls. Take the password away, save it "
                    "as .xlsx, and choose it again.", name=file.file_name))
        texts = self.filtered(lambda file: file_kinds.extension(file.file_name) in TABLES[1:])
        super(DatasetFile, self - texts)._check_file()
        for file in texts:
            content = file._content()
            if any(char in file.file_name for char in "/\\\0\r\n"):
                raise ValidationError(file._file_refusal("name"))
            if len(content) > self._file_max_mib << 20:
                raise ValidationError(self.env._(
                    "“%(name)s” is larger than %(limit)s MB. Send it in several files, or by the open interface.",
                    name=file.file_name, limit=self._file_max_mib))
            if not content.strip():
                raise ValidationError(file._file_refusal("empty"))
            if content.startswith(FOREIGN):
                raise ValidationError(file._file_refusal("content"))

    def _is_small(self):
        """Return whether it is little work, which is not what a packed file's size says."""
        return self.size <= AT_ONCE and (
            file_kinds.extension(self.file_name) != "xlsx" or tables.unpacked(self._content()) <= UNPACKED_AT_ONCE)

    # ---- in the background

    def _job_title(self):
        return self.file_name

    def _job_size(self):
        return self.size

    def _job_whose(self):
        return self.owner_partner_id

    def _job_execute(self, progress):
        def seen(rows, stream):
            place = self.size if stream.closed else stream.tell()  # at its last row a reader has closed it
            progress.step(max(place - progress.done, 0), f"已校验{rows}行")

        whole = self.with_user(SUPERUSER_ID)  # as for a program: what is made has one author
        whole._receive(seen)
        whole._tell_done()

    def _job_failed(self, message):
        whole = self.with_user(SUPERUSER_ID)  # as above
        whole.write({"state": "draft", "error": message})
        whole._tell_done()

    def _tell_done(self):
        """Tell the organisation: whoever sent a large file may be on another page by now."""
        word = "已报送" if self.state == "sent" else "试校验已完成" if self.task == "check" else "未报送"
        found = self.submission_id if self.state == "sent" else self.check_id
        note, tone = None, "success"
        if self.error or (self.same_id and self.task == "send"):
            word, tone = "未能处理", "warning"
            note = self.error or f"内容相同的文件已报送过（回执{self.same_id.number}）"
        elif found:
            note = f"共{found.rows}行，合格{found.accepted}行，退回{found.refused}行"
            tone = "warning" if found.refused else "success"
        self.env["ctsp.desk.notice"]._send(self, DESK, f"“{self.file_name}”{word}", note, tone)
