import base64

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import header, tabular
from ..tools.import_messages import explain_file


class ImportJobRead(models.Model):
    """First steps of an import: reading the file, matching its columns to fields."""

    _inherit = "ctsp.import.job"  # pylint: disable=consider-merging-classes-inherited; one file for each step

    def _content(self):
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        return base64.b64decode(self.with_context(bin_size=False).file)

    def _read_table(self):
        """Return the table of the chosen sheet; every defect of the file is a ``UserError``."""
        known = [target.label for target in self.target_ids] + self.target_ids.mapped("field_name")
        known += [line["header"] for line in self._remembered()]
        known += self._target()._import_synonyms()
        try:
            sheet = tabular.read_sheet(self._content(), self.file_name, self.sheet_id.name or None)
            return header.cut(sheet, known)
        except tabular.TabularError as error:
            raise UserError(explain_file(self.env, error)) from error

    def _remembered(self):
        mappings = self.mapping_id or self.env["ctsp.import.mapping"]._automatic(self.res_model)
        return mappings.lines or []

    def action_read(self):
        """Read the file and match its columns to fields (上传 → 对应列)."""
        self.ensure_one()
        self.check_access("write")
        self._target()
        self._read_sheets()
        self._read_columns()
        return True

    def _read_sheets(self):
        try:
            names = tabular.sheet_names(self._content(), self.file_name)
        except tabular.TabularError as error:
            raise UserError(explain_file(self.env, error)) from error
        if self.sheet_ids.mapped("name") == names and self.sheet_id:
            return
        job = self.sudo()  # sheets and columns are rows of this very import, which the user may write
        job.sheet_ids.unlink()
        job.sheet_ids = [fields.Command.create({"name": name}) for name in names if name]
        job.sheet_id = job.sheet_ids[:1]

    def _read_columns(self):
        job = self.sudo()  # see _read_sheets
        job.target_ids.unlink()
        job.target_ids = self.env["ctsp.import.target"]._commands(self._target())
        table = self._read_table()
        matched = self.env["ctsp.import.column"]._match(
            table.columns, job.target_ids, self._remembered(), self._target()._import_synonyms())
        job.column_ids.unlink()
        job.column_ids = [
            fields.Command.create({
                "position": index, "header": label, "target_id": matched.get(index),
                "sample": self.env["ctsp.import.column"]._sample(table.rows, index),
            }) for index, label in table.columns
        ]
        notice = False if matched else self.env._(
            "No column of the file has a name this data knows. Match the columns below, or download the template.")
        job.write({
            "state": "mapping", "header_row": table.header_row, "file_rows": len(table.rows), "notice": notice,
            "job_state": "idle", "job_error": False})

    def _mapped_columns(self):
        """Return ``{column index: field name}``; each field once, and at least one."""
        mapped, used = {}, {}
        allowed = set(self._target()._import_field_names())
        for column in self.column_ids.filtered("target_id"):
            name = column.target_id.field_name
            if name in used:
                raise UserError(self.env._(
                    "The columns “%(first)s” and “%(second)s” are both matched to “%(field)s”.",
                    first=used[name], second=column.header, field=column.target_id.label))
            if name not in allowed:
                raise AccessError(self.env._("You may not import “%(field)s”.", field=column.target_id.label))
            used[name] = column.header
            mapped[column.position] = name
        if not mapped:
            raise UserError(self.env._("No column is matched to a field yet."))
        return mapped
