import base64
import logging
import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools import private
from ..tools.export_reader import ColumnRefused, Reader, resolve
from ..tools.export_writer import SINKS
from ..tools.model_names import named

_logger = logging.getLogger(__name__)

AT_ONCE = 2000  # rows; more than this is done in the background
KEEP_DAYS = 7


class ExportJob(models.Model):
    """One export: what was asked, and the file it gave to the one who asked."""

    _name = "ctsp.export.job"
    _inherit = ["ctsp.job.mixin"]
    _description = "Export"
    _order = "id desc"

    name = fields.Char("Title", required=True, readonly=True)
    res_model = fields.Char("Model", required=True, readonly=True, index=True)
    model_name = fields.Char("Exported Data", compute="_compute_model_name")
    profile_id = fields.Many2one("ir.exports", readonly=True, ondelete="set null")
    file_format = fields.Selection(
        [("xlsx", "Excel (xlsx)"), ("csv", "CSV (UTF-8)")], "Format", default="xlsx", required=True, readonly=True)
    domain = fields.Json(readonly=True)
    record_ids = fields.Json("Selected Records", readonly=True)
    active_test = fields.Boolean(default=True, readonly=True)
    row_count = fields.Integer("Rows", readonly=True)
    attachment_id = fields.Many2one("ir.attachment", "File", readonly=True, ondelete="set null", index="btree_not_null")
    file_name = fields.Char(related="attachment_id.name", string="File Name")

    def _register_hook(self):
        super()._register_hook()
        private.wipe()

    @api.model
    def _models(self):
        """Return the names of the models with the export mixin."""
        registry = self.env.registry
        return [name for name in registry.descendants(["ctsp.export.mixin"], "_inherit")
                if not registry[name]._abstract and not registry[name]._transient]

    @api.model
    def _selection_models(self):
        """Models with the export mixin, under the names users know."""
        return named(self.env, self._models())

    @api.depends("res_model")
    @api.depends_context("lang")
    def _compute_model_name(self):
        names = dict(self._selection_models())
        for job in self:
            job.model_name = names.get(job.res_model, job.res_model)

    # -- what is exported -------------------------------------------------------------------------

    def _target(self):
        """Return the empty recordset to export from, in the user's environment."""
        if self.res_model not in dict(self._selection_models()):
            raise UserError(self.env._("This data cannot be exported."))
        return self.env[self.res_model].with_context(active_test=self.active_test)

    def _search_domain(self):
        return Domain("id", "in", self.record_ids) if self.record_ids is not None and self.record_ids is not False \
            else Domain(self.domain or [])

    def _job_size(self):
        return self._target().search_count(self._search_domain())

    def _job_title(self):
        return self.env._("Export: %(title)s", title=self.name)

    def _columns(self):
        """Return the columns the user may export and the labels of those he may not."""
        model = self._target()
        wanted = [(line.name, line.header) for line in self.profile_id.export_fields]
        wanted = wanted or [(path, None) for path in model._export_default_paths()]
        columns, refused = [], []
        for path, header in wanted:
            try:
                columns.append(resolve(model, path, header))
            except ColumnRefused as refusal:
                refused.append(header or self._label_of(model, refusal.path))
        return columns, refused

    def _label_of(self, model, path):
        try:
            return resolve(model.sudo(), path).label  # a label, not a value
        except ColumnRefused:
            return path

    # -- the work ---------------------------------------------------------------------------------

    def _job_execute(self, progress):
        model = self._target()
        model.check_access("read")
        columns, _refused = self._columns()
        if not columns:
            raise UserError(self.env._("You may read none of the columns of this profile."))
        ids = model._search(self._search_domain()).get_result_ids()
        with private.scratch() as path:
            self._write_file(path, Reader(model, columns).rows(ids), columns, progress, len(ids))
            self._keep_file(path, len(ids))
        self._log_export(columns)
        progress.result(self.action_download())

    def _write_file(self, path, rows, columns, progress, total):
        progress.total = total
        subtitle = self.env._(
            "Exported on %(when)s by %(who)s, %(count)s rows",
            when=fields.Datetime.context_timestamp(self, fields.Datetime.now()).strftime("%Y-%m-%d %H:%M"),
            who=self.user_id.name, count=total)
        sink = SINKS[self.file_format](path, self.name, subtitle, [(column.label, column.kind) for column in columns])
        try:
            for row in rows:
                sink.append(row)
                progress.step()
        finally:
            sink.close()

    def _keep_file(self, path, count):
        with open(path, "rb") as stream:
            content = stream.read()
        stamp = fields.Date.context_today(self).strftime("%Y%m%d")
        title = re.sub(r'[\\/:*?"<>|\s]+', "_", self.name)
        # the file belongs to the export, whose record rule lets its owner alone read it
        attachment = self.env["ir.attachment"].sudo().create({
            "name": f"{title}_{stamp}.{self.file_format}",
            "datas": base64.b64encode(content), "res_model": self._name, "res_id": self.id,
        })
        self.sudo().write({"attachment_id": attachment.id, "row_count": count})  # result fields are the engine's

    def _log_export(self, columns):
        """Tell the audit port what left the house."""
        port = self.env.get("ctsp.audit.port")
        if port is not None:
            port._log(
                "export", None, model=self.res_model, rows=self.row_count, profile=self.profile_id.name or "",
                domain=str(self.record_ids or self._logged_domain()), file=self.attachment_id.name,
                personal=[column.path for column in columns if column.personal])

    def _logged_domain(self):
        """Return what was searched for; of personal data only that it was."""
        model = self.env[self.res_model]
        return [
            [part[0], part[1], "***"]
            if isinstance(part, (list, tuple)) and model._is_personal_path(str(part[0]).replace(".", "/")) else part
            for part in self.domain or []]

    # -- screen -----------------------------------------------------------------------------------

    def action_download(self):
        """Return the action that downloads the file; the route checks its owner again."""
        self.ensure_one()
        if self.user_id != self.env.user:
            raise AccessError(self.env._("Only the one who exported the file may download it."))
        return {"type": "ir.actions.act_url", "url": f"/ctsp/export/{self.id}", "target": "download"}

    @api.autovacuum
    def _gc_files(self):
        """Exported files are copies of data: they go after some days, the record of the export stays."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=KEEP_DAYS)
        self.search([("attachment_id", "!=", False), ("create_date", "<", limit)]).attachment_id.unlink()
