import base64
import os

from odoo import api, models
from odoo.exceptions import UserError


class ImportJobFile(models.Model):
    """The programmatic way in: set-up loads real data through the same path as people do."""

    _inherit = "ctsp.import.job"  # pylint: disable=consider-merging-classes-inherited; one file for each step

    @api.model
    def _load_file(self, model, path_or_bytes, filename=None, mode="all", mapping=None, sheet=None, clear_empty=False):
        """Import a file in the current transaction and return the finished job.

        :param model: name of a model with ``ctsp.import.mixin``
        :param path_or_bytes: path of the file, or its content
        :param mode: ``all`` (one bad row raises a ``UserError`` that lists the bad rows) or ``good``
        :param mapping: ``{header: field name}`` for headers that are neither labels nor technical names
        """
        content, filename = self._file_content(path_or_bytes, filename)
        job = self.create({
            "res_model": model, "file": content, "file_name": filename, "mode": mode, "clear_empty": clear_empty})
        job._read_sheets()
        if sheet:
            job.sheet_id = job.sheet_ids.filtered(lambda one: one.name == sheet)
        job._read_columns()
        for column in job.column_ids.filtered(lambda one: one.header in (mapping or {})):
            column.target_id = job.target_ids.filtered(
                lambda target, name=mapping[column.header]: target.field_name == name)
        job.sudo().write({"pending": "run", "state": "tested"})  # the engine's fields
        job._job_perform()
        if job.state != "done":
            bad = job.row_ids.filtered(lambda row: row.state == "bad")[:20]
            lines = [job.notice or "", *(f"{row.number}: {row.message}" for row in bad)]
            raise UserError("\n".join(lines))
        return job

    @api.model
    def _file_content(self, path_or_bytes, filename):
        if isinstance(path_or_bytes, bytes):
            content = path_or_bytes
        else:
            filename = filename or os.path.basename(path_or_bytes)
            with open(path_or_bytes, "rb") as stream:
                content = stream.read()
        return base64.b64encode(content), filename
